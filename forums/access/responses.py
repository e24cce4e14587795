"""Who responded to posts, as one reader may know it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from forums.access.posts import PostRow
from forums.disguise import name_for
from forums.models import Bookmark, Post, Reaction, Thread
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
    """One query, whose rows are bounded by the window's posts however many people reacted to them.

    In an anonymous thread its author is named by the disguise here, too; and what they gave stays, whoever blocked
    whom, because it would tell who they are if it went with a block. Of one's own posts NAMED_AT_MOST and one more are
    looked up for each kind of reaction, so that it can be said that there are others.
    """
    own_posts = [post.id for post in posts if post.author_id == member.pk]
    mine: dict[int, set[str]] = defaultdict(set)
    names: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    others: set[int] = set()
    for post_id, kind, member_id, username, _id in sorted(_rows(member, thread, posts, own_posts), key=lambda r: r[4]):
        if member_id == member.pk:
            mine[post_id].add(kind)
            continue
        others.add(post_id)
        if kind:
            disguise = thread.disguise if member_id == thread.author_id else None
            names[post_id][kind].append(shown(username) if disguise is None else name_for(disguise))
    return Responses(
        mine={pk: frozenset(kinds - {_BOOKMARK}) for pk, kinds in mine.items()},
        others=frozenset(others),
        names=names,
        bookmarked=frozenset(pk for pk, kinds in mine.items() if _BOOKMARK in kinds),
    )


def _rows(
    member: Member, thread: Thread, posts: Sequence[PostRow], own_posts: Sequence[int]
) -> QuerySet[Reaction, tuple[int, str, int, str, int]]:
    """What the member gave and bookmarked; who reacted to their own posts; and, with "" for a kind, that somebody
    reacted to another one. As post, kind, member, name and the key to sort by."""
    ids = [post.id for post in posts]
    fields = ("post_id", "kind", "member_id", "member__username", "id")
    given = Reaction.objects.filter(post__in=ids, member=member).values_list(*fields)
    bookmarks = Bookmark.objects.filter(post__in=ids, member=member).values_list(
        "post_id", Value(_BOOKMARK), "member_id", Value(""), "id"
    )
    by_others = Reaction.objects.filter(_unblocked(member, thread)).exclude(member=member)
    of_own = by_others.filter(post__in=own_posts).annotate(
        place=Window(RowNumber(), partition_by=["post", "kind"], order_by="id")
    )
    named = of_own.filter(place__lte=NAMED_AT_MOST + 1).values_list(*fields)
    somebody = Exists(by_others.filter(post=OuterRef("pk")))
    felt = Post.objects.filter(somebody, pk__in=set(ids).difference(own_posts)).values_list(
        "pk", Value(""), Value(0), Value(""), Value(0)
    )
    rows: QuerySet[Reaction, tuple[int, str, int, str, int]] = given.union(bookmarks, named, felt, all=True)
    return rows


def _unblocked(member: Member, thread: Thread) -> Q:
    shown = ~Q(member__in=Block.objects.ids_around(member))
    return shown if thread.disguise is None else shown | Q(member=thread.author_id)
