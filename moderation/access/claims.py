"""Whose hands a case is in, and which of them are free."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models import Case as Choice
from django.utils import timezone

from members.models import Member
from moderation.access.moderators import moderates_now, moderating_at
from moderation.models import Case, Declined, Flag, PendingDecision


def is_held(case: Case) -> bool:
    """Whether somebody's claim still runs. It ends with the lease, and when they no longer moderate."""
    holder = case.claimed_by
    if holder is None or case.lease_until is None or case.lease_until <= timezone.now():
        return False
    return moderates_now(holder)


def free_at(now: dt.datetime) -> Q:
    """Cases that nobody holds. Looks only at the row itself and its holder's, so that a conditional UPDATE can use it:
    PostgreSQL asks again when another transaction has changed the row meanwhile."""
    moderating = Member.objects.filter(moderating_at(now), pk=OuterRef("claimed_by"))
    return Q(claimed_by=None) | Q(lease_until__lte=now) | ~Q(Exists(moderating))


def waits_at(now: dt.datetime) -> Q:
    """Cases that are to be looked at: not those with a decision that can be undone, or a step that is due later."""
    return Q(quiet_until=None) | Q(quiet_until__lte=now)


def undecided() -> Q:
    """Cases without a decision that can still be undone."""
    return ~Q(Exists(PendingDecision.objects.filter(case=OuterRef("pk"))))


def open_for(moderator: Member) -> QuerySet[Case]:
    """Not the cases about them: nobody reads who reported them."""
    return Case.objects.filter(state=Case.State.OPEN).exclude(author=moderator)


def offered_to(moderator: Member, now: dt.datetime | None = None) -> QuerySet[Case]:
    """What `moderator` could take now: free, waiting, and not declined by them."""
    now = now or timezone.now()
    declined = Declined.objects.filter(case=OuterRef("pk"), moderator=moderator)
    return open_for(moderator).filter(free_at(now) & waits_at(now)).exclude(Exists(declined))


def left_to_colleagues(moderator: Member, now: dt.datetime | None = None) -> Q:
    """Cases in which they are one of the reporters, and another moderator is not.

    Where there is no other, whoever reported it decides: else no one ever would.
    """
    return Q(has_reported(moderator)) & Q(Exists(could_decide(but=moderator, now=now or timezone.now())))


def left_column(moderator: Member, now: dt.datetime) -> Choice:
    """The same as a value. Looks for colleagues only where the moderator did report it, which is rare."""
    somebody = Exists(could_decide(but=moderator, now=now))
    return Choice(When(has_reported(moderator), then=somebody), default=Value(value=False), output_field=BooleanField())


def has_reported(moderator: Member) -> Exists:
    return Exists(Flag.objects.filter(case=OuterRef("pk"), reporter=moderator))


def could_decide(*, but: Member, now: dt.datetime) -> QuerySet[Member]:
    """Other moderators who did not report the case in an outer query.

    Its author, too, if they moderate: somebody missing would tell who wrote under an alias. And nobody is to judge a
    colleague whom they reported themselves.
    """
    reported = Flag.objects.filter(case=OuterRef(OuterRef("pk")), reporter=OuterRef("pk"))
    moderating = Member.objects.filter(moderating_at(now)).exclude(pk=but.pk)
    return moderating.filter(~Q(Exists(reported)))


@dataclass(frozen=True, slots=True)
class OwnReport:
    """Whether a moderator reported what a case is about, and whether a colleague has to decide it therefore."""

    is_theirs: bool
    is_left: bool


def own_report(moderator: Member, case: Case) -> OwnReport:
    """One query."""
    about = Case.objects.filter(pk=case.pk)
    somebody = could_decide(but=moderator, now=timezone.now())
    found = about.values_list(has_reported(moderator), Exists(somebody)).first()
    is_theirs, somebody_else = found or (False, False)
    return OwnReport(is_theirs, is_theirs and somebody_else)


def next_for(moderator: Member) -> QuerySet[Case]:
    """The same, the most urgent first, without those that they want a colleague to see."""
    free = offered_to(moderator).exclude(second_wanted_by=moderator).exclude(left_to_colleagues(moderator))
    return free.order_by("priority", "due_at", "id")


def cases_held_by(moderator: Member, now: dt.datetime | None = None) -> QuerySet[Case]:
    """What they work on: not what they have decided and can still undo, nor what they come back to later."""
    now = now or timezone.now()
    held = open_for(moderator).filter(waits_at(now) & undecided(), claimed_by=moderator, lease_until__gt=now)
    return held.order_by("priority", "due_at", "id")


def held_case(moderator: Member, *, but: Case | None = None) -> Case | None:
    """The most urgent case that they hold, other than `but`. One query."""
    held = cases_held_by(moderator)
    return (held.exclude(pk=but.pk) if but else held).first()
