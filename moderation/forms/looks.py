"""What an administrator says before they are shown something that is nobody's business."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from moderation.access.looks import DOORS_OF_ADMINS
from moderation.models import Look
from moderation.models.looks import REASON_MAX
from moderation.services.doors import WITHHELD_AT_MOST


def _why(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class LookForm(FieldsForm):
    name = forms.CharField(
        label=_("Whom it is about"),
        help_text=_("The name they are known by, in full."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    door = forms.ChoiceField(
        label=_("What you need to see"),
        choices=[(door.value, door.label) for door in DOORS_OF_ADMINS],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why do you need to see it?"),
        help_text=_("It goes to the log with your name. The member can read it later, so name nobody else in it."),
        max_length=REASON_MAX,
        widget=_why(3),
        error_messages={"required": _("Without a reason nothing is shown. A sentence is enough.")},
    )
    withheld_until = forms.DateField(
        label=_("Not told before"),
        help_text=_("Only where the law forbids to tell them now, for a year at most. Otherwise leave it empty."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    withheld_because = forms.CharField(
        label=_("Which law or order says so?"),
        help_text=_("For the log. The member does not read this."),
        required=False,
        max_length=REASON_MAX,
        widget=_why(2),
    )

    def clean_door(self) -> Look.Door:
        return Look.Door(self.cleaned_data["door"])

    def clean_withheld_until(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["withheld_until"]
        today = timezone.localdate()
        if day and not today < day <= today + WITHHELD_AT_MOST:
            raise forms.ValidationError(_("Choose a day from tomorrow to a year ahead."), code="out_of_reach")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        until, because = cleaned.get("withheld_until"), cleaned.get("withheld_because")
        if until and not because:
            self.add_error("withheld_because", _("Members are told unless a law forbids it. Say which."))
        if because and not until and "withheld_until" not in self.errors:
            self.add_error("withheld_until", _("Say until when."))
        return cleaned
