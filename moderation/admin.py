from django.contrib import admin
from django.http import HttpRequest

from moderation.models import AuditEntry, Rule


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin[Rule]):
    """Decisions keep naming the guideline they rest on, so one is switched off, never deleted."""

    list_display = ["title", "position", "is_active"]
    list_editable = ["position", "is_active"]
    ordering = ["position", "id"]
    prepopulated_fields = {"slug": ["title"]}

    def has_delete_permission(self, request: HttpRequest, obj: Rule | None = None) -> bool:  # noqa: ARG002 - Django's
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin[AuditEntry]):
    """To read. The database refuses anything else."""

    list_display = ["at", "actor", "verb", "subject_kind", "subject_id"]
    list_select_related = ["actor"]
    list_filter = ["verb"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:  # noqa: ARG002
        return False
