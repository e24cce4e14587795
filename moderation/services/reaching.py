"""Asking a moderator to reach out, without anything that is posted."""

from django.db import transaction

from members.models import Member
from moderation import registry
from moderation.models import Case, CrisisStep, Priority, Signal, Source
from moderation.screening import ASKS_FOR_HELP, Verdict, asks_for_help
from moderation.services import cases, crisis


def can_be_asked() -> bool:
    """Whether there is a case to put the wish into: one about the member, where members are reviewed at all."""
    return registry.knows(Member)


@transaction.atomic
def ask_to_reach_out(*, member: Member) -> bool:
    """Open a crisis case about `member`, on their own wish; the words that they write are not in it.

    Says whether that is news to anybody. Asked again before anybody did something about it, it stays one wish;
    asked again after that, or while the case is put away until a follow-up, it is in the queue again. Locks the case.
    """
    # Not locked: a decision locks the case before the member. A view's lazy member would not be known as one.
    about = Member.objects.get(pk=member.pk)
    case = cases.open_or_join(subject=about, priority=Priority.CRISIS, source=Source.AUTHOR, says_more=False)
    wish = Signal.objects.filter(case=case, kind=ASKS_FOR_HELP).order_by("-id").first()
    if wish is not None and case.quiet_until is None and not _was_answered(case, wish):
        return False
    cases.open_for_signals(subject=about, verdict=Verdict((asks_for_help(),)))
    if wish is not None:
        crisis.wake(Case.objects.get(pk=case.pk))
    return True


def _was_answered(case: Case, wish: Signal) -> bool:
    """Somebody wrote to them, took a step or decided since."""
    since = wish.created_at
    return (
        case.messages.filter(sent_at__gte=since).exists()
        or case.steps.filter(at__gte=since).exclude(step=CrisisStep.Step.CLAIMED).exists()
        or case.decisions.filter(decided_at__gte=since).exists()
    )
