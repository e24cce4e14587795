from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from members.models import Member
from members.services import set_curator


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin[Member]):
    list_display = ["username", "is_active", "is_moderator", "is_curator", "is_peer_supporter", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_moderator", "is_curator", "is_peer_supporter", "is_staff"]
    search_fields = ["username"]
    fields = ["username", "is_active", "is_moderator", "is_curator", "is_peer_supporter", "is_staff", "is_superuser"]
    show_full_result_count = False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:  # noqa: ARG002 - Django's
        """Rows stay: whoever leaves loses name and address, and evidence keeps its shape."""
        return False

    def save_model(self, request: HttpRequest, obj: Member, form: ModelForm[Member], change: bool) -> None:  # noqa: FBT001 - Django's signature
        """The curators' pages ask for a group, which goes with the mark."""
        super().save_model(request, obj, form, change)
        set_curator(member=obj, is_curator=obj.is_curator)
