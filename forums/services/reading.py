"""What readers do: mark, respond."""

from django.db import IntegrityError, connection, transaction

from forums.models import Post, Reaction, ReadMark, Thread
from members.models import Member


def raise_read_mark(*, member: Member, thread: Thread, number: int) -> None:
    """Remember that `member` has read up to post `number`. Never lowers a mark, in whatever order pages arrive."""
    table = connection.ops.quote_name(ReadMark._meta.db_table)  # noqa: SLF001 - public by Django's word
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS mark (member_id, thread_id, last_read_number) VALUES (%s, %s, %s) "  # noqa: S608
            "ON CONFLICT (member_id, thread_id) DO UPDATE SET last_read_number = EXCLUDED.last_read_number "
            "WHERE mark.last_read_number < EXCLUDED.last_read_number",
            [member.pk, thread.pk, number],
        )


def react(*, member: Member, post: Post, kind: Reaction.Kind, on: bool) -> bool:
    """Give or take back one response. Says whether anything changed, so that two clicks are harmless."""
    if not on:
        deleted, _by_model = Reaction.objects.filter(post=post, member=member, kind=kind).delete()
        return bool(deleted)
    try:
        with transaction.atomic():
            Reaction.objects.create(post=post, member=member, kind=kind)
    except IntegrityError:
        return False
    return True
