"""What an export says about the library."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from members.exports import Row, Section, leave_out, register, stream
from members.models import Member
from resources.models import Answer, Professional, Question, Remark, Saved


def _saved(member: Member) -> Iterator[Row]:
    return stream(Saved.objects.filter(member=member).order_by("at", "page_id"), page="page__title", saved_at="at")


def _remarks(member: Member) -> Iterator[Row]:
    rows = Remark.objects.filter(member=member).order_by("pk")
    return stream(rows, page="page__title", kind="kind", words="text", at="at", answer="answer")


def _questions(member: Member) -> Iterator[Row]:
    for question in Question.objects.filter(author=member).order_by("pk").iterator():
        yield {
            "title": question.title,
            "words": question.body,
            "asked_at": question.asked_at,
            "anonymous": question.is_anonymous,
            "state": question.get_state_display(),
            "taken_back_at": question.withdrawn_at,
            "you_were_told": question.answer_to_author,
        }


def _professional(member: Member) -> Iterator[Row]:
    rows = Professional.objects.filter(member=member)
    yield from stream(
        rows, field="field", register="register", number="registration_number", checked_on="checked_on",
        check_again_by="check_again_by", ended_at="ended_at",
    )  # fmt: skip
    answers = Answer.objects.filter(professional__member=member).order_by("pk")
    yield from stream(answers, question="question__title", you_answered="body", state="state", changed_at="changed_at")


_WORDS = {"words": _("What you wrote")}

register(Section("saved", _("Pages that you saved"), ("resources.Saved.member",), _saved))
register(Section("remarks", _("What you told curators"), ("resources.Remark.member",), _remarks, _WORDS))
register(Section("questions", _("Questions to professionals"), ("resources.Question.author",), _questions, _WORDS))
register(
    Section(
        "professional",
        _("Answering as a professional"),
        ("resources.Professional.member", "resources.Answer"),
        _professional,
    )
)

_STAFF_WORK = _("What staff did in their role: it belongs to the site, and names other people.")

leave_out(
    dict.fromkeys(
        [
            "resources.Professional.checked_by", "resources.Question.decided_by", "resources.Answer.reviewed_by",
            "resources.Remark.seen_by", "resources.Helpline.verified_by", "resources.HelplineChannel",
            "resources.Vetting.reviewer", "resources.ArticlePage.written_by", "resources.ArticlePage.reviewed_by",
        ],
        _STAFF_WORK,
    )
)  # fmt: skip
