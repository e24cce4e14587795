"""Searching the log."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import clocks
from core.forms import FieldsForm
from moderation.access.record import LogSearch


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LogForm(FieldsForm):
    actor = forms.CharField(label=_("Done by"), required=False, max_length=30, help_text=_("A name, in full."))
    verb = forms.CharField(label=_("What"), required=False, max_length=40, help_text=_("The beginning: “decide”."))
    words = forms.CharField(label=_("Words in it"), required=False, max_length=100)
    case = forms.IntegerField(label=_("Case number"), required=False, min_value=1)
    since = forms.DateField(label=_("From"), required=False, widget=_day())
    until = forms.DateField(label=_("To and including"), required=False, widget=_day())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day."))
        return cleaned

    @property
    def search(self) -> LogSearch:
        """What a valid form asks for; days are those of the site's time zone."""
        asked = self.cleaned_data
        until = asked["until"] + dt.timedelta(days=1) if asked["until"] else None
        return LogSearch(
            actor=asked["actor"],
            verb=asked["verb"],
            words=asked["words"],
            case=asked["case"],
            since=_instant(asked["since"]),
            until=_instant(until),
        )


def _instant(day: dt.date | None) -> dt.datetime | None:
    zone = timezone.get_default_timezone()
    return clocks.instant(day, dt.time.min, zone) if day else None
