"""Asking professionals something, passing it on, and taking it back."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import moderation.access
import notifications.services
from core import markdown, text
from members.models import Member
from moderation import asking, screening
from moderation.models import Look
from moderation.screening import CRISIS, HOSTILITY, PERSONAL, SPAM, WATCHED, Verdict
from moderation.services import audit, cases, doors
from resources.access import asking as access
from resources.access.asking import CannotAskError, CannotDecideQuestionError
from resources.models import Answer, Question, Topic
from resources.models.asking import QUESTION_MAX, TITLE_MAX
from resources.news_questions import QUESTION_ASKED, QUESTION_DECLINED, QUESTION_WAITS

KIND = "question"
ERASED_AT_ONCE = 200
# Doses and treatments are what people ask professionals about, and a curator reads it first.
_NOTICED = frozenset({CRISIS, PERSONAL, HOSTILITY, SPAM, WATCHED})


def screen(words: str, *, author: Member) -> Verdict:
    """What is in a question: danger as in posts, and what nobody should make public. Two queries at most."""
    watches = moderation.access.watches(access.watched_stamp_for(author))
    verdict = screening.screen(words, earlier=access.lately_asked(author), watches=watches)
    return Verdict(tuple(found for found in verdict.signals if found.kind in _NOTICED), verdict.severity)


@transaction.atomic
def ask_question(
    *,
    author: Member,
    topic: Topic,
    title: str,
    body: str,
    is_anonymous: bool,
    submission: UUID | None = None,
    asked: Collection[str] | None = None,
    reach_out: bool = False,
) -> Question:
    """Put a question. A curator reads it before anybody else does; the same `submission` twice is one question.

    `asked` are the marks of what its author was asked about, None where nobody can be asked; `reach_out` is their
    wish to hear from a moderator. Words of danger open a case for moderators, as with posts. The draft is gone then.
    Locks the author's row against a double submit.

    Raises:
        CannotAskError: the author may not post now, or changed the words after they were sent.
        AskFirstError: there is something in it that its author was not `asked` about.
    """
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)
    title, body = text.normalise(title), text.normalise(body)
    if (before := access.asked_with(author, submission)) is not None:
        return _same(before, title, body)
    access.check_can_ask(author)
    words = f"{title}\n\n{body}"
    verdict = screen(words, author=author)
    asking.check(verdict, words, asked)
    if reach_out:
        verdict = verdict.plus(screening.asks_for_help())
    Question.objects.filter(author=author, state=Question.State.DRAFT).delete()
    question = Question.objects.create(
        author=author,
        is_anonymous=is_anonymous,
        topic=topic,
        title=title,
        body=body,
        body_html=markdown.render(body),
        submission=submission,
    )
    cases.open_for_signals(subject=question, verdict=verdict)
    notifications.services.record(kind=QUESTION_ASKED, target_id=question.pk, group_id=0)
    return question


def _same(before: Question, title: str, body: str) -> Question:
    if (before.title, before.body) != (title, body):
        raise CannotAskError(
            _("An earlier version of this was sent already. Your words are still below; send them if you like.")
        )
    return before


def save_draft(*, author: Member, topic: str, title: str, body: str, is_anonymous: bool) -> bool:
    """Keep what `author` began, one question at a time; nothing is kept of no words. Says whether something is kept."""
    if not (title.strip() or body.strip()):
        Question.objects.filter(author=author, state=Question.State.DRAFT).delete()
        return False
    kept = {
        "topic": topic if topic in Topic else Topic.CONNECTION,
        "title": title[:TITLE_MAX],
        "body": body[: 2 * QUESTION_MAX],
        "body_html": "",
        "is_anonymous": is_anonymous,
    }
    Question.objects.update_or_create(author=author, state=Question.State.DRAFT, defaults=kept)
    return True


# --- by curators


def _check_curator(actor: Member, question: Question) -> None:
    if not actor.is_curator or question.author_id == actor.pk:
        raise PermissionDenied


def _lock(question: Question, version: int, *states: Question.State) -> Question:
    """Raises CannotDecideQuestionError where somebody else was there first."""
    locked = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    if locked.version != version or locked.state not in states:
        raise CannotDecideQuestionError(
            _("Something about this question changed meanwhile. Please look again; nothing was done.")
        )
    return locked


@transaction.atomic
def accept_question(*, actor: Member, question: Question, version: int, topic: Topic) -> None:
    """Pass it on to the professionals. Locks the cases about it, then the question.

    Raises:
        CannotDecideQuestionError: it changed meanwhile, or a moderator has to look first.
    """
    _check_curator(actor, question)
    if cases.waiting_to_be_read(kind=KIND, subject_ids=[question.pk]):
        raise CannotDecideQuestionError(
            _("A moderator looks at this question first. It can be passed on once they have; nothing was done.")
        )
    locked = _lock(question, version, Question.State.HELD)
    locked.state, locked.topic = Question.State.OPEN, topic
    _decided(locked, actor, "question-accept")
    notifications.services.record(kind=QUESTION_WAITS, target_id=locked.pk, group_id=0)


@transaction.atomic
def decline_question(*, actor: Member, question: Question, version: int, answer: str) -> None:
    """Not for professionals here: its author alone reads why, in kind words. Not once an answer is being reviewed.

    Raises:
        CannotDecideQuestionError: it changed meanwhile, or somebody has handed in an answer.
    """
    _check_curator(actor, question)
    locked = _lock(question, version, Question.State.HELD, Question.State.OPEN)
    if Answer.objects.filter(question=locked, state=Answer.State.REVIEW).exists():
        raise CannotDecideQuestionError(_("Somebody has handed in an answer meanwhile. Please read that first."))
    locked.state, locked.answer_to_author = Question.State.DECLINED, answer
    _decided(locked, actor, "question-decline")
    notifications.services.record(kind=QUESTION_DECLINED, target_id=locked.pk)


def _decided(question: Question, actor: Member, verb: str) -> None:
    question.decided_by, question.decided_at = actor, timezone.now()
    question.version += 1
    question.save(update_fields=["state", "topic", "answer_to_author", "decided_by", "decided_at", "version"])
    audit.record(actor=actor, verb=verb, subject=question)


# --- by its author


@transaction.atomic
def withdraw_question(*, author: Member, question: Question) -> bool:
    """Take it back: nobody but moderators reads it any more, nor its answers. Says whether anything changed.

    Whoever is about to decide about it looks again. Locks the cases about it, then the question.
    """
    if question.author_id != author.pk:
        raise PermissionDenied
    cases.any_changed(kind=KIND, subject_ids=[question.pk])
    locked = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    standing = (Question.State.HELD, Question.State.OPEN, Question.State.ANSWERED, Question.State.DECLINED)
    if locked.state not in standing:
        # Nobody has to look again at what is as it was.
        transaction.set_rollback(True)
        return False
    locked.state, locked.withdrawn_at = Question.State.WITHDRAWN, timezone.now()
    locked.version += 1
    locked.save(update_fields=["state", "withdrawn_at", "version"])
    return True


def erase_withdrawn(*, before: dt.datetime | None = None, author: Member | None = None) -> int:
    """Erase the words of what was taken back long ago, unless a case about it is open. Says of how many.

    By anybody, or by one `author` only. Who is leaving can still come back, and then their words do.

    Each batch is a transaction of its own; run again, it goes on where it was stopped.
    """
    before = before or timezone.now() - access.TAKEN_BACK_FOR
    erased, after = 0, 0
    while ids := _to_erase(before, after, author):
        erased += _erase(ids)
        after = ids[-1]
    return erased


def _to_erase(before: dt.datetime, after: int, author: Member | None) -> list[int]:
    rows = Question.objects.filter(state=Question.State.WITHDRAWN, withdrawn_at__lt=before, pk__gt=after)
    rows = rows.filter(author=author) if author else rows
    rows = rows.exclude(author__leaves_at__isnull=False, author__is_active=True)
    return list(rows.exclude(body="").order_by("pk").values_list("pk", flat=True)[:ERASED_AT_ONCE])


@transaction.atomic
def _erase(question_ids: list[int]) -> int:
    ids = set(question_ids) - moderation.access.with_open_case(KIND, question_ids)
    # Where the question went, what was said about it would tell what it was.
    Answer.objects.filter(question__in=ids).update(body="", body_html="")
    return Question.objects.filter(pk__in=ids).update(title="", body="", body_html="", answer_to_author="")


# --- by moderators


@transaction.atomic
def see_asker(*, actor: Member, question: Question, reason: str) -> str:
    """The name of whoever asked anonymously. Every look goes to the log, with its reason (T7)."""
    if not moderation.access.moderates_now(actor):
        raise PermissionDenied
    found = Question.objects.select_related("author").get(pk=question.pk)
    if found.author is None:
        audit.record(actor=actor, verb="see-asker", subject=found, reason=reason)
        return ""
    doors.record_look(actor=actor, member=found.author, door=Look.Door.ASKER, reason=reason, subject=found)
    return found.author.shown_name


@transaction.atomic
def set_removed(*, question: Question, removed: bool, before: str = "") -> str:
    """By a decision about its case: out of everybody's sight, or back where it was. Locks it.

    Gives the state it had; "" where there was nothing to do.
    """
    locked = Question.objects.select_for_update(no_key=True).get(pk=question.pk)
    was = locked.state
    if (was == Question.State.REMOVED) == removed or was == Question.State.WITHDRAWN:
        return ""
    locked.state = Question.State.REMOVED if removed else Question.State(before)
    locked.version += 1
    locked.save(update_fields=["state", "version"])
    return was
