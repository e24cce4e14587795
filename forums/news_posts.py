"""What the forum tells members about single posts: they were named in one, or thanked for one."""

from collections.abc import Collection, Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from core import notes
from forums import mentions
from forums.disguise import shown
from forums.models import Post, Visibility
from members.models import Member
from notifications import kinds
from notifications.models import Event


def _post(event: Event) -> Post | None:
    posts = Post.objects.select_related("thread").filter(visibility=Visibility.VISIBLE)
    return posts.filter(pk=event.target_id).first()


def _address(event: Event) -> str:
    return reverse("post", args=[Post.objects.only("public_id").get(pk=event.target_id).public_id])


def _place(title: str, touched: Sequence[str]) -> str:
    """A title that its author put a content note on stays folded here: the list does not know who folds what."""
    if touched:
        return _("a thread that touches on: %(notes)s") % {"notes": ", ".join(notes.labels(touched))}
    return _("“%(title)s”") % {"title": title}


# --- being named ------------------------------------------------------------------------------------------------


def _named(event: Event) -> Iterable[int]:
    post = _post(event)
    return mentions.mentioned_ids(post) if post else set()


def _mention_lines(post_ids: Collection[int]) -> dict[int, str]:
    posts = Post.objects.filter(pk__in=post_ids).values_list(
        "pk", "thread__title", "thread__content_notes", "thread__board__content_notes"
    )
    line = _("Somebody mentioned you in %(place)s.")
    return {pk: line % {"place": _place(title, [*own, *of_board])} for pk, title, own, of_board in posts}


MENTIONED = kinds.register(
    kinds.Kind(
        key="mentioned",
        audience=_named,
        visible=mentions.readable,
        url=_address,
        lines=_mention_lines,
        mail_now=True,
    )
)


# --- being thanked ----------------------------------------------------------------------------------------------


def _thanked(event: Event) -> Iterable[int]:
    """Nobody, when it was taken back at once, its author hears nothing of this thread, or a block parts the two."""
    post = _post(event)
    if post is None or post.thanked_at is None:
        return set()
    authors = Member.objects.filter(mentions.wants_to_hear(post.thread), pk=post.author_id)
    return mentions.unblocked(set(authors.values_list("pk", flat=True)), post)


def _still_thanked(post_ids: Collection[int], member: Member) -> set[int]:
    thanked = Post.objects.filter(pk__in=post_ids, author=member, thanked_at__isnull=False)
    return mentions.readable(list(thanked.values_list("pk", flat=True)), member)


def _thanks_lines(post_ids: Collection[int]) -> dict[int, str]:
    """The thanks are those of the thread's author, by the name that they have there."""
    posts = Post.objects.filter(pk__in=post_ids).values_list(
        "pk",
        "thread__author__username",
        "thread__author__public_id",
        "thread__disguise",
        "thread__title",
        "thread__content_notes",
        "thread__board__content_notes",
    )
    line = _("%(name)s thanked you for a reply in %(place)s.")
    return {
        pk: line
        % {
            "name": shown(name=name, public_id=public_id, disguise=disguise).name,
            "place": _place(title, [*own, *of_board]),
        }
        for pk, name, public_id, disguise, title, own, of_board in posts
    }


THANKED = kinds.register(
    kinds.Kind(key="thanked", audience=_thanked, visible=_still_thanked, url=_address, lines=_thanks_lines)
)
