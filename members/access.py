"""Whom a member may meet."""

from members.models import Block, Member


def are_apart(one: Member, other: Member) -> bool:
    """Whether either has blocked the other. One query."""
    return (
        Block.objects.filter(blocker=one, blocked=other)
        .union(Block.objects.filter(blocker=other, blocked=one))
        .exists()
    )
