"""What the forum tells in digests."""

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import notifications.access
from forums import access
from forums.access.digests import ThreadLine
from forums.access.gatherings import Coming
from forums.models import SupportType
from forums.news import NEW_REPLY, REPLIED_TO_YOU
from forums.news_posts import MENTIONED, QUOTED
from members.kept import lines_of
from members.models import Member
from notifications import digests
from notifications.digests import Item

_TOLD_BY = tuple(kind.key for kind in (NEW_REPLY, REPLIED_TO_YOU, MENTIONED, QUOTED))
# One that opens later than this is told of by a later digest.
_SOON = dt.timedelta(days=8)


def _followed(reader: Member, since: dt.datetime, limit: int) -> Sequence[Item]:
    return [
        Item(
            line=_("There are new words in “%(title)s”.") % {"title": row.title},
            plain=_("There are new words in a thread that you follow."),
            url=reverse("first_unread", args=[row.public_id]),
            about=("thread", row.pk),
        )
        for row in _met(reader, access.followed_news(reader, since, limit, told_by=_TOLD_BY))
    ]


def _waiting(reader: Member, since: dt.datetime, limit: int) -> Sequence[Item]:
    return [
        Item(
            line=_("“%(title)s” waits for a first reply. It asks for: %(support)s.")
            % {"title": row.title, "support": SupportType(row.support_type).label},
            plain=_("Somebody is waiting for a first reply."),
            url=reverse("first_unread", args=[row.public_id]),
            about=("thread", row.pk),
        )
        for row in _met(reader, access.waiting_for_words_of(reader, since, limit))
    ]


def _met(reader: Member, rows: Sequence[ThreadLine]) -> Sequence[ThreadLine]:
    """Less those whose titles hold words that `reader` filters."""
    lines = lines_of(reader)
    return [row for row in rows if not lines.look(row.title)] if lines.filters else rows


def _gatherings(reader: Member, _since: dt.datetime, limit: int) -> Sequence[Item]:
    """Open now, or the next one within days. Its time is that on the reader's wall, where they told their zone."""
    until = timezone.now() + _SOON
    coming = access.gatherings_for(reader, limit)
    return [_gathering(one, reader) for one in coming if one.url or (one.opens_at and one.opens_at < until)]


def _gathering(coming: Coming, reader: Member) -> Item:
    if coming.url or coming.opens_at is None:
        line, plain = _("“%(title)s” is open now."), _("A gathering is open now.")
    else:
        line, plain = _("“%(title)s” opens: %(when)s."), _("A gathering opens: %(when)s.")
    words = {"title": coming.title, "when": _when(coming, reader)}
    return Item(line=line % words, plain=plain % words, url=coming.url or coming.board_url, url_tells=True)


def _when(coming: Coming, reader: Member) -> str:
    if not reader.time_zone or coming.opens_at is None:
        return coming.opens
    local = coming.opens_at.astimezone(notifications.access.zone_of(reader))
    return _("%(when)s, your time") % {"when": date_format(local, "l j F, H:i")}


FOLLOWED = digests.register(
    digests.Section(
        key="followed", title=gettext_lazy("Threads you follow"), order=20, items=_followed, rest="following"
    )
)
WAITING = digests.register(
    digests.Section(
        key="waiting",
        title=gettext_lazy("Your words could help"),
        order=30,
        items=_waiting,
        most=2,
        rest="waiting",
    )
)
GATHERINGS = digests.register(
    digests.Section(
        key="gatherings",
        title=gettext_lazy("When people meet"),
        order=40,
        items=_gatherings,
        most=1,
        is_news=False,
    )
)
