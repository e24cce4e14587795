"""What newcomers may choose on their way in. Each of it can be found again among the settings."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from members.models import Member
from notifications.forms import WishesForm
from notifications.models import Wishes
from notifications.services.wishes import Plan
from resources.helplines import Country, countries


class CountryForm(FieldsForm):
    """Whose help lines come first."""

    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, chosen: Country | None, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"country": chosen.code if chosen else ""})
        named = [(country.code, country.name) for country in countries().values()]
        self.fields["country"].choices = [("", _("I would rather not say")), *named]  # type: ignore[attr-defined]  # a ChoiceField


class QuietForm(WishesForm):
    """Of all that can be chosen about news, when it may come."""

    KEPT = ("rhythm", "time_zone", "quiet_from", "quiet_until")

    def __init__(self, member: Member, wishes: Wishes, data: QueryDict | None = None) -> None:
        super().__init__(member, wishes, data)
        self._wishes = wishes
        for name in [name for name in self.fields if name not in self.KEPT]:
            del self.fields[name]

    @property
    def plan(self) -> Plan:
        """What a valid form asks for; the rest stays as it was."""
        given: dict[str, Any] = {name: self.cleaned_data[name] for name in self.KEPT}
        kept = {name: getattr(self._wishes, name) for name in ("digest_hour", "digest_weekday", "content_in_mail")}
        return Plan(channels={}, **given, **kept)
