"""What becomes of a member's part in the library when they leave."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import APIToken, Page, PageSubscription
from wagtail.users.models import UserProfile

import notifications.services
from members.models import Leaving, Member
from moderation.services import cases
from resources.models import Answer, Professional, Question, Remark, Saved
from resources.news_leaving import NO_CURATOR
from resources.services import answering, asking

_STANDING = (Question.State.HELD, Question.State.OPEN, Question.State.ANSWERED, Question.State.DECLINED)


def begin(leaving: Leaving) -> None:
    """Tell administrators that nobody curates any more."""
    if leaving.member.is_curator and not _other_curators(leaving.member):
        notifications.services.record(kind=NO_CURATOR, target_id=leaving.pk)


def hide(leaving: Leaving, limit: int) -> int:
    """End the badge of a professional, let go of pages that a curator has locked, and take questions back where their
    words are to go."""
    changed: int = Professional.objects.filter(member=leaving.member_id, ended_at=None).update(ended_at=timezone.now())
    changed += Page.objects.filter(locked_by=leaving.member_id).update(locked=False, locked_by=None, locked_at=None)
    if leaving.way == Leaving.Way.KEEP_WORDS:
        return changed
    mine = Question.objects.filter(author=leaving.member_id, state__in=_STANDING).order_by("pk")
    ids = list(mine.values_list("pk", flat=True)[:limit])
    cases.any_changed(kind=asking.KIND, subject_ids=ids)
    taken = Question.objects.filter(pk__in=ids, state__in=_STANDING)
    return changed + taken.update(state=Question.State.WITHDRAWN, withdrawn_at=leaving.asked_at)


def restore(leaving: Leaving, limit: int) -> int:
    """Put questions back where they were. The badge of a professional is an administrator's to give."""
    taken = Question.objects.filter(
        author=leaving.member_id, state=Question.State.WITHDRAWN, withdrawn_at=leaving.asked_at
    )
    rows = list(taken.select_for_update(no_key=True).order_by("pk")[:limit])
    for question in rows:
        Question.objects.filter(pk=question.pk).update(state=_state_before(question), withdrawn_at=None)
    return len(rows)


def _state_before(question: Question) -> Question.State:
    if question.decided_at is None:
        return Question.State.HELD
    if question.answer_to_author:
        return Question.State.DECLINED
    shown = Answer.objects.filter(question=question, state=Answer.State.SHOWN).exists()
    return Question.State.ANSWERED if shown else Question.State.OPEN


def finish(leaving: Leaving) -> bool:
    member = leaving.member
    Saved.objects.filter(member=member).delete()
    Question.objects.filter(author=member, state=Question.State.DRAFT).delete()
    for model in (APIToken, EditingSession, FormState, PageSubscription, UserProfile):
        model.objects.filter(user=member).delete()
    Professional.objects.filter(member=member).update(registration_number="")
    if leaving.way == Leaving.Way.REMOVE_ALL:
        Remark.objects.filter(member=member).delete()
    Remark.objects.filter(member=member).update(member=None)
    if leaving.way == Leaving.Way.KEEP_WORDS:
        Question.objects.filter(author=member).update(author=None)
        return True
    _take_answers_back(member)
    asking.erase_withdrawn(before=timezone.now(), author=member)
    nameless = Question.objects.filter(author=member, body="")
    nameless.update(author=None)
    return not Question.objects.filter(author=member).exclude(state=Question.State.REMOVED).exists()


def _take_answers_back(member: Member) -> None:
    """Of a professional. A question that has no other answer waits for one again."""
    answers = Answer.objects.filter(professional=member.pk).select_related("question").order_by("pk")
    for answer in answers:
        answering.withdraw_answer(author=member, answer=answer)
    answers.exclude(body="").update(body="", body_html="")


def says(member: Member) -> Sequence[str]:
    """What they should know before they go."""
    sentences = []
    if member.is_curator and not _other_curators(member):
        sentences.append(
            _(
                "You are the only curator. Administrators are told; until there is another one, articles and help "
                "lines stay as they are."
            )
        )
    elif member.is_curator:
        sentences.append(_("Articles that you wrote stay, as the site’s. Other curators go on with what you began."))
    professional = Professional.objects.filter(member=member)
    if professional.exists():
        sentences.append(
            _("Your badge ends at once. Your answers stay where your words do, with your field and without your name.")
        )
    return sentences


def _other_curators(member: Member) -> bool:
    return Member.objects.filter(is_curator=True, is_active=True, leaves_at=None).exclude(pk=member.pk).exists()
