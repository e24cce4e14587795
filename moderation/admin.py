"""The log has its own page, which keeps who read it: it is not here. Who gives which role is kept as well."""

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from members.admin import MemberAdmin
from members.models import Member
from moderation.services import audit

ROLES = ("is_moderator", "is_curator", "is_peer_supporter", "is_staff", "is_superuser")
# Only who may do everything decides who else administers.
_OF_SUPERUSERS = ("is_staff", "is_superuser")

admin.site.unregister(Member)


@admin.register(Member)
class AuditedMemberAdmin(MemberAdmin):
    """Nobody is shut out here: a suspension is a decision, with its reasons and a way to ask again. And nothing private
    is shown: for that there is a door that asks for a reason (moderation.services.doors)."""

    def get_readonly_fields(self, request: HttpRequest, obj: Member | None = None) -> list[str]:  # noqa: ARG002 - Django's
        """Nobody makes themselves more than they are, and names are their owners'."""
        is_superuser = isinstance(request.user, Member) and request.user.is_superuser
        return ["username", "is_active", *([] if is_superuser else _OF_SUPERUSERS)]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - Django's
        """Whoever comes agrees to what the site holds (sign-up)."""
        return False

    def save_model(self, request: HttpRequest, obj: Member, form: ModelForm[Member], change: bool) -> None:  # noqa: FBT001 - Django's signature
        super().save_model(request, obj, form, change)
        roles = {name: getattr(obj, name) for name in ROLES if name in form.changed_data}
        if roles and isinstance(request.user, Member):
            audit.record(actor=request.user, verb="change-roles", member=obj.pk, **roles)
