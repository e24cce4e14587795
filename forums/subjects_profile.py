"""Members themselves, as moderation sees them: who somebody is here, whatever they wrote in one place.

What a disguised author wrote and what was decided about it stays out: beside the name it would tell who they are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.db.models import Model
from django.db.models.expressions import Combinable
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import members.services
import moderation.access
from core.carried import Carried
from forums import access
from members import names
from members.models import Block, Member
from moderation.registry import Action, CannotApplyError, Named, Subject, Warn, register

_SHOWN = (
    "public_id", "username", "is_active", "is_moderator", "joined_at", "suspended_until", "pronouns", "about",
    "leaves_at",
)  # fmt: skip


class LeaveMember(Action):
    """Whatever limits the member is a sanction, which every kind of subject has."""

    key = "approve"
    label = gettext_lazy("Leave it as it is")

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        del subject, actor, options
        return False


class WarnMember(Warn):
    label = gettext_lazy("Warn them")
    statement = gettext_lazy("This is a warning about how you are with others here. Nothing else was done.")


class ClearWords(Action):
    key = "clear"
    depends_on_words = True
    weight = 1
    label = gettext_lazy("Take the words from their profile")
    statement = gettext_lazy(
        "A moderator took what you say about yourself from your profile. Your name and your picture stay as they are."
    )
    scope = gettext_lazy("For everybody. You can write something else there; the reason counts then, too.")

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        del actor
        before = members.services.clear_words(member=cast("Member", subject))
        if not before:
            raise CannotApplyError(_("There are no words in this profile any more. Nothing was changed."))
        options["before"] = before
        return True

    def revert(self, subject: Model, *, actor: Member, options: Mapping[str, Any]) -> bool:
        del actor
        return members.services.put_words_back(member=cast("Member", subject), words=options["before"])


@register(Member)
class ProfileSubject(Subject[Member]):
    kind = "profile"
    template = "forums/_profile_subject.html"
    # A name stays while what somebody does goes on.
    is_its_words = False
    carried = Carried(Member, *_SHOWN)
    naming = ("username",)

    def get(self, subject_id: int) -> Member | None:
        return Member.objects.filter(pk=subject_id).first()

    def find_for(self, member: Member, public_id: UUID) -> Member:
        """Nobody on the other side of a block: the two do not meet here either."""
        found = Member.objects.filter(public_id=public_id, is_active=True, leaves_at=None).exclude(pk=member.pk)
        if not member.is_moderator:
            found = found.exclude(pk__in=Block.objects.ids_around(member))
        if (person := found.first()) is None:
            raise Http404
        return person

    def author(self, subject: Member) -> Member:
        return subject

    def snapshot(self, subject: Member) -> str:
        """Never the name: what is decided about cannot be changed later, and the name goes when its owner does."""
        said = "\n\n".join(words for words in (subject.pronouns, subject.about) if words)
        return said or _("(They say nothing about themselves.)")

    def report_title(self, subject: Member) -> str:  # noqa: ARG002 - the subject's signature
        return _("Report this person")

    def report_hint(self, subject: Member) -> str:
        return _(
            "This is about %(name)s as a member. If one post says it all, you could report that post instead; a "
            "moderator finds it quicker."
        ) % {"name": subject.shown_name}

    def named(self, values: Sequence[Any]) -> Named:
        return Named(_("%(name)s, as a member") % {"name": names.shown(values[0])})

    def url(self, subject: Member) -> str:
        return reverse("person", args=[subject.public_id])

    def beside(self) -> Mapping[str, Combinable]:
        return {"restrictions": moderation.access.restrictions_column()}

    def context(self, subject: Member, beside: Mapping[str, Any] | None = None) -> dict[str, object]:
        read = beside["restrictions"] if beside else None
        return {
            "member": subject,
            "restrictions": moderation.access.restrictions_in_words(subject, read),
            "latest": access.latest_posts_of(subject),
        }

    def actions(self, subject: Member) -> Sequence[Action]:
        if subject.pronouns or subject.about:
            return [LeaveMember(), ClearWords(), WarnMember()]
        return [LeaveMember(), WarnMember()]

    def action(self, subject: Member, key: str) -> Action | None:
        return ClearWords() if key == ClearWords.key else super().action(subject, key)

    def state(self, subject: Member) -> str:
        return _("here") if subject.is_active and subject.leaves_at is None else _("no longer here")
