"""Why somebody did, or did not, get a mail: what became of their news, in the order in which it came."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.pagination import Page, cursor_after, keyset_page
from members.models import Member
from notifications import kinds
from notifications.models import Channel, Delivery, Digest, Notice, Return, Sending

MAILS_SHOWN = 20
LOOKED_BACK = dt.timedelta(days=90)
_NEWEST = ["-id"]


@dataclass(frozen=True, slots=True)
class MailRow:
    """`about`: in neutral words; `told`: what became of it; `notice`: where it is on the site."""

    about: str
    told: str
    at: dt.datetime
    notice: UUID | None = None


def mails_of(member: Member, cursor: str | None) -> Page[MailRow]:
    """What was told to `member` in the last 90 days and by which way, and what came back, newest first.

    Five queries, whatever there is. Names nobody, and nothing that it was about.
    """
    streams = [
        _Stream(_notices(member), _of_notice),
        _Stream(Digest.objects.filter(member=member), _of_digest),
        _Stream(Return.objects.filter(member=member).exclude(kind=Return.Kind.SOFT), _of_return),
    ]
    cursors = _parts(cursor, len(streams))
    for stream, part in zip(streams, cursors, strict=True):
        stream.read(part)
    since = timezone.now() - LOOKED_BACK
    taken = list(_first(streams, MAILS_SHOWN))
    rows = [row for row in taken if row.at >= since]
    more = len(rows) == len(taken) and any(stream.has_more for stream in streams)
    onward = ".".join(stream.cursor for stream in streams) if more else None
    return Page(rows, onward, is_first=not any(cursors))


def _parts(cursor: str | None, count: int) -> list[str]:
    parts = (cursor or "").split(".")
    return parts if len(parts) == count else [""] * count


class _Stream:
    """One table, newest first, and how much of it has been taken for this page."""

    def __init__(self, rows: QuerySet[Any], tell: Callable[[Any], MailRow]) -> None:
        self._rows, self._tell = rows, tell

    def read(self, cursor: str) -> None:
        self.cursor = cursor
        self._page = keyset_page(self._rows, order=_NEWEST, size=MAILS_SHOWN, cursor=cursor)
        self._taken = 0

    def __iter__(self) -> "Iterator[tuple[MailRow, _Stream]]":
        return ((self._tell(item), self) for item in self._page.items)

    def take(self) -> None:
        self.cursor = cursor_after(self._page.items[self._taken], _NEWEST)
        self._taken += 1

    @property
    def has_more(self) -> bool:
        return self._taken < len(self._page.items) or not self._page.is_last


def _first(streams: Sequence[_Stream], count: int) -> Iterator[MailRow]:
    newest_first = merge(*streams, key=lambda pair: pair[0].at, reverse=True)
    for _number, (row, stream) in zip(range(count), newest_first, strict=False):
        stream.take()
        yield row


# --- in words ---------------------------------------------------------------------------------------------------


def _notices(member: Member) -> QuerySet[Notice]:
    mails = Prefetch("deliveries", Delivery.objects.filter(channel=Delivery.Channel.EMAIL), to_attr="mails")
    return Notice.objects.filter(recipient=member).select_related("event").prefetch_related(mails)


def _of_notice(notice: Any) -> MailRow:
    told = in_words(notice.mails[0]) if notice.mails else _no_mail(notice)
    return MailRow(_about(notice), told, notice.created_at, notice.public_id)


def _about(notice: Notice) -> str:
    kind = kinds.get(notice.event.kind)
    named = kinds.get(kind.choice) if kind else None
    return str(named.label) if named and named.label else _("An update")


def _no_mail(notice: Notice) -> str:
    if notice.in_digest:
        told = _(
            "No mail of its own, because the choice for this was “%(channel)s” when it came. If there is a digest, it "
            "tells of it while it is unread."
        )
        return told % {"channel": Channel.DIGEST.label}
    return _("No mail, because the choice for this was “%(channel)s” when it came.") % {"channel": Channel.SITE.label}


def _of_digest(digest: Digest) -> MailRow:
    about = _("The digest that says that no more will come until you return") if digest.is_goodbye else _("Your digest")
    return MailRow(about, in_words(digest), digest.created_at)


def _of_return(report: Return) -> MailRow:
    if report.kind == Return.Kind.COMPLAINT:
        told = _("Your mail provider told us that it was marked as unwanted. No mails follow.")
        return MailRow(_("A mail to you"), told, report.at)
    told = _("It came back: the server for your address did not take it for good. No mails follow.")
    return MailRow(_("A mail to you"), told, report.at)


def in_words(sending: Sending) -> str:
    """What became of it, for its recipient; times by the clock that is active."""
    told = _told(sending)
    if not sending.maybe_twice:
        return told
    if sending.state == Sending.State.SENT:
        return _("%(told)s It may have come twice.") % {"told": told}
    return _("%(told)s An earlier try may have reached you all the same.") % {"told": told}


def _told(sending: Sending) -> str:
    reason = sending.get_reason_display()
    match sending.state:
        case Sending.State.SENT:
            return _("Sent on %(when)s.") % {"when": _when(sending.settled_at)}
        case Sending.State.SKIPPED:
            return _("Not sent. %(reason)s") % {"reason": reason}
    if reason:
        return _("%(reason)s It is looked at again on %(when)s.") % {"reason": reason, "when": _when(sending.due_at)}
    if sending.attempts:
        return _("The mail server did not take it yet. The next try is on %(when)s.") % {"when": _when(sending.due_at)}
    return _("It is on its way.")


def _when(at: dt.datetime | None) -> str:
    return date_format(timezone.localtime(at), "j F, H:i e") if at else ""
