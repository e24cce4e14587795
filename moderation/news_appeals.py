"""What is told when a decision comes back, is appealed against, or ends early, and when moderators write to a member.

Nobody but who was decided about, or written to, gets a mail, and no mail says what it is about (M12).
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import ByKey, Ids
from members.models import Member
from moderation import access
from moderation.models import Appeal, AuditEntry, Case, Sanction, StaffMessage
from notifications import kinds
from notifications.models import Channel, Event


def _said(sentence: Callable[[], str]) -> Callable[[Collection[int]], dict[int, str]]:
    """The same sentence for each, in the reader's language."""
    return lambda ids: dict.fromkeys(ids, sentence())


# --- to who decided: it did not take effect, or not only that


def _decider(event: Event) -> Iterable[int]:
    return [pk for pk in [AuditEntry.objects.get(pk=event.target_id).actor_id] if pk]


def _came_back_to(entry_ids: Collection[int], member: Member) -> Collection[int]:
    return Ids(AuditEntry.objects.filter(pk__in=entry_ids, actor=member)) if access.moderates_now(member) else ()


def _case_of_entry(event: Event) -> str:
    entry = AuditEntry.objects.get(pk=event.target_id)
    return reverse("case", args=[Case.objects.get(pk=entry.details["case"]).public_id])


def _what_became_of_it(entry_ids: Collection[int]) -> Mapping[int, str]:
    told = {
        "decision-in-part": _("A decision of yours took effect in part. The case says why, and has your words."),
        "decision-goes-on": _("A decision of yours took effect. Something new is in the case; please look again."),
    }
    returned = _("A decision of yours did not take effect. The case says why, and has your words.")
    verbs = AuditEntry.objects.filter(pk__in=entry_ids).values_list("pk", "verb")
    return ByKey(verbs, lambda verb: told.get(verb, returned))


DECISION_RETURNED = kinds.register(
    kinds.Kind(
        key="decision_returned",
        label=gettext_lazy("A decision of mine did not take effect"),
        for_whom=kinds.moderators,
        least=Channel.SITE,
        audience=kinds.few(_decider),
        visible=_came_back_to,
        url=_case_of_entry,
        lines=_what_became_of_it,
    )
)


# --- to who was decided about


def _limited(event: Event) -> Iterable[int]:
    return Sanction.objects.filter(pk=event.target_id).values_list("member_id", flat=True)


def _limits_of(sanction_ids: Collection[int], member: Member) -> Collection[int]:
    return Ids(Sanction.objects.filter(pk__in=sanction_ids, member=member))


def _decision_of_limit(event: Event) -> str:
    decision = Sanction.objects.select_related("decision").get(pk=event.target_id).decision
    return reverse("decision", args=[decision.public_id]) if decision else reverse("decisions")


SANCTION_LIFTED = kinds.register(
    kinds.Kind(
        key="sanction_lifted",
        audience=kinds.few(_limited),
        visible=_limits_of,
        url=_decision_of_limit,
        lines=_said(lambda: _("A moderator ended a limit on your account early.")),
        like="decision_about_you",
        default=Channel.MAIL,
        least=Channel.SITE,
        presses=True,
        useful_for=dt.timedelta(days=14),
    )
)


def _appeal(event: Event) -> Appeal:
    return Appeal.objects.select_related("decision").get(pk=event.target_id)


def _decision_page(event: Event) -> str:
    return reverse("decision", args=[_appeal(event).decision.public_id])


def _appeals(appeal_ids: Collection[int], wanted: Q) -> Collection[int]:
    return Ids(Appeal.objects.filter(wanted, pk__in=appeal_ids))


APPEAL_JUDGED = kinds.register(
    kinds.Kind(
        key="appeal_judged",
        audience=kinds.few(lambda event: [_appeal(event).author_id]),
        visible=lambda ids, member: _appeals(ids, Q(author=member)),
        url=_decision_page,
        lines=_said(lambda: _("Somebody else has looked at the decision you asked about.")),
        like="decision_about_you",
        default=Channel.MAIL,
        least=Channel.SITE,
        presses=True,
        useful_for=dt.timedelta(days=14),
    )
)


# --- to moderators


def _may_judge(event: Event) -> Iterable[int]:
    return access.judges_of(_appeal(event)).values_list("pk", flat=True)


APPEAL_MADE = kinds.register(
    kinds.Kind(
        key="appeal_made",
        label=gettext_lazy("Somebody appeals against a colleague's decision"),
        for_whom=kinds.moderators,
        least=Channel.SITE,
        audience=kinds.few(_may_judge),
        visible=lambda ids, member: Ids(access.appeals_for(member).filter(pk__in=ids)),
        url=lambda event: reverse("appeal_judge", args=[_appeal(event).public_id]),
        lines=_said(lambda: _("Somebody asks for another look at a decision of a colleague.")),
    )
)
APPEAL_AGAINST_YOURS = kinds.register(
    kinds.Kind(
        key="appeal_against_yours",
        label=gettext_lazy("An appeal against a decision of mine was judged"),
        for_whom=kinds.moderators,
        least=Channel.SITE,
        audience=kinds.few(lambda event: [_appeal(event).decider_id]),
        visible=lambda ids, member: _appeals(ids, Q(decider=member)) if access.moderates_now(member) else (),
        url=_decision_page,
        lines=_said(lambda: _("A colleague has judged an appeal against a decision of yours.")),
    )
)


# --- words between moderators and one member


def _messages_of_others(message_ids: Collection[int], member: Member) -> Collection[int]:
    """Only while they moderate, and never about themselves."""
    if not access.moderates_now(member):
        return ()
    return Ids(StaffMessage.objects.filter(pk__in=message_ids).exclude(case__author=member))


def _message(event: Event) -> StaffMessage:
    return StaffMessage.objects.select_related("case").get(pk=event.target_id)


def _in_charge(event: Event) -> Iterable[int]:
    """Who wrote, and who has the case now."""
    message = _message(event)
    return {pk for pk in (message.sent_by_id, message.case.claimed_by_id) if pk}


STAFF_MESSAGE = kinds.register(
    kinds.Kind(
        key="staff_message",
        topic=kinds.Topic.YOURS,
        audience=kinds.few(lambda event: [_message(event).member_id]),
        visible=lambda ids, member: Ids(StaffMessage.objects.filter(pk__in=ids, member=member)),
        url=lambda event: reverse("staff_message", args=[_message(event).public_id]),
        lines=_said(lambda: _("A moderator wrote to you.")),
        label=gettext_lazy("A moderator writes to me"),
        default=Channel.MAIL,
        least=Channel.SITE,
        presses=True,
        useful_for=dt.timedelta(days=14),
    )
)
MESSAGE_ANSWERED = kinds.register(
    kinds.Kind(
        key="message_answered",
        label=gettext_lazy("A member answers what moderators wrote"),
        for_whom=kinds.moderators,
        least=Channel.SITE,
        audience=kinds.few(_in_charge),
        visible=_messages_of_others,
        url=lambda event: reverse("case", args=[_message(event).case.public_id]),
        lines=_said(lambda: _("Somebody answered what moderators wrote to them.")),
    )
)
