"""What the forum tells members about single posts: they were named or quoted in one, or thanked for one."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import ByKey, Ids
from forums import glances, hearing, mentions, quotes
from forums.disguise import shown
from forums.models import Post, Visibility
from forums.news import answered, post_address
from members.models import Member
from notifications import kinds
from notifications.models import Channel, Event


def _post(event: Event) -> Post | None:
    posts = Post.objects.select_related("thread").filter(visibility=Visibility.VISIBLE)
    return posts.filter(pk=event.target_id).first()


# --- being named ------------------------------------------------------------------------------------------------


def _named(event: Event) -> Iterable[int]:
    """But for those whom it answers, for they hear of that."""
    post = _post(event)
    found = mentions.mentioned_ids(post) if post else set()
    return found - set(answered(post)) if post and found else set()


MENTIONED = kinds.register(
    kinds.Kind(
        key="mentioned",
        audience=kinds.few(_named),
        visible=mentions.readable,
        over=hearing.posts_over,
        untold=hearing.untold_posts,
        url=post_address,
        sights=glances.sights,
        lines=glances.POSTS.lines(lambda said: _("Somebody mentioned you in %(place)s.") % {"place": said.place}),
        grouped=glances.POSTS.lines(lambda said: _("You were mentioned in %(place)s.") % {"place": said.place}),
        label=gettext_lazy("Somebody mentions me"),
        default=Channel.DIGEST,
        digest_line=gettext_lazy("Somebody mentioned you."),
        group="thread",
    )
)


# --- being quoted -----------------------------------------------------------------------------------------------


def _quoted(event: Event) -> Iterable[int]:
    """But for those whom it names or answers, for they hear of that, and whoever wants to hear nothing there."""
    post = _post(event)
    found = quotes.quoted_ids(post) if post else set()
    if post is None or not found:
        return set()
    found -= hearing.reached_by("mentioned", mentions.mentioned_ids(post)) | set(answered(post))
    wanting = Member.objects.filter(mentions.wants_to_hear(post.thread), pk__in=found)
    return mentions.reached(set(wanting.values_list("pk", flat=True)), post)


QUOTED = kinds.register(
    kinds.Kind(
        key="quoted",
        audience=kinds.few(_quoted),
        visible=mentions.readable,
        over=hearing.posts_over,
        untold=hearing.untold_posts,
        url=post_address,
        sights=glances.sights,
        lines=glances.POSTS.lines(lambda said: _("Somebody quoted you in %(place)s.") % {"place": said.place}),
        grouped=glances.POSTS.lines(lambda said: _("You were quoted in %(place)s.") % {"place": said.place}),
        label=gettext_lazy("Somebody quotes me"),
        default=Channel.DIGEST,
        digest_line=gettext_lazy("Somebody quoted you."),
        group="thread",
    )
)


# --- being thanked ----------------------------------------------------------------------------------------------


def _thanked(event: Event) -> Iterable[int]:
    """Nobody, when it was taken back at once, its author hears nothing of this thread, or a block parts the two."""
    post = _post(event)
    if post is None or post.thanked_at is None:
        return set()
    authors = Member.objects.filter(mentions.wants_to_hear(post.thread), pk=post.author_id)
    if not post.thread.is_anonymous:
        authors = authors.exclude(mutes_made__muted=post.thread.author_id)
    return mentions.unblocked(set(authors.values_list("pk", flat=True)), post)


def _still_thanked(post_ids: Collection[int], member: Member) -> Collection[int]:
    """No filter keeps one's own words from oneself."""
    return Ids(hearing.posts_for(member).filter(pk__in=post_ids, author=member, thanked_at__isnull=False))


def _thanks_lines(post_ids: Collection[int]) -> Mapping[int, str]:
    """The thanks are those of the thread's author, by the name that they have there."""
    name = ("thread__author__username", "thread__author__public_id", "thread__disguise")
    posts = Post.objects.filter(pk__in=post_ids).values_list("pk", *name, *glances.POSTS.said)
    line = _("%(name)s thanked you for a reply in %(place)s.")

    def said(name: str, public_id: str, disguise: int | None, *about: Any) -> str:
        thanks = shown(name=name, public_id=UUID(public_id), disguise=disguise)
        return line % {"name": thanks.name, "place": glances.Said(*about).place}

    return ByKey(posts, said)


THANKED = kinds.register(
    kinds.Kind(
        key="thanked",
        label=gettext_lazy("Somebody thanks me for a reply"),
        audience=kinds.few(_thanked),
        visible=_still_thanked,
        over=hearing.muted_posts,
        url=post_address,
        lines=_thanks_lines,
        default=Channel.DIGEST,
        digest_line=gettext_lazy("Somebody thanked you."),
    )
)
