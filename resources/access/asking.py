"""Questions to professionals: who reads what, by which name, and who may ask, decide and answer."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Left
from django.http import Http404
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

import moderation.access
from core.pagination import Page, keyset_page
from members.kept import Kept, kept, lines_of
from members.models import Block, Member
from resources.models import Answer, Professional, Question, Topic
from resources.models.asking import Reader

PER_PAGE, BEGINNING = 20, 240
# Few people answer, and each question is read with care.
A_DAY, DAY = 3, dt.timedelta(days=1)
# So long its author's words are kept after they took them back, in case a moderator has to look.
TAKEN_BACK_FOR = dt.timedelta(days=30)


class CannotAskError(Exception):
    """The question cannot be put now. The message is a sentence for its author; their words are kept."""


class CannotDecideQuestionError(Exception):
    """What a curator or a professional wanted to do does not fit any more. The message is a sentence for them."""


# --- who reads what


def get_question_for(reader: Reader, public_id: UUID) -> Question:
    """Raises Http404. One query."""
    found = Question.objects.visible_to(reader).select_related("author").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def get_own_question(member: Member, public_id: UUID) -> Question:
    """Raises Http404 for everybody else's, and PermissionDenied where others can read it."""
    found = get_question_for(member, public_id)
    if found.author_id != member.pk:
        raise PermissionDenied
    return found


def asker_of(question: Question, reader: Reader) -> str:
    """The name beside a question; "" where it is nobody's business. Outside, no member's name is told at all."""
    if not isinstance(reader, Member) or question.author is None:
        return ""
    if question.is_anonymous and not (reader.is_curator or reader.pk == question.author_id):
        return ""
    return question.author.shown_name


def kept_from(reader: Reader, question: Question) -> Kept:
    """Why `reader` does not meet its words at once, if they drew a line. At most three queries, as rarely as can be."""
    texts = [question.title, question.body_html]
    disguised = not asker_of(question, reader)
    return kept(lines_of(reader), author_id=question.author_id, viewer_id=reader.pk, disguised=disguised, texts=texts)


def words_of(row: Question | Answer) -> SafeString:
    return mark_safe(row.body_html)  # noqa: S308 - sanitised by the renderer when it was written


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """`is_current` says whether the badge counts today; the field is the one they answered in."""

    public_id: UUID
    html: SafeString
    name: str
    field: str
    register: str
    checked_on: dt.date
    is_current: bool
    answered_on: dt.datetime | None
    is_mine: bool
    kept: Kept = Kept.NOT


def shown_answers(reader: Reader, question: Question) -> Sequence[ShownAnswer]:
    """In the order in which they were given; not those by somebody on the other side of a block. One query."""
    answers = Answer.objects.filter(question=question, state=Answer.State.SHOWN)
    if isinstance(reader, Member) and not (reader.is_moderator or reader.is_curator):
        answers = answers.exclude(professional__in=Block.objects.ids_around(reader))
    rows = answers.select_related("professional__member").order_by("reviewed_at", "pk")
    return [_shown(row, reader) for row in rows]


def _shown(row: Answer, reader: Reader) -> ShownAnswer:
    professional = row.professional
    return ShownAnswer(
        row.public_id,
        words_of(row),
        professional.member.shown_name,
        row.field,
        professional.register,
        professional.checked_on,
        professional.is_current,
        row.reviewed_at,
        reader.pk == professional.pk,
        _kept_answer(row, reader),
    )


def _kept_answer(row: Answer, reader: Reader) -> Kept:
    lines, author_id = lines_of(reader), row.professional_id
    return kept(lines, author_id=author_id, viewer_id=reader.pk, disguised=False, texts=[row.body_html])


# --- lists: plain rows

_ROW = ("id", "public_id", "author_id", "title", "topic", "state", "asked_at", "beginning")


def _rows(questions: QuerySet[Question]) -> QuerySet[Question, dict[str, Any]]:
    rows: QuerySet[Question, dict[str, Any]] = questions.annotate(beginning=Left("body", BEGINNING)).values(*_ROW)
    return rows


def _page(questions: QuerySet[Question], cursor: str | None, *, order: str) -> Page[dict[str, Any]]:
    page = keyset_page(_rows(questions), order=[order], size=PER_PAGE, cursor=cursor)
    return Page([_told(row) for row in page.items], page.next_cursor, page.is_first)


def _told(row: dict[str, Any]) -> dict[str, Any]:
    topic, state = Topic(row["topic"]), Question.State(row["state"])
    return row | {"topic_label": topic.label, "state_label": state.label, "is_cut": len(row["beginning"]) == BEGINNING}


def answered_page(reader: Reader, topic: str, cursor: str | None) -> Page[dict[str, Any]]:
    """Answered questions, the newest first, without names. One query."""
    answered = Question.objects.visible_to(reader).filter(state=Question.State.ANSWERED)
    page = _page(answered.filter(topic=topic) if topic else answered, cursor, order="-id")
    return replace(page, items=_met(reader, page.items))


def _met(reader: Reader, rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Without names, so that a mute keeps nothing away here. A page can be shorter than the others."""
    lines = lines_of(reader)
    if not lines.filters:
        return rows
    for row in rows:
        texts = [row["title"], row["beginning"]]
        row["kept"] = kept(lines, author_id=row["author_id"], viewer_id=reader.pk, disguised=True, texts=texts)
    return [row for row in rows if row["kept"] != Kept.HIDDEN]


def own_page(member: Member, cursor: str | None) -> Page[dict[str, Any]]:
    """What `member` asked, in whatever state, the newest first. One query."""
    asked = Question.objects.filter(author=member).exclude(state=Question.State.DRAFT)
    return _page(asked, cursor, order="-id")


def desk_page(curator: Member, cursor: str | None) -> Page[dict[str, Any]]:
    """What waits for a curator who did not ask it, the oldest first. One query."""
    return _page(Question.objects.filter(state=Question.State.HELD).exclude(author=curator), cursor, order="id")


def waiting_page(professional: Member, cursor: str | None) -> Page[dict[str, Any]]:
    """What waits for an answer and `professional` has not begun to answer, the oldest first. One query."""
    begun = Answer.objects.filter(question=OuterRef("pk"), professional=professional.pk)
    return _page(Question.objects.waiting_for(professional).filter(~Exists(begun)), cursor, order="id")


def begun_answers(professional: Member) -> Sequence[Answer]:
    """What they are at, the latest first: begun, handed in, or sent back. A few; one query."""
    mine = Answer.objects.filter(professional=professional.pk, state__in=[Answer.State.DRAFT, Answer.State.REVIEW])
    standing = mine.filter(question__state__in=[Question.State.OPEN, Question.State.ANSWERED])
    return list(standing.select_related("question").order_by("-changed_at", "-pk")[:PER_PAGE])


def review_page(curator: Member, cursor: str | None) -> Page[dict[str, Any]]:
    """Answers that somebody else reads first; not one's own, nor to one's own question. Oldest first; one query."""
    answers = Answer.objects.filter(state=Answer.State.REVIEW).exclude(professional=curator.pk)
    # A question whose author is gone is nobody's own.
    others = answers.filter(question__state__in=[Question.State.OPEN, Question.State.ANSWERED]).exclude(
        question__author=curator
    )
    rows = others.annotate(title=F("question__title"), name=F("professional__member__username")).values(
        "id", "public_id", "title", "name", "field", "changed_at"
    )
    return keyset_page(rows, order=["id"], size=PER_PAGE, cursor=cursor)


def open_page(cursor: str | None) -> Page[dict[str, Any]]:
    """For curators: what was passed on and nobody has answered, the oldest first. One query."""
    return _page(Question.objects.filter(state=Question.State.OPEN), cursor, order="id")


# --- asking


def check_can_ask(member: Member) -> None:
    """Raises CannotAskError while a moderator's decision keeps `member` from posting, or it was enough for a day.

    Two queries.
    """
    if moderation.access.standing_sanction(member) is not None:
        raise CannotAskError(
            _(
                "A moderator’s decision keeps you from posting at the moment, so this was not sent. Your words are "
                "still below, and you can keep them as a draft. Help at once comes from the lines on “Get help now”."
            )
        )
    if len(lately_asked(member)) >= A_DAY:
        raise CannotAskError(
            _(
                "You have asked three questions within a day. Few people answer here, so that is the most. Your words "
                "are still below; you could keep them as a draft and send them tomorrow."
            )
        )


def draft_of(member: Member) -> Question | None:
    """The question that `member` began. One query."""
    return Question.objects.filter(author=member, state=Question.State.DRAFT).first()


def asked_with(member: Member, submission: UUID | None) -> Question | None:
    """What this very form asked before: a double click, a reload, a resent form. One query."""
    if submission is None:
        return None
    asked = Question.objects.filter(author=member, submission=submission)
    return asked.exclude(state=Question.State.DRAFT).first()


def lately_asked(member: Member) -> Sequence[str]:
    """What `member` asked within the last day, also what they took back. One query."""
    lately = Question.objects.filter(author=member, asked_at__gte=timezone.now() - DAY)
    bodies = lately.exclude(state=Question.State.DRAFT).order_by("-id").values_list("title", "body")[:A_DAY]
    return [f"{title}\n\n{body}" for title, body in bodies]


def watched_stamp_for(member: Member) -> Sequence[dt.datetime]:
    """For `moderation.access.watches`. One query."""
    stamps = Member.objects.filter(pk=member.pk).values_list(moderation.access.watched_stamp())
    return tuple(stamps[0][0])


# --- deciding


def check_curator(member: Member) -> None:
    """Raises Http404 for everybody else: members are not told that the page exists."""
    if not (member.is_curator and member.is_active):
        raise Http404


def get_question_to_decide(curator: Member, public_id: UUID) -> Question:
    """Raises Http404, also for one's own: somebody else decides about it."""
    check_curator(curator)
    at_the_desk = [Question.State.HELD, Question.State.OPEN, Question.State.DECLINED]
    found = Question.objects.filter(public_id=public_id, state__in=at_the_desk).exclude(author=curator)
    question = found.select_related("author").first()
    if question is None:
        raise Http404
    return question


def is_with_moderators(question: Question) -> bool:
    """Whether screening keeps it from going on until a moderator has looked. One query."""
    return bool(moderation.access.held_for(question))


def get_disguised_question(moderator: Member, public_id: UUID) -> Question:
    """An anonymous question, for a moderator who has a reason to learn who asked. Raises Http404."""
    moderation.access.check_moderator(moderator)
    asked = Question.objects.filter(public_id=public_id, is_anonymous=True, author__isnull=False)
    question = asked.exclude(state=Question.State.DRAFT).first()
    if question is None:
        raise Http404
    return question


# --- answering


def is_professional(member: Member) -> bool:
    """One query."""
    return Professional.objects.current().filter(member=member).exists()


def find_professional(member: Member) -> Professional | None:
    """None for whoever is none, or is to be checked again. One query."""
    return Professional.objects.current().filter(member=member).first()


def get_professional(member: Member) -> Professional:
    """Raises Http404 for whoever is none, or is to be checked again."""
    found = Professional.objects.current().select_related("member").filter(member=member).first()
    if found is None:
        raise Http404
    return found


def get_listed_professional(member: Member) -> Professional | None:
    """Whoever was checked once, also where that is over; None for administrators who are none, who look after them.

    Raises Http404 for everybody else.
    """
    found = Professional.objects.select_related("member").filter(member=member).first()
    if found is None and not (member.is_staff or member.is_superuser):
        raise Http404
    return found


def get_question_to_answer(professional: Professional, public_id: UUID) -> tuple[Question, Answer | None]:
    """The question, and what they wrote about it so far. Raises Http404. Three queries."""
    question = get_question_for(professional.member, public_id)
    standing = question.state in (Question.State.OPEN, Question.State.ANSWERED)
    if not standing or question.author_id == professional.pk:
        raise Http404
    answer = Answer.objects.filter(question=question, professional=professional).first()
    can_begin = Question.objects.waiting_for(professional.member).filter(pk=question.pk).exists()
    if answer is None and not (can_begin or question.state == Question.State.ANSWERED):
        raise Http404
    return question, answer


def get_answer_to_review(curator: Member, public_id: UUID) -> Answer:
    """Handed in or shown, by somebody else and not about one's own question. Raises Http404."""
    check_curator(curator)
    answers = Answer.objects.filter(public_id=public_id, state__in=[Answer.State.REVIEW, Answer.State.SHOWN])
    found = answers.exclude(professional=curator.pk).exclude(question__author=curator)
    answer = found.select_related("question__author", "professional__member").first()
    if answer is None:
        raise Http404
    return answer


def get_own_answer(member: Member, public_id: UUID) -> Answer:
    """One's own that is handed in or shown, also once the registration ended. Raises Http404."""
    answers = Answer.objects.filter(public_id=public_id, professional=member.pk)
    found = answers.filter(state__in=[Answer.State.REVIEW, Answer.State.SHOWN]).select_related("question").first()
    if found is None:
        raise Http404
    return found


# --- who answers


def professionals() -> Sequence[Professional]:
    """For administrators: those whose check is over first, then by the day of the next. They are few; one query."""
    rows = Professional.objects.select_related("member", "checked_by")
    return list(rows.order_by(F("ended_at").asc(nulls_first=True), "check_again_by", "pk"))


def get_managed_professional(public_id: UUID) -> Professional:
    """Raises Http404."""
    rows = Professional.objects.select_related("member", "checked_by")
    found = rows.filter(member__public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def find_member(name: str) -> Member | None:
    """A member by the name that they have here, for an administrator who typed it."""
    return Member.objects.filter(username__iexact=name, is_active=True).first()
