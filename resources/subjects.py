"""Questions to professionals and what readers tell curators, as moderation sees them: whether a question fits, or a
remark is right, is for curators; danger and harm are not."""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.db.models import Model
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.carried import Carried, whole
from members.models import Member
from moderation.registry import Action, Alias, CannotApplyError, Named, Subject, Warn, register
from resources.access import asking, library
from resources.models import Question, Remark
from resources.services.asking import KIND, set_removed

_GONE = gettext_lazy("Its author took it back meanwhile. Nothing was changed.")


class Leave(Action):
    """What a curator has not read yet waits for them as before."""

    key = "approve"
    label = gettext_lazy("Leave it as it is, with the curators")

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        del subject, actor, options
        return False


class KeepAway(Leave):
    key = "keep"
    label = gettext_lazy("Leave it out of sight")


class Remove(Action):
    key = "remove"
    label = gettext_lazy("Take the question and its answers out of sight")
    statement = gettext_lazy("Your question was taken out of sight, with its answers if it had any.")
    scope = gettext_lazy("For everybody who reads here. Until a moderator changes it.")
    weight = 3

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        del actor
        before = set_removed(question=cast("Question", subject), removed=True)
        if not before:
            raise CannotApplyError(str(_GONE))
        options["before"] = before
        return True

    def revert(self, subject: Model, *, actor: Member, options: Mapping[str, Any]) -> bool:
        del actor
        return bool(set_removed(question=cast("Question", subject), removed=False, before=options["before"]))


_KNOWN: Sequence[type[Action]] = (Leave, KeepAway, Remove, Warn)


@register(Question)
class QuestionSubject(Subject[Question]):
    kind = KIND
    template = "resources/asking/_subject.html"
    carried = Carried(Question, *whole(Question))
    naming = ("title", "is_anonymous", "pk")

    def get(self, subject_id: int) -> Question | None:
        return Question.objects.select_related("author").filter(pk=subject_id).first()

    def find_for(self, member: Member, public_id: UUID) -> Question:
        question = asking.get_question_for(member, public_id)
        if question.author_id == member.pk or question.author is None:
            raise Http404
        return question

    def author(self, subject: Question) -> Member:
        # Accounts are never deleted; they lose their names.
        return cast("Member", subject.author)

    def snapshot(self, subject: Question) -> str:
        return f"{subject.title}\n\n{subject.body}"

    def report_title(self, subject: Question) -> str:  # noqa: ARG002 - the subject's signature
        return _("Report this question")

    def report_hint(self, subject: Question) -> str:  # noqa: ARG002 - the subject's signature
        return _("If something is wrong with an answer, say so here, too: a moderator tells the curators.")

    def named(self, values: Sequence[Any]) -> Named:
        title, is_anonymous, pk = values
        return Named(title, Alias(_("Somebody who asks without a name"), pk) if is_anonymous else None)

    def alias_of(self, subject: Question, member_id: int) -> str:
        hidden = subject.is_anonymous and subject.author_id == member_id
        return _("Somebody who asks without a name") if hidden else ""

    def author_door(self, subject: Question) -> str:
        return reverse("question_author", args=[subject.public_id]) if subject.is_anonymous else ""

    def url(self, subject: Question) -> str:
        return subject.get_absolute_url()

    def context(self, subject: Question, beside: Mapping[str, Any] | None = None) -> dict[str, object]:
        del beside
        return {"question": subject, "words": asking.words_of(subject)}

    def actions(self, subject: Question) -> Sequence[Action]:
        match subject.state:
            case Question.State.HELD | Question.State.OPEN | Question.State.ANSWERED:
                return [Leave(), Remove(), Warn()]
            case Question.State.DECLINED:
                return [KeepAway(), Remove(), Warn()]
            case _:
                return [KeepAway(), Warn()]

    def action(self, subject: Question, key: str) -> Action | None:
        del subject
        return next((each() for each in _KNOWN if each.key == key), None)

    def state(self, subject: Question) -> str:
        return str(Question.State(subject.state).label)


@register(Remark)
class RemarkSubject(Subject[Remark]):
    """Nobody can report it: only curators read it, without a name. Danger in it is for moderators all the same."""

    kind = "remark"
    template = "resources/_remark_subject.html"
    carried = Carried(Remark, *whole(Remark), "page__title", "page__slug", "page__url_path")
    naming = ("pk",)

    def get(self, subject_id: int) -> Remark | None:
        """None once its author has taken it back: the case keeps what it said and who wrote it."""
        return Remark.objects.select_related("member", "page").filter(pk=subject_id).first()

    def find_for(self, member: Member, public_id: UUID) -> Remark:
        del member, public_id
        raise Http404

    def author(self, subject: Remark) -> Member:
        # Accounts are never deleted; they lose their names.
        return cast("Member", subject.member)

    def snapshot(self, subject: Remark) -> str:
        return subject.text

    def report_title(self, subject: Remark) -> str:  # noqa: ARG002 - the subject's signature
        return ""

    def named(self, values: Sequence[Any]) -> Named:
        del values
        return Named(_("What a reader told the curators"))

    def url(self, subject: Remark) -> str:
        return library.address(subject.page.slug)

    def actions(self, subject: Remark) -> Sequence[Action]:
        del subject
        return [Leave(), Warn()]

    def state(self, subject: Remark) -> str:
        del subject
        return _("Only curators read it")
