"""Leaving."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from members.models import Leaving


class LeaveForm(FieldsForm):
    """In which way, and that it is meant."""

    way = forms.ChoiceField(
        label=_("What becomes of your words"),
        choices=Leaving.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three ways.")},
    )
    sure = forms.BooleanField(
        label=_("I have read what happens, and I want to leave."),
        error_messages={"required": _("Tick this if you want to leave. Nothing was changed yet.")},
    )
