"""Asking for another look, judging that, and ending a limit early."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from moderation.forms.deciding import OptionFields
from moderation.models import Appeal
from moderation.services.appeals import Ruling


class AppealForm(FieldsForm):
    text = forms.CharField(
        label=_("What you want somebody else to know"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=_("Say how you see it, in your own words. A few sentences are enough."),
        error_messages={"required": _("Write a sentence or two, so that somebody can look again.")},
    )


class LiftForm(FieldsForm):
    reason = forms.CharField(
        label=_("Why it ends early, as the member reads it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("The member reads this. A sentence is enough.")},
    )


class JudgeForm(OptionFields):
    """What comes of an appeal. The fields of a decision count only where another one takes its place."""

    outcome = forms.ChoiceField(
        label=_("What comes of it"),
        choices=[
            (Appeal.State.UPHELD, _("The decision stands")),
            (Appeal.State.CHANGED, _("Something else is decided instead")),
            (Appeal.State.WITHDRAWN, _("The decision is taken back")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    answer = forms.CharField(
        label=_("Your answer to the member"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        help_text=_("Say what you looked at, and why you decide so."),
        error_messages={"required": _("The member reads this. Say in a sentence or two why.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].label = _("Instead")
        self.fields["sanction"].help_text = _("None, or one that is no more than the first.")
        if len(kwargs["limits"]) == 1:
            del self.fields["sanction"]
        if not self.changes:
            self.fields["action"].required = False

    @property
    def changes(self) -> bool:
        return self.is_bound and self.data.get("outcome") == Appeal.State.CHANGED

    def clean(self) -> dict[str, Any]:
        if self.changes:
            return super().clean()
        # What was chosen for another outcome is not used.
        for name in list(self.errors):
            if name not in ("outcome", "answer"):
                del self.errors[name]
        return self.cleaned_data

    @property
    def ruling(self) -> Ruling | None:
        return Ruling(**self.decided) if self.changes else None
