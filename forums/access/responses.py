"""Who responded to posts, as one reader may know it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber

from forums.access.posts import PostRow
from forums.disguise import name_for
from forums.models import Reaction, Thread
from members.models import Block, Member
from members.names import shown


@dataclass(frozen=True)
class Responses:
    """What readers did with the posts of one window, as one reader may know it (M4): one's own reactions and
    bookmarks, whether there are others' reactions, and for one's own posts who responded and how."""

    mine: Mapping[int, frozenset[str]]
    others: frozenset[int]
    names: Mapping[int, Mapping[str, Sequence[str]]]
    bookmarked: frozenset[int]


# So many of those who responded to one's own post in one way are named.
NAMED_AT_MOST = 50
_BOOKMARK = "bookmark"


def responses_for(member: Member, thread: Thread, posts: Sequence[PostRow]) -> Responses:
    """No query, but one where somebody responded to a post of the reader's own.

    In an anonymous thread its author is named by the disguise here, too; and what they gave stays, whoever blocked
    whom, because it would tell who they are if it went with a block. Of one's own posts NAMED_AT_MOST and one more are
    looked up for each kind of reaction, so that it can be said that there are others.
    """
    own_posts = [post.id for post in posts if post.author_id == member.pk and post.others_gave]
    names: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for post_id, kind, member_id, username in _named(member, thread, own_posts) if own_posts else ():
        disguise = thread.disguise if member_id == thread.author_id else None
        names[post_id][kind].append(shown(username) if disguise is None else name_for(disguise))
    return Responses(
        mine={post.id: post.given for post in posts},
        others=frozenset(post.id for post in posts if post.others_gave),
        names=names,
        bookmarked=frozenset(post.id for post in posts if post.is_bookmarked),
    )


def _named(member: Member, thread: Thread, own_posts: Sequence[int]) -> QuerySet[Reaction, tuple[int, str, int, str]]:
    """Who reacted to these, the first of each kind. As post, kind, member and name."""
    of_own = Reaction.objects.filter(_unblocked(member, thread), post__in=own_posts).exclude(member=member)
    placed = of_own.annotate(place=Window(RowNumber(), partition_by=["post", "kind"], order_by="id"))
    named = placed.filter(place__lte=NAMED_AT_MOST + 1).order_by("id")
    return named.values_list("post_id", "kind", "member_id", "member__username")


def _unblocked(member: Member, thread: Thread) -> Q:
    shown = ~Q(member__in=Block.objects.ids_around(member))
    return shown if thread.disguise is None else shown | Q(member=thread.author_id)
