"""What the forum tells members about their own threads that wait, and about gatherings that open."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import Ids
from forums import access, glances, hearing
from forums.mentions import mentioned_ids, reached, wants_to_hear
from forums.models import BoardFollow, Level, Occurrence, Post, Thread, Visibility
from forums.news import next_of, thread_address, wanted
from members.models import Member
from notifications import kinds
from notifications.models import Event

# --- one's own, which nobody has answered for long --------------------------------------------------------------


def _author(event: Event) -> Iterable[int]:
    return Thread.objects.filter(pk=event.target_id, author__is_active=True).values_list("author_id", flat=True)


def _own_unheard(thread_ids: Collection[int], member: Member) -> Collection[int]:
    """Somebody has answered, or its author took it back: nothing is left to tell."""
    own = Thread.objects.visible_to(member).filter(pk__in=thread_ids, author=member, visibility=Visibility.VISIBLE)
    return Ids(access.unheard_threads(own))


def _waits_line(said: glances.Said) -> str:
    if said.notes:
        line = _("Moderators have been told that a thread of yours has no reply yet. It touches on: %(notes)s.")
        return line % {"notes": hearing.spoken(said.notes)}
    return _("Moderators have been told that “%(title)s” has no reply yet, so that it is not overlooked.") % {
        "title": said.title
    }


YOURS_WAITS = kinds.register(
    kinds.Kind(
        key="yours_waits",
        audience=kinds.few(_author),
        visible=_own_unheard,
        over=hearing.muted_threads,
        url=thread_address,
        lines=glances.THREADS.lines(_waits_line),
        label=gettext_lazy("Moderators were told that a thread of mine has waited for long"),
        useful_for=dt.timedelta(days=1),
    )
)


# --- a gathering ------------------------------------------------------------------------------------------------


def _gathered(event: Event, after: int, limit: int) -> kinds.Reached:
    """Who follows its board, and who wrote something the last time, but for those parted from its host by a block.

    Nobody who wants to hear nothing of the board, nor whom the opening post names. Seven queries.
    """
    opening = Post.objects.select_related("thread__occurrence").filter(thread=event.target_id, number=1).first()
    if opening is None:
        return kinds.page_of([], limit)
    occurrence = opening.thread.occurrence
    followers = BoardFollow.objects.filter(board=opening.thread.board_id, level=Level.ALL)
    earlier = Occurrence.objects.filter(gathering=occurrence.gathering_id, day__lt=occurrence.day).order_by("-day")
    took_part = Post.objects.filter(thread__in=Subquery(earlier.values("thread")[:1]), visibility=Visibility.VISIBLE)
    page = next_of([(followers, "member_id"), (took_part, "author_id")], after, limit)
    wanting = Member.objects.filter(wants_to_hear(opening.thread), pk__in=page.told, is_active=True)
    told = set(wanting.values_list("pk", flat=True))
    named = hearing.reached_by("mentioned", mentioned_ids(opening))
    return page._replace(told=reached(told, opening) - named)


def _still_open(thread_ids: Collection[int], member: Member) -> Collection[int]:
    """Once it is closed, that it opened is no news."""
    open_ones = hearing.threads_for(member).filter(pk__in=thread_ids, state__in=[Thread.State.OPEN, Thread.State.SLOW])
    return wanted(open_ones, member)


def _opened_line(said: glances.Said) -> str:
    if said.notes:
        return _("A gathering is open that touches on: %(notes)s.") % {"notes": hearing.spoken(said.notes)}
    return _("“%(title)s” is open.") % {"title": said.title}


GATHERING_OPENED = kinds.register(
    kinds.Kind(
        key="gathering_opened",
        audience=_gathered,
        visible=_still_open,
        over=hearing.threads_over,
        url=thread_address,
        lines=glances.THREADS.lines(_opened_line),
        label=gettext_lazy("A gathering opens in which I wrote the last time, or on a board I follow"),
        useful_for=dt.timedelta(hours=6),
        digest_line=gettext_lazy("A gathering is open."),
    )
)
