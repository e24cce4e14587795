"""What is told about questions to professionals. No line names the question or who asked: the page behind it does."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import BigIntegerField, Exists, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import Ids
from members.models import Block, Member
from moderation.models import AuditEntry
from notifications import kinds
from notifications.models import Channel, Event
from resources.models import Answer, Professional, Question


def _question(event: Event) -> Question:
    return Question.objects.get(pk=event.target_id)


def _author(event: Event) -> Iterable[int]:
    return Question.objects.filter(pk=event.target_id, author__isnull=False).values_list("author_id", flat=True)


def _curators_but(*others: int | None) -> Iterable[int]:
    curators = Member.objects.filter(is_curator=True, is_active=True)
    return curators.exclude(pk__in=[pk for pk in others if pk]).values_list("pk", flat=True)


# --- to curators


def _still_held(question_ids: Collection[int], member: Member) -> Collection[int]:
    if not member.is_curator:
        return set()
    held = Question.objects.filter(pk__in=question_ids, state=Question.State.HELD).exclude(author=member)
    return Ids(held)


def _numbers(name: str) -> Cast:
    """A number from the details of a log entry."""
    return Cast(KeyTextTransform(name, "details"), BigIntegerField())


def _entries(entry_ids: Collection[int]) -> QuerySet[Any]:
    entries = AuditEntry.objects.filter(pk__in=entry_ids)
    return entries.annotate(question_id=_numbers("question"), answer_id=_numbers("answer"))


def _entry(event: Event) -> dict[str, Any]:
    details: dict[str, Any] = AuditEntry.objects.get(pk=event.target_id).details
    return details


def _answer(event: Event) -> Answer:
    return Answer.objects.select_related("question").get(pk=_entry(event)["answer"])


def _reviewers(event: Event) -> Iterable[int]:
    answer = _answer(event)
    return _curators_but(answer.professional_id, answer.question.author_id)


def _still_in_review(entry_ids: Collection[int], member: Member) -> Collection[int]:
    if not member.is_curator:
        return set()
    standing = [Question.State.OPEN, Question.State.ANSWERED]
    waiting = Answer.objects.filter(state=Answer.State.REVIEW, question__state__in=standing)
    others = waiting.exclude(professional=member.pk).exclude(question__author=member)
    return Ids(_entries(entry_ids).filter(answer_id__in=others.values("pk")))


QUESTION_ASKED = kinds.register(
    kinds.Kind(
        key="question_asked",
        audience=kinds.few(lambda event: _curators_but(_question(event).author_id)),
        visible=_still_held,
        url=lambda _event: reverse("questions_desk"),
        lines=lambda ids: dict.fromkeys(ids, _("A new question to professionals waits for a curator.")),
        grouped=lambda ids: dict.fromkeys(ids, _("New questions to professionals wait for a curator.")),
        label=gettext_lazy("A question to professionals, or an answer, is to be read"),
        for_whom=kinds.curators,
        useful_for=dt.timedelta(days=7),
    )
)
ANSWER_TO_REVIEW = kinds.register(
    kinds.Kind(
        key="answer_to_review",
        like="question_asked",
        audience=kinds.few(_reviewers),
        visible=_still_in_review,
        url=lambda _event: reverse("answers_desk"),
        lines=lambda ids: dict.fromkeys(ids, _("An answer by a professional is to be read before it is shown.")),
        grouped=lambda ids: dict.fromkeys(ids, _("Answers by professionals are to be read before they are shown.")),
        for_whom=kinds.curators,
        useful_for=dt.timedelta(days=7),
    )
)


# --- to professionals


def _professionals(event: Event) -> Iterable[int]:
    """Not whoever asked, nor those for whom it does not wait because of a block."""
    current = Professional.objects.current()
    question = _question(event)
    if question.author is not None:
        met = Block.objects.filter(blocker=question.author).values_list("blocked_id", flat=True)
        around = met if question.is_anonymous else Block.objects.ids_around(question.author)
        current = current.exclude(member=question.author).exclude(member__in=around)
    return current.values_list("pk", flat=True)


def _still_waiting(question_ids: Collection[int], member: Member) -> Collection[int]:
    professional = Professional.objects.current().filter(member=member)
    return Ids(Question.objects.waiting_for(member).filter(Exists(professional), pk__in=question_ids))


def _is_professional(member: Member) -> bool:
    return Professional.objects.current().filter(member=member).exists()


def _sent_back_to(entry_ids: Collection[int], member: Member) -> Collection[int]:
    mine = Answer.objects.filter(professional=member.pk, state=Answer.State.DRAFT).exclude(note="")
    return Ids(_entries(entry_ids).filter(answer_id__in=mine.values("pk")))


QUESTION_WAITS = kinds.register(
    kinds.Kind(
        key="question_waits",
        topic=kinds.Topic.RESOURCES,
        audience=kinds.few(_professionals),
        visible=_still_waiting,
        url=lambda _event: reverse("answering"),
        lines=lambda ids: dict.fromkeys(ids, _("A question waits for a professional.")),
        grouped=lambda ids: dict.fromkeys(ids, _("Questions wait for a professional.")),
        label=gettext_lazy("A question waits for professionals, or my answer is to be changed"),
        for_whom=_is_professional,
        useful_for=dt.timedelta(days=7),
    )
)
ANSWER_SENT_BACK = kinds.register(
    kinds.Kind(
        key="answer_sent_back",
        audience=kinds.few(lambda event: [_answer(event).professional_id]),
        visible=_sent_back_to,
        url=lambda event: reverse("answer_question", args=[_answer(event).question.public_id]),
        lines=lambda ids: dict.fromkeys(ids, _("A curator asks you to change an answer before it is shown.")),
        least=Channel.SITE,
    )
)


def _ended(event: Event) -> int:
    return int(_entry(event)["member"])


def _administrators() -> Q:
    return Q(is_active=True) & (Q(is_staff=True) | Q(is_superuser=True))


def _told_of_end(event: Event) -> Iterable[int]:
    return Member.objects.filter(_administrators() | Q(pk=_ended(event))).values_list("pk", flat=True)


def _still_ended(entry_ids: Collection[int], member: Member) -> Collection[int]:
    """Not once it was checked again."""
    entries = AuditEntry.objects.filter(pk__in=entry_ids).annotate(member_id=_numbers("member"))
    ended = Professional.objects.filter(ended_at__isnull=False)
    if not (member.is_staff or member.is_superuser):
        ended = ended.filter(member=member)
    return Ids(entries.filter(member_id__in=ended.values("pk")))


PROFESSIONAL_ENDED = kinds.register(
    kinds.Kind(
        key="professional_ended",
        audience=kinds.few(_told_of_end),
        visible=_still_ended,
        url=lambda _event: reverse("answering"),
        lines=lambda ids: dict.fromkeys(ids, _("The check of a professional’s registration is over: the badge ended.")),
        least=Channel.SITE,
    )
)


# --- to whoever asked


def _asker(event: Event) -> Iterable[int]:
    author_id = _answer(event).question.author_id
    return [author_id] if author_id else []


def _mine_answered(entry_ids: Collection[int], member: Member) -> Collection[int]:
    mine = Question.objects.filter(author=member, state=Question.State.ANSWERED)
    shown = Answer.objects.filter(question__in=mine, state=Answer.State.SHOWN)
    return Ids(_entries(entry_ids).filter(answer_id__in=shown.values("pk")))


def _mine_declined(question_ids: Collection[int], member: Member) -> Collection[int]:
    return Ids(Question.objects.filter(pk__in=question_ids, author=member, state=Question.State.DECLINED))


QUESTION_ANSWERED = kinds.register(
    kinds.Kind(
        key="question_answered",
        topic=kinds.Topic.RESOURCES,
        audience=kinds.few(_asker),
        visible=_mine_answered,
        url=lambda event: _answer(event).question.get_absolute_url(),
        lines=lambda ids: dict.fromkeys(ids, _("A professional has answered your question.")),
        label=gettext_lazy("What became of my question to professionals"),
        least=Channel.SITE,
        useful_for=dt.timedelta(days=7),
    )
)
QUESTION_DECLINED = kinds.register(
    kinds.Kind(
        key="question_declined",
        like="question_answered",
        topic=kinds.Topic.RESOURCES,
        audience=kinds.few(_author),
        visible=_mine_declined,
        url=lambda event: _question(event).get_absolute_url(),
        lines=lambda ids: dict.fromkeys(ids, _("A curator has written to you about your question.")),
        least=Channel.SITE,
        useful_for=dt.timedelta(days=7),
    )
)
