"""What readers do: mark, respond."""

from django.db import connection, transaction

from core.together import table
from forums.models import Post, Reaction, ReadMark, Thread, Visibility
from forums.news import NEW_REPLY, NEW_THREAD, REPLIED_TO_YOU
from forums.news_posts import MENTIONED, QUOTED
from forums.news_threads import GATHERING_OPENED
from forums.services import telling
from members.models import Member
from notifications.models import Event, Notice

# News that reading a thread settles: of posts by what was read of them, of threads by opening them.
ABOUT_POSTS = (REPLIED_TO_YOU, NEW_REPLY, MENTIONED, QUOTED)
ABOUT_THREADS = (NEW_THREAD, GATHERING_OPENED)
NEWS_LOOKED_AT = 200


def raise_read_mark(*, member: Member, thread: Thread, seen: int, end: int) -> None:
    """Remember that `member` has read up to post `end`, of which `seen` is the last that they could see.

    What is left out between the two for good, because of a block, counts as read: a thread must not look
    unread for ever. What is held may still appear, so the mark stops before it. Never lowers a mark, in
    whatever order pages arrive.

    News about what they have read here is read, too, so that the mark in the header goes out; the latest NEWS_LOOKED_AT
    of it. One query, which waits for nobody.
    """
    marks, posts, notices, events = map(table, (ReadMark, Post, Notice, Event))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH raised AS (INSERT INTO {marks} AS mark (member_id, thread_id, last_read_number) VALUES (%s, %s,"  # noqa: S608
            f" COALESCE((SELECT min(number) - 1 FROM {posts} WHERE thread_id = %s AND number > %s AND number <= %s"
            " AND visibility = %s), %s)) "
            "ON CONFLICT (member_id, thread_id) DO UPDATE SET last_read_number = EXCLUDED.last_read_number "
            "WHERE mark.last_read_number < EXCLUDED.last_read_number), "
            f"unread AS (SELECT id, event_id FROM {notices} WHERE recipient_id = %s AND read_at IS NULL"
            " ORDER BY id DESC LIMIT %s FOR UPDATE SKIP LOCKED) "
            # Each event by its key: joined, PostgreSQL would read all events of the site for these few.
            f"UPDATE {notices} notice SET read_at = now() FROM unread CROSS JOIN LATERAL"
            f" (SELECT kind, target_id FROM {events} WHERE id = unread.event_id OFFSET 0) event"
            " WHERE notice.id = unread.id AND (event.kind = ANY(%s) AND event.target_id = %s OR event.kind = ANY(%s)"
            f" AND event.target_id IN (SELECT id FROM {posts} WHERE thread_id = %s AND number <= %s))",
            [
                *(member.pk, thread.pk, thread.pk, seen, end, Visibility.HELD, end),
                *(member.pk, NEWS_LOOKED_AT, [kind.key for kind in ABOUT_THREADS], thread.pk),
                *([kind.key for kind in ABOUT_POSTS], thread.pk, seen),
            ],
        )
        if cursor.rowcount:
            member.is_lit = None


def pass_own_words(*, member: Member, post: Post) -> bool:
    """Raise the mark over a post that `member` just wrote, unless something unread lies before it. One query."""
    mark = ReadMark.objects.filter(member=member, thread=post.thread_id, last_read_number=post.number - 1)
    return bool(mark.update(last_read_number=post.number))


@transaction.atomic
def react(*, member: Member, post: Post, kind: Reaction.Kind, on: bool) -> bool:
    """Give or take back one response, which the post's author hears of. Says whether anything changed, so that two
    clicks are harmless.

    In an archived thread nothing changes any more. Reads the thread.
    """
    if post.thread.state == Thread.State.ARCHIVED:
        return False
    if not on:
        deleted, _by_model = Reaction.objects.filter(post=post, member=member, kind=kind).delete()
        return bool(deleted)
    given = f"INSERT INTO {table(Reaction)} (post_id, member_id, kind) VALUES (%s, %s, %s) "  # noqa: S608 - a table of ours
    with connection.cursor() as cursor:
        cursor.execute(given + "ON CONFLICT DO NOTHING RETURNING id", [post.pk, member.pk, kind])
        new = cursor.fetchone()
    if new is None:
        return False
    telling.tell_of_reaction(Reaction(pk=new[0], post=post, member=member, kind=kind))
    return True
