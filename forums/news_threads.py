"""What the forum tells members about their own threads that wait, and about gatherings that open."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums import access, hearing
from forums.mentions import mentioned_ids, reached, wants_to_hear
from forums.models import BoardFollow, Level, Occurrence, Post, Thread, Visibility
from forums.news import listed, next_of, thread_address
from members.models import Member
from notifications import kinds
from notifications.models import Event

# --- one's own, which nobody has answered for long --------------------------------------------------------------


def _author(event: Event) -> Iterable[int]:
    return Thread.objects.filter(pk=event.target_id, author__is_active=True).values_list("author_id", flat=True)


def _own_unheard(thread_ids: Collection[int], member: Member) -> set[int]:
    """Somebody has answered, or its author took it back: nothing is left to tell."""
    own = Thread.objects.visible_to(member).filter(pk__in=thread_ids, author=member, visibility=Visibility.VISIBLE)
    return set(access.unheard_threads(own).values_list("pk", flat=True))


def _waits_lines(thread_ids: Collection[int]) -> dict[int, str]:
    threads = Thread.objects.filter(pk__in=thread_ids)
    rows = threads.values_list("pk", "title", "content_notes", "board__content_notes")
    return {pk: _waits_line(title, [*own, *of_board]) for pk, title, own, of_board in rows}


def _waits_line(title: str, touched: Sequence[str]) -> str:
    if touched:
        line = _("Moderators have been told that a thread of yours has no reply yet. It touches on: %(notes)s.")
        return line % {"notes": hearing.spoken(touched)}
    return _("Moderators have been told that “%(title)s” has no reply yet, so that it is not overlooked.") % {
        "title": title
    }


YOURS_WAITS = kinds.register(
    kinds.Kind(
        key="yours_waits",
        audience=kinds.few(_author),
        visible=_own_unheard,
        over=hearing.muted_threads,
        url=thread_address,
        lines=_waits_lines,
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


def _still_open(thread_ids: Collection[int], member: Member) -> set[int]:
    """Once it is closed, that it opened is no news."""
    open_ones = Thread.objects.filter(
        pk__in=listed(thread_ids, member), state__in=[Thread.State.OPEN, Thread.State.SLOW]
    )
    return set(open_ones.values_list("pk", flat=True))


def _opened_lines(thread_ids: Collection[int]) -> dict[int, str]:
    threads = Thread.objects.filter(pk__in=thread_ids)
    rows = threads.values_list("pk", "title", "content_notes", "board__content_notes")
    return {pk: _opened_line(title, [*own, *of_board]) for pk, title, own, of_board in rows}


def _opened_line(title: str, touched: Sequence[str]) -> str:
    if touched:
        return _("A gathering is open that touches on: %(notes)s.") % {"notes": hearing.spoken(touched)}
    return _("“%(title)s” is open.") % {"title": title}


GATHERING_OPENED = kinds.register(
    kinds.Kind(
        key="gathering_opened",
        audience=_gathered,
        visible=_still_open,
        over=hearing.threads_over,
        url=thread_address,
        lines=_opened_lines,
        label=gettext_lazy("A gathering opens in which I wrote the last time, or on a board I follow"),
        useful_for=dt.timedelta(hours=6),
        digest_line=gettext_lazy("A gathering is open."),
    )
)
