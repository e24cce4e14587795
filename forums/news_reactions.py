"""What the forum tells members about reactions to their posts, which nobody else sees (M4).

Each is news of its own, so that one that is taken back is none any more; together they are one row a post. Who it was
stands at the post, where its author finds all of them.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import Ids
from forums import glances, hearing, mentions
from forums.models import Reaction
from members.models import Member
from notifications import kinds
from notifications.models import Event


def _author(event: Event) -> Iterable[int]:
    """Nobody, when it was taken back at once, they want to hear nothing there, or a block parts the two."""
    given = Reaction.objects.select_related("post__thread").filter(pk=event.target_id).first()
    if given is None or not _seen({given.pk}, given.post.author):
        return ()
    wanting = Member.objects.filter(mentions.wants_to_hear(given.post.thread), pk=given.post.author_id)
    return wanting.values_list("pk", flat=True)


def _seen(reaction_ids: Collection[int], member: Member) -> Collection[int]:
    return Ids(hearing.reactions_for(member).filter(pk__in=reaction_ids))


def _line(said: glances.Said) -> str:
    given = Reaction.Kind(said.detail).label
    line = _("Somebody responded with “%(reaction)s” to your words in %(place)s.")
    return line % {"reaction": given, "place": said.place}


def _post_address(event: Event) -> str:
    return reverse("post", args=[Reaction.objects.select_related("post").get(pk=event.target_id).post.public_id])


REACTED = kinds.register(
    kinds.Kind(
        key="reacted",
        audience=kinds.few(_author),
        visible=_seen,
        over=hearing.muted_reactions,
        url=_post_address,
        sights=glances.sights,
        lines=glances.REACTIONS.lines(_line),
        grouped=glances.REACTIONS.lines(
            lambda said: _("Others responded to your words in %(place)s.") % {"place": said.place}
        ),
        label=gettext_lazy("Somebody responds to my words, with “I hear you” for instance"),
        useful_for=dt.timedelta(days=1),
        digest_line=gettext_lazy("Somebody responded to your words."),
    )
)
