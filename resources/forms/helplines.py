"""What a curator fills in for a line to call or text."""

import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from resources import opening, phones
from resources.helplines import ELSEWHERE


class OpeningField(forms.CharField):
    """Hours, written as resources.opening reads them."""

    def prepare_value(self, value: Any) -> Any:
        return str(opening.from_json(value)) if isinstance(value, dict) else value

    def clean(self, value: Any) -> dict[str, Any]:
        try:
            return opening.parse(super().clean(value)).as_json()
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.clean(data) != (initial or {}))
        except ValidationError:
            return True


class HelplineForm(WagtailAdminModelForm):  # type: ignore[misc]  # Wagtail carries no types
    opening = OpeningField(
        required=False,
        label=gettext_lazy("Hours, for “open now”"),
        help_text=gettext_lazy(
            "“always”, or rows like “Mon-Thu 13:00-17:00; Fri 8:30-12:30”. Empty where nobody knows them exactly."
        ),
    )
    hours_tz = forms.ChoiceField(
        label=gettext_lazy("Time zone of the hours"),
        choices=lambda: [(name, name) for name in sorted(zoneinfo.available_timezones())],
    )
    confirmed = forms.BooleanField(
        required=False,
        label=gettext_lazy("I have compared every field with the source today"),
        help_text=gettext_lazy(
            "Readers then see that a person checked it. A later change that nobody confirms makes it unverified again."
        ),
    )

    @property
    def changed_facts(self) -> list[str]:
        # A list counts as changed for Django once it was written out for the form.
        changed = [name for name in self.changed_data if self.cleaned_data[name] != self.initial.get(name)]
        changed = [name for name in changed if name != "confirmed"]
        return [*changed, "channels"] if self.formsets["channels"].has_changed() else changed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        country = cleaned.get("country")
        if country and not self._good_ways(country.pk) and country.pk != ELSEWHERE:
            self.add_error(None, _("Add a way to reach this line."))
        return cleaned

    def _good_ways(self, country: str) -> int:
        """Says of each way what is wrong with it; how many there are."""
        ways = self.formsets["channels"]
        ways.is_valid()
        kept = [
            way for way in ways.forms if way not in ways.deleted_forms and way.has_changed() | bool(way.instance.pk)
        ]
        for way in kept:
            data = way.cleaned_data if way.is_valid() else {}
            if {"kind", "display", "dial"} <= data.keys() and (
                words := phones.problem(kind=data["kind"], display=data["display"], dial=data["dial"], country=country)
            ):
                way.add_error("dial", words)
        return len(kept)


class HelpCountryForm(WagtailAdminModelForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Lines and browsers know a country by it.
        self.fields["code"].disabled = bool(self.instance.pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not cleaned.get("emergency_dial") and cleaned.get("code") != ELSEWHERE:
            self.add_error("emergency_dial", _("Say what to dial in an emergency."))
        return cleaned
