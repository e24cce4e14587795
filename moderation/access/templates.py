"""Words to begin with, as administrators keep them."""

import hashlib
import json
from collections.abc import Sequence

from django.http import Http404

from moderation.models import Template


class TemplateChangedError(Exception):
    """Somebody else changed the template meanwhile."""


def templates_for(purpose: Template.Purpose) -> Sequence[Template]:
    """Those in use, in their order. One query."""
    return list(Template.objects.filter(purpose=purpose, is_active=True).order_by("position", "id"))


def all_templates() -> Sequence[Template]:
    """For administrators, by purpose, retired ones last. One query."""
    return list(Template.objects.order_by("purpose", "-is_active", "position", "id"))


def get_template(pk: int) -> Template:
    """Raises Http404."""
    template = Template.objects.filter(pk=pk).first()
    if template is None:
        raise Http404
    return template


def find_template(pk: int | None, purpose: Template.Purpose) -> Template | None:
    """One in use, that somebody chose on a page which may be older than the list."""
    return Template.objects.filter(pk=pk or 0, purpose=purpose, is_active=True).first()


def template_mark(template: Template) -> str:
    """A mark of exactly this wording, so that a form shows whether it is still what it was filled with."""
    values = [template.purpose, template.title, template.text, template.is_active]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]
