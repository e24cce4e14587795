"""The words of a post and what they were before: both change together."""

import datetime as dt

from core import markdown
from forums.models import Post, PostRevision, Thread


def keep(post: Post, *, is_public: bool) -> None:
    """The words as they are, before they change. What a moderator has yet to read was never public."""
    before = PostRevision.objects.filter(post=post, version=post.version - 1)
    written_at = before.values_list("replaced_at", flat=True).first() or post.created_at
    PostRevision.objects.create(
        post=post,
        version=post.version,
        title=post.thread.title if post.number == 1 else "",
        body=post.body,
        is_public=is_public,
        written_at=written_at,
    )


def put(post: Post, *, title: str, body: str, edited_at: dt.datetime | None) -> None:
    """Other words in the place of those of the locked `post`; `title` counts for an opening post only."""
    Post.objects.filter(pk=post.pk).update(
        body=body, body_html=markdown.render(body), version=post.version + 1, edited_at=edited_at
    )
    if post.number == 1 and title != post.thread.title:
        Thread.objects.filter(pk=post.thread_id).update(title=title, slug=Thread.slug_for(title))
