"""The crisis steps, and words between moderators and one member."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from moderation.models import Case, CrisisStep


class StepForm(FieldsForm):
    note = forms.CharField(
        label=_("What was done, for colleagues"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Whom you called, what was agreed, what to look at next time."),
    )
    step = forms.TypedChoiceField(
        choices=CrisisStep.Step.choices,
        coerce=lambda value: CrisisStep.Step(int(value)),
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose the step that was taken.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(FieldsForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class MessageForm(FieldsForm):
    text = forms.CharField(
        label=_("Your words to them"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("They read it on a page of their own, under help lines for their country. They can answer once."),
        error_messages={"required": _("There are no words yet. A few are enough.")},
    )
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(FieldsForm):
    text = forms.CharField(
        label=_("Your answer"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("Only moderators read it. You do not have to answer."),
        error_messages={"required": _("There are no words yet. One is enough.")},
    )


def crisis_forms(case: Case, *, note: Mapping[str, Any], text: Mapping[str, Any]) -> dict[str, forms.Form]:
    """For a case in which the steps are under way; `note` and `text` waited for the sign-in."""
    version = {"version": case.version}
    return {
        "step_form": StepForm(auto_id="step_%s", initial={**note, **version}),
        "message_form": MessageForm(auto_id="message_%s", initial={"submission": uuid4(), **text, **version}),
    }
