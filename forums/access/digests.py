"""What of the forum belongs into one member's digest. To readers here folded content notes are hidden ones."""

import copy
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from forums.access.gatherings import Coming, next_gatherings
from forums.access.thread_rows import AnyOf, read_to
from forums.access.waiting import free_to_offer
from forums.models import Level, Occurrence, Post, ReadMark, Thread, ThreadFollow, Visibility
from members.models import Block, Member
from moderation.access.sanctions import CANNOT_POST, running_at
from moderation.models import Case, Priority, Sanction
from notifications.asking import ask
from notifications.models import Delivery, Sending

# What somebody wrote last shows where they are at home, and what they can give.
WRITTEN_LATELY = 50
# Each reader is shown others among the longest waits, or all would come to the same one.
CONSIDERED = 20
KEPT_SECONDS = 60


class ThreadLine(NamedTuple):
    """What a digest needs of a thread."""

    pk: int
    public_id: UUID
    title: str
    support_type: str


_LINE = ("pk", "public_id", "title", "support_type")


def followed_news(reader: Member, since: dt.datetime, limit: int, *, told_by: tuple[str, ...]) -> Sequence[ThreadLine]:
    """Threads that `reader` follows in everything, in which others wrote since then what they have not read yet.

    Less what a mail told, in news of the kinds `told_by`. The latest words first. One query, and for each thread with
    words since then a look from its newest post back to the first that counts.
    """
    return [ThreadLine(*row) for row in ask(_followed, reader, since, limit=limit, told_by=told_by)]


def _followed(reader: Member, since: dt.datetime, *, limit: int, told_by: tuple[str, ...]) -> QuerySet[Any, Any]:
    mails = Delivery.objects.filter(
        notice__event__target_id=OuterRef("pk"),
        notice__event__kind__in=told_by,
        notice__recipient=reader,
        state=Sending.State.SENT,
    )
    posts = Post.objects.readable_by(reader).filter(
        thread=OuterRef("pk"), number__gt=OuterRef("read_to"), visibility=Visibility.VISIBLE
    )
    newest = (
        posts.heard_by(reader)
        .exclude(author=reader)
        .filter(~Exists(mails))
        .order_by("-number")
        .values("created_at")[:1]
    )
    followed = ThreadFollow.objects.filter(member=reader, level=Level.ALL).values("thread_id")
    threads = Thread.objects.listed_for(reader).filter(
        AnyOf(F("pk"), ArraySubquery(followed)), last_post_at__gt=since, visibility=Visibility.VISIBLE
    )
    news = threads.alias(read_to=read_to(reader), newest=Subquery(newest)).filter(newest__gt=since)
    return news.order_by("-last_post_at", "-id").values_list(*_LINE)[:limit]


def waiting_for_words_of(reader: Member, since: dt.datetime, limit: int) -> Sequence[ThreadLine]:
    """Threads since then that wait for a first reply, and to which `reader` may have something to say.

    On boards where they wrote lately, asking for what they gave or asked for there. Never one in which moderators see
    a crisis, or that they have still to look at, nor by somebody whom they look after now; not what `reader` opened
    before, and nothing while they may not post. One query.
    """
    longest = [ThreadLine(*row) for row in ask(_waiting, reader, since)]
    start = reader.pk % len(longest) if longest else 0
    return [*longest[start:], *longest[:start]][:limit]


def _waiting(reader: Member, since: dt.datetime) -> QuerySet[Any, Any]:
    peer = copy.copy(reader)
    # Asked as a member like any other: what moderators meet in their lists is more than they want in their mail.
    peer.is_moderator = False
    written = Post.objects.filter(author=reader, visibility=Visibility.VISIBLE).order_by("-id").values("thread")
    lately = Thread.objects.filter(pk__in=written[:WRITTEN_LATELY])
    opened = ReadMark.objects.filter(member=reader, thread=OuterRef("pk"))
    silenced = Sanction.objects.filter(running_at(timezone.now()), member=reader, kind__in=CANNOT_POST)
    threads = free_to_offer(peer).filter(
        ~Exists(opened),
        ~Exists(silenced),
        *_calm(),
        created_at__gt=since,
        board__in=lately.values("board"),
        support_type__in=lately.values("support_type"),
    )
    return threads.order_by("created_at", "id").values_list(*_LINE)[:CONSIDERED]


def gatherings_for(reader: Member, limit: int) -> Sequence[Coming]:
    """What is open now, then what opens next (`next_gatherings`). Asked once a minute for all who hide the same."""
    if reader.is_moderator or reader.is_staff or reader.pk in _kept("parted", _parted_from_hosts):
        return next_gatherings(reader, limit=limit)
    alike = f"{limit}:{','.join(sorted(reader.hidden_notes))}"
    return _kept(alike, lambda: next_gatherings(reader, limit=limit))


def _kept[Found](name: str, find: Callable[[], Found]) -> Found:
    found: Found = cache.get_or_set(f"digest-gatherings:{name}", find, KEPT_SECONDS)  # type: ignore[assignment]
    return found


def _parted_from_hosts() -> set[int]:
    """Members whom a block parts from somebody who may host a gathering, or who opened one that is still open."""
    opened = Occurrence.objects.filter(closed_at=None).values("thread__author")
    hosts = Member.objects.filter(Q(is_moderator=True) | Q(is_staff=True) | Q(pk__in=opened)).values("pk")
    blocks = Block.objects.filter(Q(blocker__in=hosts) | Q(blocked__in=hosts))
    return {pk for pair in blocks.values_list("blocker_id", "blocked_id") for pk in pair}


def _calm() -> tuple[Q, Q]:
    """Of threads: neither they nor their authors are with moderators."""
    posts = Post.objects.filter(thread=OuterRef(OuterRef("pk"))).values("pk")
    about = Case.objects.filter(subject_kind="post", subject_id__in=posts)
    looked_after = Case.objects.filter(author=OuterRef("author"), priority=Priority.CRISIS, state=Case.State.OPEN)
    return (
        Q(~Exists(about.filter(Q(priority=Priority.CRISIS) | Q(state=Case.State.OPEN)))),
        Q(~Exists(looked_after)),
    )
