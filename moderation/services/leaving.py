"""What becomes of a member's part in moderation when they leave. What was decided stays, without the name."""

from collections.abc import Sequence
from functools import partial

from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members import names
from members.models import Leaving, Member
from members.rewriting import rewrite
from moderation.models import (
    Appeal,
    BegunDecision,
    Case,
    CaseNote,
    Declined,
    Flag,
    Sanction,
    Shift,
    Signal,
    StaffMessage,
)
from moderation.services import audit

# What can be changed of it. Decisions and the log cannot: they are kept from everybody, and the members' words in them
# go when nobody can appeal any more.
_TEXTS: tuple[tuple[type[Model], Sequence[str]], ...] = (
    (Flag, ["note", "snapshot"]),
    (CaseNote, ["text"]),
    (StaffMessage, ["text", "answer"]),
    (Appeal, ["text", "answer"]),
    (Sanction, ["reason", "lifted_because"]),
    (Shift, ["handover"]),
)


def begin(leaving: Leaving) -> None:
    """That somebody's roles ended is in the log, as that they began."""
    member = leaving.member
    roles = [name for name in ("is_staff", "is_moderator", "is_curator") if getattr(member, name)]
    if roles:
        audit.record(actor=member, verb="roles-end", member=member.pk, roles=roles)


def hide(leaving: Leaving, limit: int) -> int:
    """Give back what a moderator held, and end their shift."""
    held = Case.objects.filter(claimed_by=leaving.member_id, state=Case.State.OPEN).order_by("pk")
    ids = list(held.select_for_update().values_list("pk", flat=True)[:limit])
    Case.objects.filter(pk__in=ids).update(claimed_by=None, lease_until=None)
    ended = Shift.objects.filter(moderator=leaving.member_id, ended_at=None).update(ended_at=timezone.now())
    return len(ids) + ended


def finish(leaving: Leaving) -> bool:
    Declined.objects.filter(moderator=leaving.member_id).delete()
    BegunDecision.objects.filter(decider=leaving.member_id).delete()
    if name := leaving.name_before:
        _take_out_of_profiles(leaving.member, name)
        for model, fields in _TEXTS:
            rewrite(model._default_manager.all(), fields, name=name, cleaned=partial(names.without, name))  # noqa: SLF001
        # Their places are counted in characters.
        rewrite(Signal.objects.all(), ["snapshot"], name=name, cleaned=partial(names.blotted, name))
    return leaving.way != Leaving.Way.REMOVE_ALL or _erase_notes(leaving.member)


def _erase_notes(member: Member) -> bool:
    """What they wrote to a report of theirs, once it is decided. Says whether none is left."""
    noted = Flag.objects.filter(reporter=member).exclude(note="")
    noted.filter(case__state=Case.State.DECIDED).update(note="")
    return not noted.exists()


def _take_out_of_profiles(member: Member, name: str) -> None:
    """Of a report about somebody as a member, the snapshot begins with the name."""
    for flag in Flag.objects.filter(case__subject_kind="profile", case__subject_id=member.pk).order_by("pk"):
        Flag.objects.filter(pk=flag.pk).update(snapshot=names.blotted(name, flag.snapshot))


def says(member: Member) -> Sequence[str]:
    """What they should know before they go. Three queries."""
    sentences = []
    if Case.objects.filter(author=member, state=Case.State.OPEN).exists():
        sentences.append(
            _(
                "Moderators are looking at something that you wrote. They go on, and read it without your name; it is "
                "erased when they have decided."
            )
        )
    if Appeal.objects.filter(author=member, state=Appeal.State.OPEN).exists():
        sentences.append(_("Your appeal is still judged. You can read the answer for as long as you can come back."))
    standing = Sanction.objects.filter(member=member, lifted_at=None)
    if standing.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now())).exists():
        sentences.append(
            _("A limit on your account keeps you from nothing here: you can go, and take your data along.")
        )
    return sentences
