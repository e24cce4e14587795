"""How news reaches a member."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clocks
from core.forms import FieldsForm
from members.models import Member
from notifications import access, kinds
from notifications.models import Channel, Rhythm, Wishes
from notifications.models.wishes import HOURS
from notifications.services.wishes import Plan

_KIND = "kind_"


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class WishesForm(FieldsForm):
    """A choice for each kind of news, and when and how mails come."""

    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=Rhythm.choices, widget=forms.RadioSelect)
    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("At what time"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(HOURS)]
    )
    digest_weekday = forms.TypedChoiceField(
        label=gettext_lazy("On which day, if once a week"), coerce=int, choices=list(WEEKDAYS.items())
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Times on the site are shown by this clock, too."),
        error_messages={
            "invalid_choice": gettext_lazy("This server does not know that time zone. Choose one of the list.")
        },
    )
    quiet_from = forms.TimeField(label=gettext_lazy("Quiet from"), required=False, widget=_clock())
    quiet_until = forms.TimeField(label=gettext_lazy("Quiet until"), required=False, widget=_clock())
    content_in_mail = forms.BooleanField(
        label=gettext_lazy("Say in mails where something happened, and what"), required=False
    )

    def __init__(self, member: Member, wishes: Wishes, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=_initial(member, wishes))
        self.fields["time_zone"].choices = _zones()  # type: ignore[attr-defined]  # a ChoiceField, see above
        self._kinds = kinds.offered_to(member)
        chosen = access.choices_of(member)
        for kind in self._kinds:
            self.fields[_KIND + kind.key] = forms.ChoiceField(
                label=kind.label,
                choices=[(one.value, one.label) for one in kind.choices()],
                initial=chosen[kind.key],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (start is None) != (end is None) and not {"quiet_from", "quiet_until"} & set(self.errors):
            missing = "quiet_from" if start is None else "quiet_until"
            self.add_error(missing, _("Quiet hours need a beginning and an end. Leave both empty for none."))
        elif start is not None and start == end:
            self.add_error("quiet_until", _("Quiet hours end at another time than they begin."))
        return cleaned

    @property
    def groups(self) -> Sequence[tuple[kinds.Topic, list[forms.BoundField]]]:
        """The choices by heading."""
        found = [(topic, [self[_KIND + kind.key] for kind in self._under(topic)]) for topic in kinds.Topic]
        return [(topic, fields) for topic, fields in found if fields]

    def _under(self, topic: kinds.Topic) -> Sequence[kinds.Kind]:
        """What usually goes farthest comes first."""
        order = list(Channel)
        found = [kind for kind in self._kinds if kind.heading is topic]
        return sorted(found, key=lambda kind: order.index(kind.default), reverse=True)

    @property
    def plan(self) -> Plan:
        """What a valid form asks for."""
        given = self.cleaned_data
        return Plan(
            channels={kind.key: Channel(given[_KIND + kind.key]) for kind in self._kinds},
            time_zone=given["time_zone"],
            quiet_from=given["quiet_from"],
            quiet_until=given["quiet_until"],
            rhythm=Rhythm(given["rhythm"]),
            digest_hour=given["digest_hour"],
            digest_weekday=given["digest_weekday"],
            content_in_mail=given["content_in_mail"],
        )


def _initial(member: Member, wishes: Wishes) -> dict[str, Any]:
    names = ("rhythm", "digest_hour", "digest_weekday", "quiet_from", "quiet_until", "content_in_mail")
    return {name: getattr(wishes, name) for name in names} | {"time_zone": member.time_zone}


def _zones() -> list[Any]:
    site = _("The site’s: %(zone)s") % {"zone": settings.TIME_ZONE.replace("_", " ")}
    regions = [
        (region or _("Others"), [(name, name.replace("_", " ")) for name in names]) for region, names in clocks.zones()
    ]
    return [("", site), *regions]


class AwayForm(FieldsForm):
    """Stepping back, with or without a day of return."""

    until = forms.DateField(
        label=gettext_lazy("Until, if you know it"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("It ends by itself at the beginning of that day."),
    )

    def __init__(self, member: Member, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._today = timezone.now().astimezone(access.zone_of(member)).date()

    def clean_until(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["until"]
        if day is not None and day <= self._today:
            raise forms.ValidationError(_("Choose a day after today, or none."))
        if day is not None and day.year > self._today.year + 10:
            raise forms.ValidationError(_("Choose a day within the next ten years, or none."))
        return day


class DigestForm(forms.Form):
    """A newcomer's answer to whether they want a digest."""

    rhythm = forms.ChoiceField(choices=Rhythm.choices)
