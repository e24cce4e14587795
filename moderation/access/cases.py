"""One case: who may see it, who may decide it, and how its author is called."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from members.models import Member
from moderation import registry
from moderation.access.claims import is_held, own_report
from moderation.access.moderators import moderates_now
from moderation.models import Case, PendingDecision


class CannotDecideError(Exception):
    """The case is not this moderator's to decide now. The message is a sentence for the moderator."""


def check_moderator(member: Member) -> None:
    """Raises Http404 for everybody else: members are not told that the page exists."""
    if not moderates_now(member):
        raise Http404


def get_case(moderator: Member, public_id: UUID) -> Case:
    """Raises Http404, also for a case about `moderator`."""
    cases = Case.objects.select_related("author", "claimed_by", "second_wanted_by").exclude(author=moderator)
    case = cases.filter(public_id=public_id).first()
    if case is None:
        raise Http404
    return case


def get_cases(moderator: Member, public_ids: Collection[UUID]) -> Sequence[Case]:
    """Those of the open cases that are there for `moderator`, in the queue's order. One query."""
    cases = Case.objects.filter(public_id__in=public_ids, state=Case.State.OPEN).exclude(author=moderator)
    return list(cases.select_related("author", "claimed_by").order_by("priority", "due_at", "id"))


def check_can_decide(moderator: Member, case: Case, version: int) -> None:
    """Raises CannotDecideError with a sentence; see `services.decisions.decide`."""
    if not moderates_now(moderator):
        raise PermissionDenied
    if case.author_id == moderator.pk:
        raise CannotDecideError(_("This is about something you wrote, so a colleague decides. Nothing was changed."))
    if own_report(moderator, case).is_left:
        raise CannotDecideError(_("You reported this, so a colleague decides. Nothing was changed."))
    if case.state != Case.State.OPEN:
        raise CannotDecideError(_("Somebody has decided this case meanwhile. Your decision was not used."))
    if not is_held(case):
        raise CannotDecideError(_("Claim the case first, so that nobody else works on it. Your words are still below."))
    if case.claimed_by_id != moderator.pk:
        raise CannotDecideError(_("A colleague has claimed this case meanwhile. Your decision was not used."))
    if case.second_wanted_by_id == moderator.pk:
        raise CannotDecideError(
            _("You asked for a colleague’s view of this case, so a colleague decides. You can take back asking.")
        )
    if case.version != version:
        raise CannotDecideError(_("Something new arrived in this case. Please look again; your words are still below."))


def actions_for(case: Case) -> Sequence[registry.Action]:
    kind = registry.by_kind(case.subject_kind)
    subject = kind.get(case.subject_id) if kind else None
    return registry.offered(kind.actions(subject), subject) if kind and subject else ()


def pending_of(moderator: Member) -> Sequence[PendingDecision]:
    """What they decided and can still undo, the latest first. One query."""
    pending = PendingDecision.objects.filter(decider=moderator).select_related("case__author", "rule")
    return list(pending.order_by("-made_at", "-id"))


def name_of(case: Case, named: registry.Named | None) -> str:
    """How moderators know the author. Without the subject nobody can tell whether an alias was promised."""
    if named is None:
        return ""
    return named.alias.name if named.alias else case.author.shown_name


def names_of(cases: Iterable[Case]) -> Mapping[int, registry.Named]:
    """By case, how what it is about is called; not where that is gone. One query."""
    kinds = {case.pk: case.subject_kind for case in cases}
    if not kinds:
        return {}
    found = Case.objects.filter(pk__in=kinds).values_list("pk", registry.naming())
    named = {pk: registry.named(kinds[pk], values) for pk, values in found}
    return {pk: name for pk, name in named.items() if name}


def alias_in(case: Case) -> registry.Alias | None:
    """The name that its author has in that place, where it is not their own. One query."""
    named = names_of([case]).get(case.pk)
    return named.alias if named else None


def with_open_case(kind: str, subject_ids: Collection[int]) -> set[int]:
    """Those of the subjects that somebody has still to decide about. One query."""
    cases = Case.objects.filter(subject_kind=kind, subject_id__in=subject_ids, state=Case.State.OPEN)
    return set(cases.values_list("subject_id", flat=True))
