"""Gatherings: when the next one opens, which is due, and what keeps one from opening."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

import moderation.access
from core.clocks import Occasion, WeeklyClock, zone_label
from core.loaded import loaded
from core.pagination import Page, keyset_page
from forums.asked import found
from forums.models import Board, Gathering, Occurrence, Thread, Viewer
from members.models import Block, Member

GATHERINGS_A_PAGE = 30
# More of them than anybody plans; it bounds the work of a page.
_CONSIDERED = 100
GATHERING_FIELDS = (
    "board", "title", "body", "support_type", "weekdays", "opens_at", "time_zone", "closes_after_hours", "host",
)  # fmt: skip
# A change of one of these is a new plan, which begins with the next time that it names.
CLOCK_FIELDS = ("weekdays", "opens_at", "time_zone", "closes_after_hours")


def clock_of(gathering: Gathering) -> WeeklyClock | None:
    """None when this machine does not know the time zone any more."""
    try:
        zone = ZoneInfo(gathering.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return WeeklyClock(frozenset(gathering.weekdays), gathering.opens_at, zone)


def closing_time(gathering: Gathering, occasion: Occasion) -> dt.datetime:
    return occasion.at + dt.timedelta(hours=gathering.closes_after_hours)


def gathering_closes_at(thread: Thread) -> dt.datetime | None:
    """When a gathering's thread closes; None for every other thread. No query where it was loaded with the thread."""
    if not thread.no_reply_needed:
        return None
    try:
        return thread.occurrence.closes_at
    except Occurrence.DoesNotExist:
        return None


# --- what is due


def active_gatherings() -> Sequence[tuple[Gathering, dt.date | None]]:
    """Each with its board, its host and the day that it last opened for. One query."""
    found = _with_last_day(Gathering.objects.filter(is_active=True))
    return [(gathering, gathering.opened_for) for gathering in found]


def lock_gathering(pk: int) -> tuple[Gathering, dt.date | None]:
    """The same for one, locked until the transaction ends. Two queries."""
    gathering = (
        Gathering.objects.select_for_update(of=("self",), no_key=True).select_related("board", "host").get(pk=pk)
    )
    # Asked after the lock is there, or another's opening would not be seen.
    return gathering, last_opened_day(gathering)


def last_opened_day(gathering: Gathering) -> dt.date | None:
    """The day that it last opened for. One query."""
    occurrences = Occurrence.objects.filter(gathering=gathering).order_by("-day", "-id")
    return occurrences.values_list("day", flat=True).first()


def _with_last_day(gatherings: QuerySet[Gathering]) -> QuerySet[Any, Any]:
    """With `opened_for`, the day that each last opened for."""
    days = Occurrence.objects.filter(gathering=OuterRef("pk")).order_by("-day", "-id").values("day")
    return gatherings.select_related("board", "host").annotate(opened_for=Subquery(days[:1])).order_by("id")


def occasion_due(gathering: Gathering, opened_for: dt.date | None, now: dt.datetime) -> Occasion | None:
    """The time that `gathering` opens for now. None when that day has been opened, lies before the plan began, or
    would be over already: after an outage nothing old is brought up."""
    clock = clock_of(gathering)
    occasion = clock.latest(now) if clock and gathering.is_active else None
    if occasion is None or occasion.day < _first_day(gathering, opened_for):
        return None
    return occasion if closing_time(gathering, occasion) > now else None


def _first_day(gathering: Gathering, opened_for: dt.date | None) -> dt.date:
    return max(gathering.starts_on, opened_for + dt.timedelta(days=1)) if opened_for else gathering.starts_on


def gathering_problem(gathering: Gathering) -> str:
    """What keeps it from opening, as a sentence for administrators; empty when nothing does. No query."""
    if clock_of(gathering) is None:
        return _("This server does not know its time zone any more. Choose another one.")
    host = gathering.host
    if not host.is_active:
        return _("Its host has left. Choose somebody else to host it.")
    if not (host.is_moderator or host.is_staff):
        return _("Its host is no longer a moderator or administrator. Choose somebody else to host it.")
    if gathering.board.is_archived:
        return _("Its board is archived. Choose another board, or pause the gathering.")
    return ""


def gathering_problems(gatherings: Sequence[Gathering]) -> dict[int, str]:
    """The same for those of one page, and whether the host may post at all. One query."""
    silenced = moderation.access.silenced_among({gathering.host_id for gathering in gatherings})
    kept_away = _("Its host cannot post at the moment. Choose somebody else to host it.")
    return {
        gathering.pk: gathering_problem(gathering) or (kept_away if gathering.host_id in silenced else "")
        for gathering in gatherings
    }


# --- what comes


def next_openings(
    gathering: Gathering, opened_for: dt.date | None, *, count: int = 3, now: dt.datetime | None = None
) -> Sequence[Occasion]:
    """The next times in order; none while it is paused or its zone is not known. No query."""
    clock = clock_of(gathering)
    if clock is None or not gathering.is_active:
        return []
    first_day = _first_day(gathering, opened_for)
    return list(islice(clock.upcoming(now or timezone.now(), first_day=first_day), count))


def opening_in_words(gathering: Gathering, occasion: Occasion) -> str:
    """The time as the clock of the gathering's own zone shows it: nobody's zone is known but that one."""
    local = occasion.at.astimezone(ZoneInfo(gathering.time_zone))
    return _("%(when)s, %(zone)s time") % {
        "when": date_format(local, "l j F, H:i"),
        "zone": zone_label(gathering.time_zone),
    }


def openings_in_words(gathering: Gathering, opened_for: dt.date | None, *, count: int = 3) -> Sequence[str]:
    """The next times in order; none while it is paused or its zone is not known. No query."""
    return [opening_in_words(gathering, occasion) for occasion in next_openings(gathering, opened_for, count=count)]


@dataclass(frozen=True)
class Coming:
    """A gathering as members see it: open now, with the thread's address, or with the time when it opens."""

    title: str
    board_title: str
    board_url: str
    opens: str
    opens_at: dt.datetime | None
    url: str


def next_gatherings(viewer: Viewer, *, limit: int = 3, board: Board | None = None) -> Sequence[Coming]:
    """What is open now, then what opens next, among the boards that `viewer` may open. One query."""
    now = timezone.now()
    coming = []
    for gathering, opened_for, url in _with_open_thread(viewer, board):
        occasion = next(iter(next_openings(gathering, opened_for, count=1, now=now)), None)
        if url or occasion:
            coming.append((occasion.at if occasion and not url else now, _coming(gathering, occasion, url)))
    return [one for _at, one in sorted(coming, key=lambda pair: pair[0])[:limit]]


def _coming(gathering: Gathering, occasion: Occasion | None, url: str) -> Coming:
    return Coming(
        title=gathering.title,
        board_title=gathering.board.title,
        board_url=gathering.board.get_absolute_url(),
        opens=opening_in_words(gathering, occasion) if occasion else "",
        opens_at=occasion.at if occasion else None,
        url=url,
    )


def _seen_by(viewer: Viewer, board: int | None) -> QuerySet[Gathering]:
    """Those that will open, whose threads `viewer` would find in lists: as `Thread.listed_for` has it."""
    hosted = Q(host__is_moderator=True) | Q(host__is_staff=True)
    boards = Board.objects.visible_to(viewer).filter(is_archived=False)
    gatherings = Gathering.objects.filter(hosted, is_active=True, host__is_active=True, board__in=boards)
    if board is not None:
        gatherings = gatherings.filter(board=board)
    if isinstance(viewer, Member) and not viewer.is_moderator:
        gatherings = gatherings.exclude(host__in=Block.objects.ids_around(viewer))
    if isinstance(viewer, Member) and viewer.hidden_notes:
        gatherings = gatherings.exclude(board__content_notes__overlap=viewer.hidden_notes)
    return gatherings


_CLOCK = ("id", "title", "weekdays", "opens_at", "time_zone", "starts_on", "is_active")
_BOARD = ("id", "slug", "title")


def _with_open_thread(viewer: Viewer, board: Board | None) -> Iterator[tuple[Gathering, dt.date | None, str]]:
    """Each with the day that it last opened for, and the address of the newest thread that takes replies, if any."""
    left_open = {"board": board.pk} if board else {}
    for row in found(_coming_to, viewer, left_open, most=_CONSIDERED):
        clock, of_board = row[: len(_CLOCK)], row[len(_CLOCK) : -2]
        gathering = loaded(Gathering, _CLOCK, clock)
        gathering.board = loaded(Board, _BOARD, of_board)
        opened_for, thread = row[-2:]
        yield gathering, opened_for, reverse("thread", args=thread.split(" ", 1)) if thread else ""


def _coming_to(viewer: Viewer, *, board: int | None = None, most: int) -> QuerySet[Any, Any]:
    still_open = [Thread.State.OPEN, Thread.State.SLOW]
    threads = Thread.objects.listed_for(viewer).filter(
        occurrence__gathering=OuterRef("pk"), occurrence__closed_at=None, state__in=still_open
    )
    newest = threads.order_by("-occurrence__day", "-id")
    address = newest.values(
        address=Concat(Cast("public_id", TextField()), Value(" "), "slug", output_field=TextField())
    )[:1]
    seen: QuerySet[Any, Any] = _with_last_day(_seen_by(viewer, board)).annotate(thread=Subquery(address))
    columns = (*_CLOCK, *[f"board__{name}" for name in _BOARD], "opened_for", "thread")
    rows: QuerySet[Any, Any] = seen.values_list(*columns)[:most]
    return rows


# --- for administrators


def gatherings_page(cursor: str | None) -> Page[Any]:
    """All of them, paused ones too, the oldest first. One query."""
    return keyset_page(_with_last_day(Gathering.objects.all()), order=["id"], size=GATHERINGS_A_PAGE, cursor=cursor)


def gathering_rows(gatherings: Sequence[Any]) -> list[dict[str, Any]]:
    """What their page shows of each: when it opens next, and what keeps it from that. One query."""
    problems = gathering_problems(gatherings)
    return [
        {
            "gathering": gathering,
            "opens": openings_in_words(gathering, gathering.opened_for, count=1),
            "problem": problems[gathering.pk],
        }
        for gathering in gatherings
    ]


def get_gathering(pk: int) -> Gathering:
    """With board and host, for administrators. Raises Http404."""
    gathering = Gathering.objects.select_related("board", "host").filter(pk=pk).first()
    if gathering is None:
        raise Http404
    return gathering


def gathering_values(gathering: Gathering) -> dict[str, Any]:
    """What administrators set, in words that the log can keep. Reads board and host."""
    values = {name: getattr(gathering, name) for name in GATHERING_FIELDS}
    return values | {
        "board": gathering.board.slug,
        "host": gathering.host.shown_name,
        "opens_at": gathering.opens_at.isoformat("minutes"),
        "weekdays": sorted(gathering.weekdays),
    }


def possible_hosts() -> QuerySet[Member]:
    return Member.objects.filter(Q(is_moderator=True) | Q(is_staff=True), is_active=True).order_by("username", "id")


def possible_boards() -> QuerySet[Board]:
    return Board.objects.filter(is_archived=False).order_by("position", "id")
