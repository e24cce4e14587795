"""Words to begin with: administrators keep them, whoever uses one changes it as needed."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.ordering import move_beside
from members.models import Member
from moderation.access.templates import TemplateChangedError, template_mark
from moderation.models import Template
from moderation.services import audit


def _check(actor: Member) -> None:
    if not (actor.is_staff or actor.is_superuser):
        raise PermissionDenied


@transaction.atomic
def add_template(*, actor: Member, purpose: Template.Purpose, title: str, text: str) -> Template:
    """A new one, last of its purpose."""
    _check(actor)
    before = Template.objects.filter(purpose=purpose).order_by("-position", "-id")
    last = before.values_list("position", flat=True).first()
    made = Template.objects.create(purpose=purpose, title=title, text=text, position=0 if last is None else last + 1)
    audit.record(actor=actor, verb="template-add", template=made.pk, purpose=purpose, title=title, text=text)
    return made


@transaction.atomic
def change_template(*, actor: Member, template: Template, mark: str, title: str, text: str, is_active: bool) -> bool:
    """Change its words, or whether it is in use. Says whether anything changed. Locks it.

    Raises:
        TemplateChangedError: `mark` is not that of the wording that stands.
    """
    _check(actor)
    locked = Template.objects.select_for_update().get(pk=template.pk)
    if template_mark(locked) != mark:
        raise TemplateChangedError
    if (locked.title, locked.text, locked.is_active) == (title, text, is_active):
        return False
    locked.title, locked.text, locked.is_active = title, text, is_active
    locked.save(update_fields=["title", "text", "is_active"])
    audit.record(actor=actor, verb="template-change", template=locked.pk, title=title, text=text, is_active=is_active)
    return True


@transaction.atomic
def move_template(*, actor: Member, template: Template, beside: Template, before: bool) -> bool:
    """Put it just before or after `beside`. Says whether it stands elsewhere now. Locks those of its purpose."""
    _check(actor)
    rows = Template.objects.filter(purpose=template.purpose, is_active=True)
    order = move_beside(rows, moved=template, beside=beside, before=before)
    if not order:
        return False
    audit.record(actor=actor, verb="template-move", template=template.pk, order=[each.pk for each in order])
    return True
