"""What is written to the outbox when a post or thread is there for its readers. In the caller's transaction.

Whom the news concerns is asked when it is spread, and an event exists once: what was hidden and is shown again is no
news a second time.
"""

from collections.abc import Sequence

import notifications.services
from core.together import Change
from forums import mentions, quotes
from forums.models import Occurrence, Post, Reaction, Thread
from forums.news import NEW_REPLY, NEW_THREAD, REPLIED_TO_YOU
from forums.news_posts import MENTIONED, QUOTED
from forums.news_reactions import REACTED
from forums.news_threads import GATHERING_OPENED
from members.models import Member
from notifications.kinds import Kind


def tell_of_reply(post: Post, *, naming: bool) -> None:
    """Several events: whom it answers, names or quotes may want to hear in another way than who follows along.

    `naming`: those whom it names as well. One query for all of them.
    """
    _about_post(_news_of_reply(post.body, naming=naming), post)


def telling_of_reply(body: str, *, thread: Thread, author: Member) -> Change:
    """The same, of one that is just being made; see `notifications.services.recording`."""
    news = _news_of_reply(body, naming=True)
    return notifications.services.recording(Post, news=news, actor=author, group_id=thread.pk)


def _news_of_reply(body: str, *, naming: bool) -> Sequence[Kind]:
    quoting = [QUOTED] if quotes.quotations_in(body) else []
    named = [MENTIONED] if naming and mentions.names_in(body) else []
    return [REPLIED_TO_YOU, NEW_REPLY, *quoting, *named]


def tell_mentioned(post: Post) -> bool:
    """Of an opening post. Says whether it names anybody."""
    if not mentions.names_in(post.body):
        return False
    _about_post([MENTIONED], post)
    return True


def _about_post(news: Sequence[Kind], post: Post) -> None:
    notifications.services.record_several(news=news, target_id=post.pk, actor=post.author, group_id=post.thread_id)


def tell_of_thread(thread: Thread) -> None:
    notifications.services.record(kind=NEW_THREAD, target_id=thread.pk, actor=thread.author, group_id=thread.board_id)


def tell_of_gathering(thread: Thread) -> bool:
    """Says whether it is one. One query, and those for the news."""
    gathering_id = Occurrence.objects.filter(thread=thread).values_list("gathering_id", flat=True).first()
    if gathering_id is None:
        return False
    notifications.services.record(
        kind=GATHERING_OPENED, target_id=thread.pk, actor=thread.author, group_id=gathering_id
    )
    return True


def tell_of_reaction(reaction: Reaction) -> None:
    notifications.services.record(kind=REACTED, target_id=reaction.pk, actor=reaction.member, group_id=reaction.post_id)
