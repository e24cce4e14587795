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
    chosen = ThreadFollow.objects.filter(member=member, thread=thread)
    if level is None:
        return bool(chosen.delete()[0])
    if chosen.filter(level=level).exists():
        return False
    ThreadFollow.objects.bulk_create(
        [ThreadFollow(member=member, thread=thread, level=level)],
        update_conflicts=True,
        unique_fields=["member", "thread"],
        update_fields=["level"],
    )
    return True


def set_board_level(*, member: Member, board: Board, level: Level | None) -> bool:
    """The same for a board. A choice for one of its threads counts before this one."""
    chosen = BoardFollow.objects.filter(member=member, board=board)
    if level is None:
        return bool(chosen.delete()[0])
    if chosen.filter(level=level).exists():
        return False
    BoardFollow.objects.bulk_create(
        [BoardFollow(member=member, board=board, level=level)],
        update_conflicts=True,
        unique_fields=["member", "board"],
        update_fields=["level"],
    )
    return True
