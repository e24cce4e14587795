"""What curators keep of lines to call or text."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch

from resources import helplines, opening
from resources.helplines import ELSEWHERE, Countries
from resources.models import HelpCountry, HelpFailure, Helpline, HelplineChannel


def lines_kept() -> Sequence[Helpline]:
    """All of them, also those that are not shown, as readers would come upon them; `.ways` are their channels in order.

    Three queries.
    """
    ways = Prefetch("channels", HelplineChannel.objects.order_by("position", "id"), to_attr="ways")
    lines = Helpline.objects.select_related("country", "verified_by").prefetch_related(ways)
    return sorted(lines.order_by("country__name", "position", "pk"), key=lambda line: str(line.country_id) == ELSEWHERE)


def listed() -> Any:
    """For the curators' list, as a query that it narrows and sorts."""
    return Helpline.objects.select_related("country")


def countries_kept() -> Countries:
    """What readers are to see, by code, in the order of names. Four queries.

    What the site comes with where nobody has loaded anything: an empty table must not empty the page.
    """
    countries = sorted(HelpCountry.objects.order_by("name", "pk"), key=lambda country: country.code == ELSEWHERE)
    if not countries:
        return helplines.shipped()
    shown: dict[str, list[helplines.Helpline]] = {country.code: [] for country in countries}
    for line in lines_kept():
        if line.is_shown:
            shown[str(line.country_id)].append(as_shown(line))
    return {
        country.code: helplines.Country(
            code=country.code,
            name=country.name,
            emergency_display=country.emergency_display,
            emergency_dial=country.emergency_dial,
            emergency_note=country.emergency_note,
            helplines=tuple(shown[country.code]),
        )
        for country in countries
    }


def as_shown(line: Helpline) -> helplines.Helpline:
    """The row as readers see it. Needs `.ways`, as `lines_kept` brings them."""
    return helplines.Helpline(
        name=line.name,
        who_for=line.who_for,
        hours=line.hours,
        hours_tz=line.hours_tz,
        languages=tuple(line.languages),
        cost=line.cost,
        source=line.source,
        channels=tuple(
            helplines.Channel(kind=way.kind, display=way.display, dial=way.dial, body=way.body) for way in line.ways
        ),
        verified_on=line.verified_on,
        review_by=line.review_by,
        opening=opening.from_json(line.opening),
    )


def failing() -> HelpFailure | None:
    """Why the page that always answers cannot be made anew just now. One query."""
    return HelpFailure.objects.filter(mended_at=None).first()
