"""How much a member hears of a thread or board."""

from collections.abc import Sequence

from core.together import Change, change, table
from forums.models import Board, BoardFollow, Level, Thread, ThreadFollow
from members.models import Member


def follow_on_posting(*, member: Member, thread: Thread) -> bool:
    """Begin to follow what one writes in: everything in one's own thread, replies to oneself elsewhere.

    Leaves a choice that was made before as it is, and does nothing for those who turned this off. One query.
    """
    return any(change(one) for one in following_on_posting(member=member, thread=thread))


def following_on_posting(*, member: Member, thread: Thread) -> Sequence[Change]:
    """The same as a part of another query."""
    if not member.follow_on_posting:
        return []
    level = Level.ALL if member.pk == thread.author_id else Level.REPLIES
    follow = f"INSERT INTO {table(ThreadFollow)} (member_id, thread_id, level) VALUES (%s, %s, %s) "  # noqa: S608 - a table of ours
    return [Change(follow + "ON CONFLICT DO NOTHING", [member.pk, thread.pk, level])]


def set_thread_level(*, member: Member, thread: Thread, level: Level | None) -> bool:
    """Hear so much of `thread` from now on; None ends a choice. Says whether anything changed. At most two queries."""
    return _choose(ThreadFollow, level, member=member, thread=thread)


def set_board_level(*, member: Member, board: Board, level: Level | None) -> bool:
    """The same for a board. A choice for one of its threads counts before this one."""
    return _choose(BoardFollow, level, member=member, board=board)


def _choose[F: (ThreadFollow, BoardFollow)](
    model: type[F], level: Level | None, **key: Member | Thread | Board
) -> bool:
    chosen = model.objects.filter(**key)
    if level is None:
        return bool(chosen.delete()[0])
    if chosen.filter(level=level).exists():
        return False
    follow = model(level=level, **key)
    model.objects.bulk_create([follow], update_conflicts=True, unique_fields=list(key), update_fields=["level"])
    return True
