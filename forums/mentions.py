"""Members who are named in a post, as @name. On the page it stays plain text."""

import re
from collections.abc import Collection, Sequence

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from core import markdown
from forums import hearing
from forums.models import BoardFollow, Level, Post, Thread, ThreadFollow
from members import filters
from members.access import boundaries
from members.kept import lines_of
from members.models import Block, Member

# Whoever is named after the tenth is not told, so that nobody calls a whole community together.
AT_MOST = 10
# A pseudonym, and not a part of an address or of a longer word.
_NAME = re.compile(r"(?<![\w@/.+-])@([A-Za-z0-9](?:[A-Za-z0-9_-]{0,28}[A-Za-z0-9])?)(?![A-Za-z0-9]|[_-]+[A-Za-z0-9])")


def names_in(body: str) -> Sequence[str]:
    """The names in the author's own words, in lower case, each once: not those in quotes and code."""
    if "@" not in body:
        return []
    named = [name.lower() for name in _NAME.findall(markdown.own_words(body))]
    return list(dict.fromkeys(named))[:AT_MOST]


def mentioned_ids(post: Post) -> set[int]:
    """Whom to tell that `post` names them: those who can read it and want to hear of its thread.

    Nobody whom a block parts from its author. Two queries and one a name, ten names at most. Reads the thread.
    """
    names = names_in(post.body)
    if not names:
        return set()
    named = Member.objects.alias(lower=Lower("username")).filter(lower__in=names, is_active=True)
    hearing = named.exclude(pk=post.author_id).filter(wants_to_hear(post.thread))
    return reached({member.pk for member in hearing if readable({post.pk}, member)}, post)


def unblocked(member_ids: Collection[int], post: Post) -> set[int]:
    """Those of the members whom no block parts from the author of `post`, or from its thread's. One query.

    No block parts anybody from a disguised author: whoever hears nothing of them, but of everybody else, would know
    who they are. Moderators read every thread, and are parted only from who wrote the post. Reads the thread.
    """
    thread = post.thread
    parting = Q(pk__in=[])
    if not (thread.is_anonymous and post.author_id == thread.author_id):
        parting |= Q(blocker=post.author_id) | Q(blocked=post.author_id)
    if not thread.is_anonymous:
        parting |= Q(blocker=thread.author_id, blocked__is_moderator=False)
        parting |= Q(blocked=thread.author_id, blocker__is_moderator=False)
    writers = {post.author_id, thread.author_id}
    parted: set[int] = set()
    for blocker, blocked in Block.objects.filter(parting).values_list("blocker_id", "blocked_id"):
        parted |= {blocked} if blocker in writers else set()
        parted |= {blocker} if blocked in writers else set()
    return set(member_ids) - parted


def reached(member_ids: Collection[int], post: Post) -> set[int]:
    """The same, less those who muted who wrote it, and those whose filters keep its words from them. Two queries, and
    three for each who draws lines that were not asked for lately. Reads the thread."""
    thread = post.thread
    told = unblocked(member_ids, post)
    disguised = thread.is_anonymous and post.author_id == thread.author_id
    words = [filters.readable(post.body_html), *([thread.title] if post.number == 1 else [])]
    return told - boundaries.kept_from(told - {post.author_id}, None if disguised else post.author_id, *words)


def wants_to_hear(thread: Thread) -> Q:
    """Of members: who did not choose to hear nothing of `thread`, or of its board and said nothing of the thread."""
    of_thread = ThreadFollow.objects.filter(thread=thread, member=OuterRef("pk")).values("level")
    of_board = BoardFollow.objects.filter(board=thread.board_id, member=OuterRef("pk")).values("level")
    level = Coalesce(Subquery(of_thread), Subquery(of_board), Value(""))
    muting = Member.objects.alias(level=level).filter(level=Level.MUTE)
    return ~Q(pk__in=muting.values("pk"))


def readable(post_ids: Collection[int], member: Member) -> set[int]:
    """Those of the posts that are there for `member`, and that they want to meet in lists and news. One query.

    News of what they fold by a filter would lead them to it; so there is none, as of what is not shown.
    """
    there = hearing.posts_for(member).filter(pk__in=post_ids)
    lines = lines_of(member)
    if not lines.filters:
        return set(there.values_list("pk", flat=True))
    rows = there.values_list("pk", "author_id", "number", "thread__title", "body_html")
    return {
        pk
        for pk, author_id, number, title, html in rows
        if author_id == member.pk or not lines.look(title if number == 1 else "", filters.readable(html))
    }
