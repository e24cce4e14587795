"""Lines to call or text, for pages that answer without database, cache or session.

What curators keep is written to a file whenever it changes (resources.help_pages), and read from there; where nothing
was written yet, from the file that the site comes with.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from django.utils.html import format_html
from django.utils.safestring import SafeString

from resources import opening
from resources.opening import UNKNOWN, Opening

FILE = Path(__file__).resolve().parent / "starter" / "helplines.toml"
SHOWN_FIRST = 3
ELSEWHERE = "XX"


@dataclass(frozen=True)
class Channel:
    """One way to reach a line. `display` is read, `dial` is dialled: a short code stays a short code."""

    kind: Literal["call", "text", "chat"]
    display: str
    dial: str
    body: str = ""

    @property
    def href(self) -> str:
        if self.kind == "call":
            return f"tel:{quote(self.dial, safe='+*')}"
        if self.kind == "text":
            return f"sms:{quote(self.dial, safe='+*')}" + (f"?&body={quote(self.body)}" if self.body else "")
        return self.dial


@dataclass(frozen=True)
class Helpline:
    name: str
    who_for: str
    hours: str
    hours_tz: str
    languages: tuple[str, ...]
    cost: str
    source: str
    channels: tuple[Channel, ...]
    verified_on: dt.date | None
    review_by: dt.date | None
    opening: Opening = UNKNOWN

    @property
    def verified(self) -> bool:
        """Whether a person confirmed it and the confirmation is not out of date."""
        return self.verified_on is not None and (self.review_by is None or self.review_by >= today())

    @property
    def overdue(self) -> bool:
        """Whether a person confirmed it, and that was too long ago."""
        return self.verified_on is not None and not self.verified

    @property
    def open_now(self) -> str:
        """Whether it is open, in words; "" where only the words about its hours are known."""
        return opening.in_words(self.opening, self.hours_tz)

    @property
    def open_mark(self) -> SafeString:
        """What stands for `open_now` in a page that is made ahead: nothing, for whoever opens that page as it is."""
        return format_html("<!--open {}|{}-->", self.hours_tz, str(self.opening))

    @property
    def source_host(self) -> str:
        return (urlsplit(self.source).hostname or "").removeprefix("www.")


@dataclass(frozen=True)
class Country:
    code: str
    name: str
    emergency_display: str
    emergency_dial: str
    emergency_note: str
    helplines: tuple[Helpline, ...]

    @property
    def first(self) -> tuple[Helpline, ...]:
        return self.helplines[:SHOWN_FIRST]

    @property
    def more(self) -> tuple[Helpline, ...]:
        return self.helplines[SHOWN_FIRST:]


Countries = Mapping[str, Country]


def countries() -> Countries:
    """All countries by code, in the order of their list; those that readers find. No query."""
    from resources import help_pages

    kept = help_pages.kept()
    return kept.countries if kept else shipped()


@cache
def shipped() -> Countries:
    """Those that the site comes with. Read once a process."""
    return from_rows(tomllib.loads(FILE.read_text(encoding="utf-8"))["country"])


def from_rows(rows: list[dict[str, Any]]) -> Countries:
    return {row["code"]: _country(row) for row in rows}


def as_rows(countries: Countries) -> list[dict[str, Any]]:
    """As `from_rows` reads them, of nothing but what JSON knows."""
    return [_country_row(country) for country in countries.values()]


def today() -> dt.date:
    """In UTC, which is never ahead of what a signature means by more than a night."""
    return dt.datetime.now(dt.UTC).date()


def _country(row: dict[str, Any]) -> Country:
    return Country(
        code=row["code"],
        name=row["name"],
        emergency_display=row["emergency_display"],
        emergency_dial=row["emergency_dial"],
        emergency_note=row["emergency_note"],
        helplines=tuple(_helpline(line) for line in row.get("helpline", ())),
    )


def _helpline(line: dict[str, Any]) -> Helpline:
    return Helpline(
        name=line["name"],
        who_for=line["who_for"],
        hours=line["hours"],
        hours_tz=line["hours_tz"],
        languages=tuple(line["languages"]),
        cost=line["cost"],
        source=line["source"],
        channels=tuple(Channel(**channel) for channel in line["channel"]),
        verified_on=_date(line["verified_on"]),
        review_by=_date(line["review_by"]),
        opening=opening.parse(line.get("opening", "")),
    )


def _country_row(country: Country) -> dict[str, Any]:
    return {
        "code": country.code,
        "name": country.name,
        "emergency_display": country.emergency_display,
        "emergency_dial": country.emergency_dial,
        "emergency_note": country.emergency_note,
        "helpline": [_helpline_row(line) for line in country.helplines],
    }


def _helpline_row(line: Helpline) -> dict[str, Any]:
    return {
        "name": line.name,
        "who_for": line.who_for,
        "hours": line.hours,
        "hours_tz": line.hours_tz,
        "opening": str(line.opening),
        "languages": list(line.languages),
        "cost": line.cost,
        "source": line.source,
        "channel": [
            {"kind": way.kind, "display": way.display, "dial": way.dial, "body": way.body} for way in line.channels
        ],
        "verified_on": line.verified_on.isoformat() if line.verified_on else "",
        "review_by": line.review_by.isoformat() if line.review_by else "",
    }


def _date(value: str) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
