"""Lines to call or text, from a file: the page that shows them answers without database, cache or session."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

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
            return f"tel:{self.dial}"
        if self.kind == "text":
            return f"sms:{self.dial}" + (f"?&body={quote(self.body)}" if self.body else "")
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

    @property
    def verified(self) -> bool:
        """Whether a person confirmed it and the confirmation is not out of date."""
        return self.verified_on is not None and (
            self.review_by is None or self.review_by >= dt.datetime.now(dt.UTC).date()
        )


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


@cache
def countries() -> Mapping[str, Country]:
    """All countries by code, in the file's order. Read once a process."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {row["code"]: _country(row) for row in data["country"]}


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
    )


def _date(value: str) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
