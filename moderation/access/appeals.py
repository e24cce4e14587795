"""Appeals: who may make one, who may judge it, and what the judge reads."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.pagination import Page, keyset_page
from members.models import Member
from moderation import registry
from moderation.access.cases import alias_in, name_of, names_of
from moderation.access.decisions import appeal_of, can_be_appealed, get_decision_for, subject_of
from moderation.access.ladder import Choices, step_choices
from moderation.access.moderators import moderates_now, moderating_at
from moderation.models import Appeal, Decision, Flag, Sanction, SanctionKind

APPEALS_PAGE = 30
# From the least to the most.
_LIMITS = [SanctionKind.NO_FLAGS, SanctionKind.HELD_FIRST, SanctionKind.SILENCED, SanctionKind.SUSPENDED]
# From an appeal to who decided: what it is against, and what that took the place of.
_DECIDERS = ("decider", *(f"decision__{'replaces__' * times}decider" for times in (1, 2, 3)))


class CannotAppealError(Exception):
    """The decision cannot be appealed against (any more). The message is a sentence for the member."""


class CannotJudgeError(Exception):
    """The appeal cannot be judged in this way now. The message is a sentence for the moderator."""


def get_own_decision(member: Member, public_id: UUID) -> Decision:
    """For who was decided about. Raises Http404 for everybody else, moderators too."""
    decision = get_decision_for(member, public_id)
    if decision.author_id != member.pk:
        raise Http404
    return decision


def check_can_appeal(member: Member, decision: Decision) -> None:
    """Raises CannotAppealError with a sentence. No query where the appeal was loaded along."""
    if decision.author_id != member.pk:
        raise PermissionDenied
    if appeal_of(decision) is not None:
        raise CannotAppealError(_("You asked for another look already. There is one for each decision."))
    if not can_be_appealed(decision):
        raise CannotAppealError(_("The time in which this could be appealed against is over."))


def open_appeals(moderator: Member, cursor: str | None) -> Page[Appeal]:
    """Those that `moderator` may judge, the one that is due first at the head. One query."""
    appeals = appeals_for(moderator).filter(state=Appeal.State.OPEN)
    appeals = appeals.select_related("decision__case__author", "decision__rule_version")
    return keyset_page(appeals, order=["due_at", "id"], size=APPEALS_PAGE, cursor=cursor)


def appeals_for(moderator: Member) -> QuerySet[Appeal]:
    """Those that `moderator` is to judge, or could have judged; see `judges_of`."""
    if not moderates_now(moderator):
        return Appeal.objects.none()
    reported = Flag.objects.filter(case=OuterRef("decision__case"), reporter=moderator)
    left_to_others = Q(Exists(reported)) & Q(Exists(_could_judge()))
    return Appeal.objects.exclude(author=moderator).exclude(_decided_by(moderator)).exclude(left_to_others)


def _decided_by(moderator: Member) -> Q:
    """Against a decision of theirs, or against what took its place."""
    theirs = Q()
    for path in _DECIDERS:
        theirs |= Q(**{path: moderator})
    return theirs


def _could_judge() -> QuerySet[Member]:
    """Who neither made the decision that an appeal in an outer query is against, nor reported what it is about.

    The member whom it is about, too, if they moderate: as with `left_to_colleagues`.
    """
    reported = Flag.objects.filter(case=OuterRef(OuterRef("decision__case")), reporter=OuterRef("pk"))
    able = Member.objects.filter(moderating_at(timezone.now()))
    for path in _DECIDERS:
        able = able.filter(~Q(pk=Coalesce(OuterRef(path), 0)))
    return able.filter(~Q(Exists(reported)))


def judges_of(appeal: Appeal) -> QuerySet[Member]:
    """Who may judge it: nobody whose decision it is against. Whoever reported what it is about only where nobody else
    could. Three queries at least."""
    able = Member.objects.filter(moderating_at(timezone.now())).exclude(pk__in=deciders_of(appeal))
    reporters = Flag.objects.filter(case=appeal.decision.case_id, reporter__isnull=False).values("reporter")
    others = able.exclude(pk__in=reporters)
    return (others if others.exists() else able).exclude(pk=appeal.author_id)


def deciders_of(appeal: Appeal) -> set[int]:
    """Who made the decision that it is against, and those that this one replaced. A query for each of these."""
    found, decision = {appeal.decider_id}, appeal.decision
    while (earlier := decision.replaces) is not None:
        found.add(earlier.decider_id)
        decision = earlier
    return found


def appeal_rows(appeals: Sequence[Appeal]) -> list[dict[str, Any]]:
    """One query. Names only as moderators know them."""
    names = names_of([appeal.decision.case for appeal in appeals])
    return [
        {
            "public_id": appeal.public_id,
            "title": named.title if named else "",
            "author_name": name_of(appeal.decision.case, named),
            "what": appeal.decision.statement,
            "due_at": appeal.due_at,
            "overdue": appeal.due_at < timezone.now(),
        }
        for appeal in appeals
        for named in [names.get(appeal.decision.case_id)]
    ]


def waits_for_another(moderator: Member) -> str:
    """A sentence where appeals against one's own decisions wait for somebody else; "" where there are none.
    Two queries at most."""
    if not Appeal.objects.filter(_decided_by(moderator), state=Appeal.State.OPEN).exists():
        return ""
    others = Member.objects.filter(moderating_at(timezone.now())).exclude(pk=moderator.pk)
    if others.exists():
        return _("There are appeals against decisions of yours. Somebody else judges them.")
    return _(
        "There are appeals against decisions of yours, and nobody else moderates here. Somebody else has to judge "
        "them: an administrator could make another member a moderator."
    )


def get_appeal(moderator: Member, public_id: UUID) -> Appeal:
    """Raises Http404 where it is the moderator's own, PermissionDenied where somebody else has to judge it."""
    appeals = Appeal.objects.select_related(
        "decision__case__author", "decision__rule", "decision__rule_version", "decision__decider", "judge", "outcome"
    )
    appeal = appeals.filter(public_id=public_id).exclude(author=moderator).first()
    if appeal is None:
        raise Http404
    if moderator.pk in deciders_of(appeal):
        raise PermissionDenied(_("You made the decision that this is about, so somebody else judges the appeal."))
    if not judges_of(appeal).filter(pk=moderator.pk).exists():
        raise PermissionDenied(_("You reported what this is about, so somebody else judges the appeal."))
    return appeal


def appeal_context(appeal: Appeal) -> dict[str, Any]:
    """What a judge needs: the subject as it stands now, and the author's name as moderators know it."""
    case = appeal.decision.case
    kind = registry.by_kind(case.subject_kind)
    subject = subject_of(case)
    return {
        "appeal": appeal,
        "decision": appeal.decision,
        "case": case,
        "author_name": name_of(case, names_of([case]).get(case.pk)),
        "subject": subject,
        "subject_state": kind.state(subject) if kind and subject else "",
        "subject_template": kind.template if kind else "",
        "subject_context": kind.context(subject) if kind and subject else {},
        "overdue": appeal.state == Appeal.State.OPEN and appeal.due_at < timezone.now(),
    }


def other_actions(decision: Decision) -> Sequence[registry.Action]:
    """What could have been decided instead."""
    case = decision.case
    kind = registry.by_kind(case.subject_kind)
    subject = subject_of(case)
    if kind is None or subject is None:
        return ()
    most = _weight_of(decision, subject)
    actions = [action for action in kind.instead(subject) if action.restricts and action.weight <= most]
    return registry.offered(actions, subject)


def other_limits(decision: Decision) -> Choices:
    """The limits on its author that could take the place of the first one: none is more. Two queries."""
    limit = Sanction.objects.filter(decision=decision).first()
    is_alias = alias_in(decision.case) is not None
    return step_choices(is_alias=is_alias, fits=lambda kind, hours: not _is_more(limit, kind, hours))


def _weight_of(decision: Decision, subject: Any) -> int:
    kind = registry.by_kind(decision.case.subject_kind)
    action = kind.action(subject, decision.action) if kind and subject else None
    return action.weight_of(subject, options=decision.options) if action else 0


def check_no_harsher(
    first: Decision, *, action: str, options: Mapping[str, Any], sanction: str | None, hours: int | None
) -> None:
    """An appeal makes nothing worse. Raises CannotJudgeError where `action` or the limit is more than `first` was.

    Looks at the subject as it is after `first` was taken back.
    """
    kind = registry.by_kind(first.case.subject_kind)
    subject = subject_of(first.case)
    chosen = next((each for each in kind.instead(subject) if each.key == action), None) if kind and subject else None
    if chosen is not None and chosen.weight_of(subject, options=options) > _weight_of(first, subject):
        raise CannotJudgeError(_("That is more than was decided first. An appeal makes nothing worse."))
    if sanction and _is_more(Sanction.objects.filter(decision=first).first(), SanctionKind(sanction), hours):
        raise CannotJudgeError(_("That limit is more than was decided first. An appeal makes nothing worse."))


def _is_more(limit: Sanction | None, kind: SanctionKind, hours: int | None) -> bool:
    """Than what is left of the first limit, which ended for good if a moderator ended it early."""
    if limit is None or limit.lifted_at is not None:
        return True
    if _LIMITS.index(kind) > _LIMITS.index(SanctionKind(limit.kind)):
        return True
    if limit.ends_at is None:
        return False
    # What takes its place a moment after it began ends when it would have ended.
    most = limit.ends_at - timezone.now() + dt.timedelta(minutes=1)
    return hours is None or dt.timedelta(hours=hours) > most
