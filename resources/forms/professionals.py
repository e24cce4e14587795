"""The registrations that administrators check."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import text
from core.forms import FieldsForm

# A registration is looked up at least every two years.
LONGEST = dt.timedelta(days=2 * 366)
USUAL = dt.timedelta(days=365)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProfessionalForm(FieldsForm):
    """`is_new`: whose registration it is can be chosen once."""

    name = forms.CharField(
        label=_("Member"),
        help_text=_("The name that they have here."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Say who it is.")},
    )
    field = forms.CharField(
        label=_("Field, as everybody reads it"),
        help_text=_("Such as: clinical psychologist, general practitioner, psychiatric nurse."),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Say in which field they work.")},
    )
    register = forms.CharField(
        label=_("Register, as everybody reads it"),
        help_text=_("Where their registration can be looked up."),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Say which register it is in.")},
    )
    registration_number = forms.CharField(
        label=_("Number in the register"),
        help_text=_("Only administrators see it. It is not written to the log."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("The number is what you looked up.")},
    )
    checked_on = forms.DateField(label=_("Looked up on"), widget=_day())
    check_again_by = forms.DateField(
        label=_("Look it up again by"),
        help_text=_("After that day the badge ends by itself. At most two years ahead."),
        widget=_day(),
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        today = timezone.localdate()
        usual = {"checked_on": today, "check_again_by": today + USUAL}
        kwargs["initial"] = usual | dict(kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["name"]

    def _tidy(self, name: str) -> str:
        words = text.normalise(self.cleaned_data[name]).replace("\n", " ")
        if not words:
            raise forms.ValidationError(self.fields[name].error_messages["required"], code="required")
        return words

    def clean_field(self) -> str:
        return self._tidy("field")

    def clean_register(self) -> str:
        return self._tidy("register")

    def clean_registration_number(self) -> str:
        return self._tidy("registration_number")

    def clean_checked_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."), code="future")
        return day

    def clean_check_again_by(self) -> dt.date:
        day: dt.date = self.cleaned_data["check_again_by"]
        today = timezone.localdate()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today to two years ahead."), code="out_of_reach")
        return day

    @property
    def values(self) -> dict[str, Any]:
        """What is kept of it, once it is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name != "name"}


class EndForm(FieldsForm):
    prefix = "end"
    reason = forms.CharField(
        label=_("Reason, for the log"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"required": _("Say in a sentence why, for colleagues who look later.")},
    )
