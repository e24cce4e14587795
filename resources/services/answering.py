"""Answering in public, after somebody else has read the answer."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import moderation.access
import notifications.services
from core import markdown, text
from members.models import Member
from moderation.models import AuditEntry
from moderation.services import audit
from resources.access.asking import CannotDecideQuestionError
from resources.models import Answer, Professional, Question
from resources.news_questions import ANSWER_SENT_BACK, ANSWER_TO_REVIEW, QUESTION_ANSWERED

_STANDING = (Question.State.OPEN, Question.State.ANSWERED)


class AnswerChangedError(Exception):
    """Another tab or device saved other words. `answer` is what stands now."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _lock_question(question_id: int) -> Question:
    """Whatever happens to an answer locks its question first, so that the two never contradict each other.

    Raises:
        CannotDecideQuestionError: it was taken back, or removed, meanwhile.
    """
    question = Question.objects.select_for_update(no_key=True).get(pk=question_id)
    if question.state not in _STANDING:
        raise CannotDecideQuestionError(_("The question is not there any more, so nothing was done."))
    return question


def _lock(answer: Answer) -> Answer:
    rows = Answer.objects.select_related("professional__member").select_for_update(of=("self",), no_key=True)
    return rows.get(pk=answer.pk)


def _record(verb: str, *, actor: Member | None, answer: Answer, question: Question) -> AuditEntry:
    return audit.record(actor=actor, verb=verb, subject=question, question=question.pk, answer=answer.pk)


@transaction.atomic
def save_answer(
    *, professional: Professional, question: Question, body: str, version: int, hand_in: bool = False
) -> Answer:
    """Keep what they wrote; with `hand_in` a curator reads it next. `version` is that of the words it builds on, 0 for
    none. What was handed in and is changed waits with the new words; shown ones are taken back first. Locks question
    and answer.

    Raises:
        CannotDecideQuestionError: the question is gone, the answer is shown, or they may not post now.
        AnswerChangedError: it was saved elsewhere meanwhile.
    """
    if not Professional.objects.current().filter(pk=professional.pk).exists() or question.author_id == professional.pk:
        raise PermissionDenied
    if hand_in and moderation.access.standing_sanction(professional.member) is not None:
        raise CannotDecideQuestionError(
            _(
                "A moderator’s decision keeps you from posting at the moment, so this was not handed in. Your words "
                "are still below, and you can keep them as a draft."
            )
        )
    locked = _lock_question(question.pk)
    answer = Answer.objects.select_for_update(no_key=True).filter(question=locked, professional=professional).first()
    body = text.normalise(body)
    if answer is not None and answer.version != version:
        # The same words, sent twice.
        same = answer.body == body and (answer.state == Answer.State.REVIEW) == hand_in
        if same:
            return answer
        raise AnswerChangedError(answer)
    if answer is not None and answer.state == Answer.State.SHOWN:
        raise CannotDecideQuestionError(_("Your answer is shown. Take it back first, then you can change it."))
    answer = answer or Answer(question=locked, professional=professional, version=0)
    answer.body, answer.body_html, answer.field = body, markdown.render(body), professional.field
    answer.state = Answer.State.REVIEW if hand_in else Answer.State.DRAFT
    answer.reviewed_by = answer.reviewed_at = None
    answer.version += 1
    answer.changed_at = timezone.now()
    answer.save()
    if hand_in:
        entry = _record("answer-hand-in", actor=professional.member, answer=answer, question=locked)
        notifications.services.record(kind=ANSWER_TO_REVIEW, target_id=entry.pk, group_id=0, actor=professional.member)
    return answer


def _check_reviewer(actor: Member, answer: Answer, question: Question) -> None:
    """Whoever answers or asks does not review. The database says so, too, for the answer."""
    if not actor.is_curator or actor.pk in (answer.professional_id, question.author_id):
        raise PermissionDenied


def _check_read(answer: Answer, version: int, *states: Answer.State) -> None:
    if answer.version != version or answer.state not in states:
        raise CannotDecideQuestionError(_("The answer changed meanwhile. Please read it once more; nothing was done."))


@transaction.atomic
def show_answer(*, actor: Member, answer: Answer, version: int) -> None:
    """Show it to everybody, and tell who asked. Locks question and answer.

    Raises:
        CannotDecideQuestionError: one of them changed meanwhile, or the registration is over.
    """
    question = _lock_question(answer.question_id)
    locked = _lock(answer)
    _check_reviewer(actor, locked, question)
    _check_read(locked, version, Answer.State.REVIEW)
    if not locked.professional.is_current:
        raise CannotDecideQuestionError(
            _("The registration behind this answer is to be checked again first, by an administrator.")
        )
    locked.state, locked.reviewed_by, locked.reviewed_at = Answer.State.SHOWN, actor, timezone.now()
    locked.note = ""
    locked.version += 1
    locked.save(update_fields=["state", "reviewed_by", "reviewed_at", "note", "version"])
    _set_state(question)
    entry = _record("answer-show", actor=actor, answer=locked, question=question)
    notifications.services.record(kind=QUESTION_ANSWERED, target_id=entry.pk, group_id=question.pk)


@transaction.atomic
def send_back(*, actor: Member, answer: Answer, version: int, note: str) -> None:
    """Ask for changes; what was shown is out of sight until it is read again. Locks question and answer.

    Raises:
        CannotDecideQuestionError: one of them changed meanwhile.
    """
    question = _lock_question(answer.question_id)
    locked = _lock(answer)
    _check_reviewer(actor, locked, question)
    _check_read(locked, version, Answer.State.REVIEW, Answer.State.SHOWN)
    locked.state, locked.note = Answer.State.DRAFT, note
    locked.version += 1
    locked.changed_at = timezone.now()
    locked.save(update_fields=["state", "note", "version", "changed_at"])
    _set_state(question)
    entry = _record("answer-send-back", actor=actor, answer=locked, question=question)
    notifications.services.record(kind=ANSWER_SENT_BACK, target_id=entry.pk)


@transaction.atomic
def withdraw_answer(*, author: Member, answer: Answer) -> bool:
    """Take one's own answer back, also once the registration is over. Says whether anything changed.

    A question without another answer waits again. Locks question and answer.
    """
    if answer.professional_id != author.pk:
        raise PermissionDenied
    question = _lock_question(answer.question_id)
    locked = _lock(answer)
    if locked.state not in (Answer.State.REVIEW, Answer.State.SHOWN):
        return False
    locked.state = Answer.State.WITHDRAWN
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    _set_state(question)
    _record("answer-withdraw", actor=author, answer=locked, question=question)
    return True


def _set_state(question: Question) -> None:
    """Answered while an answer is shown. The caller has locked the question."""
    shown = Answer.objects.filter(question=question, state=Answer.State.SHOWN).exists()
    state = Question.State.ANSWERED if shown else Question.State.OPEN
    if question.state != state:
        question.state = state
        question.version += 1
        question.save(update_fields=["state", "version"])
