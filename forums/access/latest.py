"""What was said last, wherever every member reads it."""

from collections.abc import Sequence
from uuid import UUID

from forums.models import Board, Post, Visibility


def lately_read(most: int) -> Sequence[tuple[int, str, str, UUID]]:
    """Number, title, body and public id of the latest posts that every member can read. One query, bounded."""
    posts = Post.objects.filter(
        visibility=Visibility.VISIBLE,
        thread__visibility=Visibility.VISIBLE,
        thread__board__audience__in=(Board.Audience.MEMBERS, Board.Audience.EVERYONE),
    )
    return list(posts.order_by("-id").values_list("number", "thread__title", "body", "public_id")[:most])
