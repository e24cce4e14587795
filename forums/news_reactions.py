"""What the forum tells members about reactions to their posts, which nobody else sees (M4).

Each is news of its own, so that one that is taken back is none any more; together they are one row a post. Who it was
stands at the post, where its author finds all of them.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums import hearing, mentions
from forums.models import Reaction
from members.kept import lines_of
from members.models import Block, Member
from notifications import kinds
from notifications.models import Event


def _author(event: Event) -> Iterable[int]:
    """Nobody, when it was taken back at once, they want to hear nothing there, or a block parts the two."""
    given = Reaction.objects.select_related("post__thread").filter(pk=event.target_id).first()
    if given is None or not _seen({given.pk}, given.post.author):
        return ()
    wanting = Member.objects.filter(mentions.wants_to_hear(given.post.thread), pk=given.post.author_id)
    return wanting.values_list("pk", flat=True)


def _seen(reaction_ids: Collection[int], member: Member) -> set[int]:
    """Those to posts of `member`, as `access.responses_for` shows them: what the thread's disguised author gave stays,
    whoever blocked whom. Two queries."""
    disguised = Q(post__thread__disguise__isnull=False, member=F("post__thread__author"))
    unblocked = ~Q(member__in=Block.objects.ids_around(member)) | disguised
    unmuted = ~Q(member__in=lines_of(member).muted) | disguised
    given = Reaction.objects.filter(unblocked, unmuted, pk__in=reaction_ids, post__author=member)
    posts = dict(given.values_list("pk", "post_id"))
    readable = mentions.readable(set(posts.values()), member) if posts else set()
    return {pk for pk, post_id in posts.items() if post_id in readable}


def _lines(reaction_ids: Collection[int]) -> dict[int, str]:
    rows = Reaction.objects.filter(pk__in=reaction_ids).values_list(
        "pk", "kind", "post__thread__title", "post__thread__content_notes", "post__thread__board__content_notes"
    )
    line = _("Somebody responded with “%(reaction)s” to your words in %(place)s.")
    return {
        pk: line % {"reaction": Reaction.Kind(kind).label, "place": hearing.place(title, [*own, *of_board])}
        for pk, kind, title, own, of_board in rows
    }


def _grouped_lines(reaction_ids: Collection[int]) -> dict[int, str]:
    rows = Reaction.objects.filter(pk__in=reaction_ids).values_list(
        "pk", "post__thread__title", "post__thread__content_notes", "post__thread__board__content_notes"
    )
    line = _("Others responded to your words in %(place)s.")
    return {pk: line % {"place": hearing.place(title, [*own, *of_board])} for pk, title, own, of_board in rows}


def _post_address(event: Event) -> str:
    return reverse("post", args=[Reaction.objects.select_related("post").get(pk=event.target_id).post.public_id])


REACTED = kinds.register(
    kinds.Kind(
        key="reacted",
        audience=kinds.few(_author),
        visible=_seen,
        over=hearing.muted_reactions,
        url=_post_address,
        lines=_lines,
        grouped=_grouped_lines,
        label=gettext_lazy("Somebody responds to my words, with “I hear you” for instance"),
        useful_for=dt.timedelta(days=1),
        digest_line=gettext_lazy("Somebody responded to your words."),
    )
)
