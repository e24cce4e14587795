"""Moving threads between boards, joining two, and taking posts out into a thread of their own.

Addresses keep working: a board is not part of a thread's address, a joined thread leads on, and a moved post
keeps its own address and leaves a line in its place. Each verb is one transaction with a fixed number of
queries, however many posts there are. Each raises CannotChangeError, with a sentence, when it cannot be done.
"""

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import (
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Least
from django.utils.translation import gettext as _

import notifications.services
from forums.access.care import (
    CannotChangeError,
    check_can_merge,
    check_can_split,
    check_light_hand,
    check_not_about_oneself,
    check_reach,
    check_unchanged,
)
from forums.deeds import Deed
from forums.models import (
    Board,
    Draft,
    Post,
    ReadMark,
    SupportType,
    Thread,
    ThreadFollow,
    Visibility,
    WaitingOffer,
)
from forums.news_care import POSTS_MOVED
from forums.services import search
from forums.services.threads import author_wrote_last, check_moderator, count_anew, lock, record, tell_author
from members.models import Member

# From one number to another, both of them included.
Span = tuple[int, int]


@transaction.atomic
def move_thread(*, actor: Member, thread: Thread, board: Board, reason: str, version: str, wider: bool = False) -> bool:
    """Put the thread on another board. Its address stays. Says whether anything changed. Locks the thread.

    `wider` confirms that more people will be able to read it there.
    """
    check_moderator(actor)
    locked = lock(thread.pk)[thread.pk]
    if locked.board_id == board.pk:
        return False
    check_unchanged(locked, version, by=actor)
    check_light_hand(locked, actor)
    _check_open(board)
    check_reach(locked.board, board, wider=wider)
    Thread.objects.filter(pk=locked.pk).update(board=board)
    tell_author(record(Deed.MOVE, actor=actor, thread=locked, reason=reason, before=locked.board_id, after=board.pk))
    return True


def _check_open(board: Board) -> None:
    if board.is_archived:
        raise CannotChangeError(_("That board is closed. Nothing was changed."))


# --- joining two threads


@transaction.atomic
def merge_threads(
    *, actor: Member, thread: Thread, into: Thread, reason: str, version: str, wider: bool = False
) -> Thread:
    """Put the posts of `thread` behind those of `into`, which is given back. Done twice, it is done once.

    Post n becomes n more than the last one there. The row of `thread` stays, to lead on to where they stand.
    Follows and drafts come along where there are none yet. Locks both threads.
    """
    check_moderator(actor)
    locked = lock(thread.pk, into.pk)
    source, target = locked[thread.pk], locked[into.pk]
    if source.merged_into_id == target.pk:
        return target
    check_unchanged(source, version, by=actor)
    check_not_about_oneself(target, actor)
    check_can_merge(source, target)
    check_reach(source.board, target.board, wider=wider)
    opening = Post.objects.get(thread=source, number=1)
    raised = target.last_number
    _renumber_behind(source, raised, target)
    _lead_on(source, raised, target)
    _bring_along(source, raised, target)
    search.index_post(opening)
    joined = record(Deed.MERGE, actor=actor, thread=source, reason=reason, subject=opening, into=target.pk)
    tell_author(joined)
    received = record(Deed.RECEIVE, actor=actor, thread=target, reason=reason, source=source.pk)
    if source.author_id != target.author_id:
        tell_author(received)
    target.refresh_from_db()
    return target


def _renumber_behind(source: Thread, raised: int, target: Thread) -> None:
    posts = Post.objects.filter(thread=source)
    if source.author_id != target.author_id:
        _forget_thanks(posts)
    posts.update(thread=target, number=F("number") + raised, reply_to=F("reply_to") + raised)
    Thread.objects.filter(pk=target.pk).update(
        last_number=raised + source.last_number,
        last_post_at=max(target.last_post_at, source.last_post_at),
        # Two people's questions do not answer each other: where neither had a reply, the thread waits on.
        answered_at=Least("answered_at", Value(source.answered_at, output_field=DateTimeField())),
        author_wrote_last=author_wrote_last(target),
    )


def _lead_on(source: Thread, raised: int, target: Thread) -> None:
    """From `source`, and from what was joined to it before."""
    earlier = Thread.objects.filter(merged_into=source)
    earlier.update(merged_into=target, merged_offset=F("merged_offset") + raised)
    Thread.objects.filter(pk=source.pk).update(
        merged_into=target, merged_offset=raised, last_number=0, pinned_until=None, closing_asked_at=None
    )


def _bring_along(source: Thread, raised: int, target: Thread) -> None:
    """What readers keep of `source`. A choice that they made for `target`, or began to write there, stays."""
    followed = ThreadFollow.objects.filter(thread=target, member=OuterRef("member"))
    ThreadFollow.objects.filter(~Exists(followed), thread=source).update(thread=target)
    ThreadFollow.objects.filter(thread=source).delete()
    # Whoever saves a draft holds their own row, so none of these begins one in `target` meanwhile.
    writers = Member.objects.filter(pk__in=Draft.objects.filter(thread=source).values("member"))
    held = list(writers.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    begun = Draft.objects.filter(thread=target, member=OuterRef("member"))
    drafts = Draft.objects.filter(~Exists(begun), thread=source, member__in=held)
    drafts.filter(fields__has_key="reply_to").update(fields=_raised_answer(raised))
    drafts.update(thread=target)
    ReadMark.objects.filter(thread=source).delete()
    WaitingOffer.objects.filter(thread=source).delete()


def _raised_answer(raised: int) -> Func:
    """A draft's fields in which the post that it answers has its new number."""
    answered = Cast(KeyTextTransform("reply_to", "fields"), IntegerField()) + raised
    place = Value(["reply_to"], output_field=ArrayField(TextField()))
    return Func(F("fields"), place, Func(answered, function="to_jsonb"), function="jsonb_set", output_field=JSONField())


def _forget_thanks(posts: QuerySet[Post]) -> None:
    """Thanks are those of the thread's author, and in a thread of somebody else they would become theirs."""
    posts.filter(thanked_at__isnull=False).update(thanked_at=None)


# --- taking posts out


@transaction.atomic
def split_thread(
    *,
    actor: Member,
    thread: Thread,
    spans: Sequence[Span],
    title: str,
    support_type: SupportType,
    board: Board,
    reason: str,
    version: str,
    wider: bool = False,
) -> Thread:
    """A new thread of the posts in `spans`, by the author of the first of them, with its content notes from before.

    In the old one each leaves a line that leads to it. Done twice, it is done once, and gives the same thread:
    what stands elsewhere already is not moved again. Locks the thread.
    """
    check_moderator(actor)
    locked = lock(thread.pk)[thread.pk]
    if (done := _split_before(locked, spans)) is not None:
        return done
    check_unchanged(locked, version, by=actor)
    _check_open(board)
    check_reach(locked.board, board, wider=wider)
    chosen = _chosen(locked, spans).exclude(visibility=Visibility.MOVED)
    first = check_can_split(locked, chosen.order_by("number").first())
    made = Thread.objects.create(
        board=board,
        author_id=first.author_id,
        title=title,
        slug=Thread.slug_for(title),
        support_type=support_type,
        content_notes=locked.content_notes,
        created_at=first.created_at,
    )
    if made.author_id != locked.author_id:
        _forget_thanks(chosen)
    moved = _take_out(locked, made, spans)
    _follow_out(locked, made)
    Thread.objects.filter(pk=made.pk).update(last_number=moved, **count_anew(made))
    Thread.objects.filter(pk=locked.pk).update(**count_anew(locked))
    search.index_opening(made)
    opening = Post.objects.get(thread=locked, number=1)
    entry = record(Deed.SPLIT, actor=actor, thread=made, reason=reason, subject=opening, source=locked.pk, posts=moved)
    notifications.services.record(kind=POSTS_MOVED, target_id=entry.pk, actor=actor)
    made.refresh_from_db()
    return made


def _chosen(thread: Thread, spans: Sequence[Span]) -> QuerySet[Post]:
    numbers = Q(pk__in=[])
    for span in spans:
        numbers |= Q(number__range=span)
    return Post.objects.filter(numbers, thread=thread)


def _split_before(thread: Thread, spans: Sequence[Span]) -> Thread | None:
    """The thread where all of these posts stand already; None when some do not."""
    places = _chosen(thread, spans).values_list("visibility", "moved_to__thread_id").distinct()
    found = set(places[:2])
    if len(found) != 1:
        return None
    ((visibility, elsewhere),) = found
    return Thread.objects.get(pk=elsewhere) if visibility == Visibility.MOVED else None


def _take_out(thread: Thread, made: Thread, spans: Sequence[Span]) -> int:
    """Number the chosen posts 1, 2, 3 … in `made`, and leave a line in the place of each. Says how many there are.

    The lines begin behind the last post, where no number is taken, until the posts have left theirs.
    """
    behind = thread.last_number
    chosen = _chosen(thread, spans).exclude(visibility=Visibility.MOVED)
    line = chosen.values_list(
        "thread_id", F("number") + behind, "author_id", "created_at", "id", Value(Visibility.MOVED.value)
    )
    select, params = line.query.sql_with_params()
    posts = connection.ops.quote_name(Post._meta.db_table)  # noqa: SLF001 - public by Django's word
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {posts} (thread_id, number, author_id, created_at, moved_to_id, visibility, body, body_html,"  # noqa: S608
            f" version) SELECT *, '', '', 1 FROM ({select}) AS line",
            params,
        )
        cursor.execute(
            "WITH place AS (SELECT moved.id, moved.number AS old, moved.reply_to,"  # noqa: S608
            f" row_number() OVER (ORDER BY moved.number) AS new FROM {posts} AS line"
            f" JOIN {posts} AS moved ON moved.id = line.moved_to_id WHERE line.thread_id = %s AND line.number > %s)"
            f" UPDATE {posts} AS post SET thread_id = %s, number = place.new, reply_to = answered.new"
            " FROM place LEFT JOIN place AS answered ON answered.old = place.reply_to WHERE post.id = place.id",
            [thread.pk, behind, made.pk],
        )
        moved = int(cursor.rowcount)
    Post.objects.filter(thread=thread, number__gt=behind).update(number=F("number") - behind)
    return moved


def _follow_out(thread: Thread, made: Thread) -> None:
    """Whoever wrote what was taken out hears of the new thread as they heard of the old one. Two queries."""
    writers = Post.objects.filter(thread=made).values("author")
    levels = ThreadFollow.objects.filter(thread=thread, member__in=writers).values_list("member_id", "level")
    ThreadFollow.objects.bulk_create(
        [ThreadFollow(member_id=member, thread=made, level=level) for member, level in levels], ignore_conflicts=True
    )
