"""Lines as a table that a curator fills in with a spreadsheet: one row a line."""

import csv
import datetime as dt
import io
import re
import zoneinfo
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from resources import opening, phones
from resources.helplines import ELSEWHERE, Channel
from resources.models import Helpline, HelplineChannel

COLUMNS = (
    "country", "position", "name", "who_for", "hours", "opening", "hours_tz", "languages", "cost", "source",
    "review_by", "is_shown",
)  # fmt: skip
# Written, and not read again: only a person who compares a line with its source confirms it.
TOLD = ("verified_on", "verified_by")
# A table without one of these leaves it as it is.
_MAY_LACK = ("position", "review_by", "is_shown")
# A spreadsheet would reckon with such a cell, or run what stands in it. It shows one that begins with ' as it is.
_RECKONED = re.compile(r"[=+\-@\t\r]")
WAY = ("kind", "display", "dial", "body")
WAYS_WRITTEN, WAYS_READ = 4, 10
_YES, _NO = ("yes", "true", "1", ""), ("no", "false", "0")


@dataclass(frozen=True)
class RowError:
    """`row` as a spreadsheet numbers it: the heading is 1. `column` is "" where it is about the whole row."""

    row: int
    column: str
    words: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.words}" if self.column else f"row {self.row}: {self.words}"


@dataclass
class Wanted:
    """One row, understood."""

    row: int
    country: str
    fields: dict[str, Any]
    ways: tuple[Channel, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.country, self.fields["name"]


@dataclass
class Table:
    lines: list[Wanted] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def write(lines: Iterable[Helpline]) -> str:
    """The table of `lines`, which have `.ways`."""
    out = io.StringIO()
    kept = list(lines)
    ways = max([WAYS_WRITTEN, *(len(line.ways) for line in kept)])
    numbered = [f"channel_{number}_{part}" for number in range(1, ways + 1) for part in WAY]
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([*COLUMNS, *TOLD, *numbered])
    for line in kept:
        told = [line.verified_on or "", line.verified_by.shown_name if line.verified_by else ""]
        channels = [getattr(way, part) for way in line.ways for part in WAY]
        rows.writerow([_as_words(cell) for cell in (*_cells(line), *told, *channels)])
    return out.getvalue()


def read(text: str, *, countries: Collection[str]) -> Table:
    """What the table says, and everything that is wrong with it. `countries` are the codes that there are."""
    table = Table()
    text = text.removeprefix("\ufeff")
    heading = text.partition("\n")[0]
    rows = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if heading.count(";") > heading.count(",") else ","
    )
    try:
        if wrong := _wrong_with_heading(rows.fieldnames or ()):
            table.errors.append(RowError(1, "", wrong))
        else:
            _read_rows(rows, countries, table)
    except csv.Error as error:
        words = _("From here on it cannot be read as a table (%(error)s).") % {"error": error}
        table.errors.append(RowError(rows.line_num + 1, "", words))
    return table


def _wrong_with_heading(names: Sequence[str]) -> str:
    for name in COLUMNS:
        if name not in names and name not in _MAY_LACK:
            return _("There is no column “%(name)s”.") % {"name": name}
    for name in names:
        if name and names.count(name) > 1:
            return _("There are two columns “%(name)s”.") % {"name": name}
    return ""


def _read_rows(rows: "csv.DictReader[str]", countries: Collection[str], table: Table) -> None:
    seen: dict[tuple[str, str], int] = {}
    for cells in rows:
        if any(cells.pop(None, ())):  # where it puts what has no heading
            words = _("There are more cells than the heading names. Does one of them hold a comma without quotes?")
            table.errors.append(RowError(rows.line_num, "", words))
            continue
        _read_row(rows.line_num, {key: _read_cell(value) for key, value in cells.items() if key}, countries, table)
        if table.lines and (first := seen.setdefault(table.lines[-1].key, table.lines[-1].row)) != table.lines[-1].row:
            words = _("This line is in row %(row)s already.") % {"row": first}
            table.errors.append(RowError(table.lines[-1].row, "name", words))


def _as_words(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _RECKONED.match(cell) else cell


def _read_cell(value: str | None) -> str:
    value = (value or "").strip()
    return value[1:] if value.startswith("'") and _RECKONED.match(value[1:]) else value


def _cells(line: Helpline) -> list[object]:
    return [
        line.country_id,
        line.position,
        line.name,
        line.who_for,
        line.hours,
        str(opening.from_json(line.opening)),
        line.hours_tz,
        "; ".join(line.languages),
        line.cost,
        line.source,
        line.review_by or "",
        "yes" if line.is_shown else "no",
    ]


def _read_row(row: int, cells: Mapping[str, str], countries: Collection[str], table: Table) -> None:
    if not any(cells.values()):
        return
    errors: list[RowError] = []

    def wrong(column: str, words: str) -> None:
        errors.append(RowError(row, column, words))

    country = cells["country"].upper()
    if country not in countries:
        wrong("country", _("“%(code)s” is no country here. A curator adds it first.") % {"code": country})
    fields = _fields(cells, wrong)
    ways = _ways(cells, country if country in countries else "", wrong)
    if not ways and country != ELSEWHERE and not any(each.column.startswith("channel") for each in errors):
        wrong("channel_1_kind", _("There is no way to reach it."))
    try:
        Helpline(**fields).clean_fields(exclude=["country"])
    except ValidationError as error:
        reported = {each.column for each in errors}
        for column, messages in error.message_dict.items():
            if column not in reported:
                wrong(column, " ".join(messages))
    table.errors.extend(errors)
    if not errors:
        table.lines.append(Wanted(row, country, fields, ways))


def _fields(cells: Mapping[str, str], wrong: Any) -> dict[str, Any]:
    def understood(column: str, how: Any, otherwise: Any) -> Any:
        try:
            return how(cells.get(column, ""))
        except ValueError as error:
            wrong(column, str(error))
            return otherwise

    words = {name: cells.get(name, "") for name in ("name", "who_for", "hours", "cost", "source")}
    fields = words | {
        "position": understood("position", _number, 0),
        "opening": understood("opening", opening.parse, opening.Opening()).as_json(),
        "hours_tz": understood("hours_tz", known_zone, "UTC"),
        "languages": [name.strip() for name in cells.get("languages", "").split(";") if name.strip()],
        "review_by": understood("review_by", _day, None),
        "is_shown": understood("is_shown", _yes_or_no, True),  # noqa: FBT003 - what it is otherwise
    }
    return {name: value for name, value in fields.items() if name in cells or name not in _MAY_LACK}


def _ways(cells: Mapping[str, str], country: str, wrong: Any) -> tuple[Channel, ...]:
    found = []
    for number in range(1, WAYS_READ + 1):
        kind, display, dial, body = (cells.get(f"channel_{number}_{part}", "") for part in WAY)
        if not (kind or display or dial or body):
            continue
        if kind not in HelplineChannel.Kind.values:
            wrong(f"channel_{number}_kind", _("“%(kind)s” is none of: call, text, chat.") % {"kind": kind})
        elif not display:
            wrong(f"channel_{number}_display", _("Say how readers see it."))
        elif country and (words := phones.problem(kind=kind, display=display, dial=dial, country=country)):
            wrong(f"channel_{number}_dial", words)
        else:
            found.append(Channel(kind=kind, display=display, dial=dial, body=body))  # type: ignore[arg-type]  # looked at above
    return tuple(found)


def known_zone(name: str) -> str:
    """`name`, which is a time zone.

    Raises:
        ValueError: it is none.
    """
    if name not in zoneinfo.available_timezones():
        raise ValueError(_("“%(name)s” is no time zone. They are written like Europe/London.") % {"name": name})
    return name


def _number(text: str) -> int:
    if not text.isdecimal() and text:
        raise ValueError(_("“%(text)s” is no number.") % {"text": text})
    return int(text or 0)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(_("“%(text)s” is no day. Days are written like 2027-05-01.") % {"text": text}) from None


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _YES + _NO:
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text})
    return text.lower() in _YES


def changes(line: Helpline, wanted: Wanted) -> Sequence[str]:
    """The columns in which `line`, which has `.ways`, is not what the table wants."""
    found = [name for name, value in wanted.fields.items() if getattr(line, name) != value]
    ways = tuple(Channel(kind=way.kind, display=way.display, dial=way.dial, body=way.body) for way in line.ways)
    return found if ways == wanted.ways else [*found, "channels"]
