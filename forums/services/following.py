"""How much a member hears of a thread or board."""

from forums.models import Board, BoardFollow, Level, Thread, ThreadFollow
from members.models import Member


def follow_on_posting(*, member: Member, thread: Thread) -> bool:
    """Begin to follow what one writes in: everything in one's own thread, replies to oneself elsewhere.

    Leaves a choice that was made before as it is, and does nothing for those who turned this off. One query.
    """
    if not member.follow_on_posting:
        return False
    level = Level.ALL if member.pk == thread.author_id else Level.REPLIES
    follow = ThreadFollow(member=member, thread=thread, level=level)
    return bool(ThreadFollow.objects.bulk_create([follow], ignore_conflicts=True))


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
