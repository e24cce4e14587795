"""Telling those who are named in a post."""

import notifications.services
from forums import mentions
from forums.models import Post
from forums.news_posts import MENTIONED


def tell_mentioned(post: Post) -> bool:
    """News for whom `post` names, once, however often it is hidden and shown again. Says whether it names anybody.

    Who of them may hear of it is asked when the news is spread. In the caller's transaction.
    """
    if not mentions.names_in(post.body):
        return False
    notifications.services.record(kind=MENTIONED, target_id=post.pk, actor=post.author)
    return True
