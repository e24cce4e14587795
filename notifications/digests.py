"""What digests are made of. An app above registers what it can tell; this app knows only lines and addresses."""

import copy
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from members.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a digest.

    line: may name boards, titles and times: for members who chose contents in mails, and for the site. Not read for
        others, so that it may be lazy.
    plain: for all other mails; it names no board, no title and no person.
    url: where it leads, as a path.
    url_tells: the path itself names a board or a title, and so stands in no plain mail.
    about: what it tells of, such as ("thread", 7): a digest tells of each thing once, in the section that comes first.
    """

    line: "str | StrPromise"
    plain: str
    url: str
    url_tells: bool = False
    about: tuple[str, int] | None = None


# What there is for this reader since then, so many at most, the most important first: (reader, since, limit). The
# reader is somebody to whom folded content notes are hidden ones (`calm`).
Items = Callable[["Member", dt.datetime, int], Sequence[Item]]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the digest.

    items: see `Items`. It asks one query, or few, whatever there is.
    most: how many lines it has.
    rest: the name of the page where the others are.
    is_news: worth a mail by itself. The others come along when there is news.
    """

    key: str
    title: "str | StrPromise"
    order: int
    items: Items
    most: int = 5
    rest: str = ""
    is_news: bool = True


@dataclass(frozen=True, slots=True)
class Filled:
    """A section with what is in it now. `has_more`: there were more than it shows."""

    section: Section
    items: Sequence[Item]
    has_more: bool


_sections: dict[str, Section] = {}


def register(section: Section) -> Section:
    if section.key in _sections:
        raise ValueError(f"The section “{section.key}” of the digest is registered twice.")
    _sections[section.key] = section
    return section


def gather(member: "Member", since: dt.datetime) -> Sequence[Filled]:
    """What there is to tell `member` since then; nothing where there is no news.

    Three queries when all is full. More where gatherings and articles were not asked for lately, or news is of kinds
    without `untold`.
    """
    reader = calm(member)
    sections = sorted(_sections.values(), key=attrgetter("order", "key"))
    told: set[tuple[str, int]] = set()
    news = _fill([section for section in sections if section.is_news], reader, since, told)
    if not news:
        return []
    along = _fill([section for section in sections if not section.is_news], reader, since, told)
    return sorted([*news, *along], key=lambda filled: (filled.section.order, filled.section.key))


def _fill(
    sections: Iterable[Section], reader: "Member", since: dt.datetime, told: set[tuple[str, int]]
) -> list[Filled]:
    """`told`: what was told already, and then also what is told here."""
    filled = []
    for section in sections:
        found = section.items(reader, since, section.most + 1)
        new = [item for item in found if item.about is None or item.about not in told]
        told |= {item.about for item in new[: section.most] if item.about is not None}
        if new:
            filled.append(Filled(section, new[: section.most], has_more=len(new) > section.most))
    return filled


def calm(member: "Member") -> "Member":
    """`member` as one who hides what they fold: nobody opens a fold by looking into their mail. Never to be saved."""
    reader = copy.copy(member)
    reader.hidden_notes = [*member.hidden_notes, *member.folded_notes]
    reader.folded_notes = []
    return reader
