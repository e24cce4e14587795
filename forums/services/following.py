"""How much a member hears of a thread or board."""

from forums.models import Level, Thread, ThreadFollow
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
