"""What readers do: mark, respond."""

from django.db import IntegrityError, connection, transaction

from forums.models import Post, Reaction, ReadMark, Thread, Visibility
from members.models import Member


def raise_read_mark(*, member: Member, thread: Thread, seen: int, end: int) -> None:
    """Remember that `member` has read up to post `end`, of which `seen` is the last that they could see.

    What is left out between the two for good, because of a block, counts as read: a thread must not look
    unread for ever. What is held may still appear, so the mark stops before it. Never lowers a mark, in
    whatever order pages arrive. One query.
    """
    marks, posts = (connection.ops.quote_name(model._meta.db_table) for model in (ReadMark, Post))  # noqa: SLF001 - public by Django's word
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {marks} AS mark (member_id, thread_id, last_read_number) VALUES (%s, %s, COALESCE("  # noqa: S608
            f"(SELECT min(number) - 1 FROM {posts} WHERE thread_id = %s AND number > %s AND number <= %s"
            " AND visibility = %s), %s)) "
            "ON CONFLICT (member_id, thread_id) DO UPDATE SET last_read_number = EXCLUDED.last_read_number "
            "WHERE mark.last_read_number < EXCLUDED.last_read_number",
            [member.pk, thread.pk, thread.pk, seen, end, Visibility.HELD, end],
        )


def pass_own_words(*, member: Member, post: Post) -> bool:
    """Raise the mark over a post that `member` just wrote, unless something unread lies before it. One query."""
    mark = ReadMark.objects.filter(member=member, thread=post.thread_id, last_read_number=post.number - 1)
    return bool(mark.update(last_read_number=post.number))


def react(*, member: Member, post: Post, kind: Reaction.Kind, on: bool) -> bool:
    """Give or take back one response. Says whether anything changed, so that two clicks are harmless.

    In an archived thread nothing changes any more.
    """
    if post.thread.state == Thread.State.ARCHIVED:
        return False
    if not on:
        deleted, _by_model = Reaction.objects.filter(post=post, member=member, kind=kind).delete()
        return bool(deleted)
    try:
        with transaction.atomic():
            Reaction.objects.create(post=post, member=member, kind=kind)
    except IntegrityError:
        return False
    return True
