"""Going, coming back in time, and what is done for good."""

import datetime as dt
from collections.abc import Sequence

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from core import notes
from members import leaving, names
from members.access import leaving as access
from members.access.leaving import CannotLeaveError, TooLateError
from members.models import (
    AddressChange,
    Block,
    Consent,
    Export,
    KeywordFilter,
    KnownDevice,
    Leaving,
    Member,
    Mute,
    TakenName,
)
from members.services.accounts import end_sessions
from members.services.exports import remove_file

# As many as a page may wait for; a worker does the rest.
BATCHES_AT_ONCE = 3
# After so long an undone leaving is looked at no more: everything is back.
RESTORED_WITHIN = dt.timedelta(days=2)
# What has to wait, as for a case that is open, is tried again then.
TRIED_AGAIN_AFTER = dt.timedelta(days=1)
_IN_FORCE = {"undone_at": None, "finished_at": None}
_ROLES = {
    "is_staff": False,
    "is_superuser": False,
    "is_moderator": False,
    "is_curator": False,
    "is_peer_supporter": False,
}


@transaction.atomic(durable=True)
def leave(*, member: Member, way: Leaving.Way, now: dt.datetime | None = None) -> Leaving:
    """Take the name of `member` away and end their roles, consents and sessions. A second press finds the first.

    What else is to be hidden comes with `go_on`. Locks the member and the administrators, so that of two who are the
    last ones only one can go.

    Raises:
        CannotLeaveError: they are the only administrator, or something else forbids it.
    """
    list(access.administrators().order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    if (before := access.current(locked)) is not None:
        return before
    if hindrances := access.hindrances(locked):
        raise CannotLeaveError(" ".join(hindrances))
    now = now or timezone.now()
    found = Leaving.objects.create(
        member=locked, way=way, name_before=locked.username, asked_at=now, due_at=access.due_at(locked, now)
    )
    for part in leaving.parts():
        part.begin(found)
    TakenName.objects.get_or_create(digest=names.digest(locked.username))
    Consent.objects.filter(member=locked, withdrawn_at=None).update(withdrawn_at=now)
    locked.groups.clear()
    Member.objects.filter(pk=locked.pk).update(username=names.nameless(), leaves_at=found.due_at, **_ROLES)
    end_sessions(member=locked)
    member.refresh_from_db()
    return found


def go_on(*, leaving_id: int, batches: int | None = None) -> bool:
    """Hide what is to be hidden, or show it again where they stay, a batch a transaction. Says whether it is all.

    Run again, it goes on where it was stopped.
    """
    done = 0
    for part in leaving.parts():
        while batches is None or done < batches:
            changed = _one_batch(part, leaving_id)
            if changed is None:
                return True
            if changed == 0:
                break
            done += 1
        else:
            return False
    return True


@transaction.atomic
def _one_batch(part: leaving.Part, leaving_id: int) -> int | None:
    """None where there is nothing to hide or to show any more. Locks the leaving: nobody takes it back meanwhile."""
    found = Leaving.objects.select_for_update(no_key=True, of=("self",)).select_related("member").get(pk=leaving_id)
    if found.finished_at is not None or not found.member.is_active:
        return None
    work = part.hide if found.undone_at is None else part.restore
    return work(found, leaving.AT_ONCE)


@transaction.atomic
def undo(*, found: Leaving, now: dt.datetime | None = None) -> bool:
    """Take it back: the name, the words, the consents are as before. Says whether anything changed. Locks both rows.

    Roles stay away. What was hidden comes back with `go_on`.

    Raises:
        TooLateError: the time for it is over.
    """
    locked = Leaving.objects.select_for_update(no_key=True, of=("self",)).select_related("member").get(pk=found.pk)
    if locked.undone_at is not None:
        return False
    now = now or timezone.now()
    if not access.can_be_undone(locked, now):
        raise TooLateError
    TakenName.objects.filter(digest=names.digest(locked.name_before)).delete()
    Consent.objects.filter(member=locked.member_id, withdrawn_at=locked.asked_at).update(withdrawn_at=None)
    Member.objects.filter(pk=locked.member_id).update(username=locked.name_before, leaves_at=None)
    Leaving.objects.filter(pk=locked.pk).update(undone_at=now, name_before="")
    return True


def unsettled(*, now: dt.datetime | None = None) -> Sequence[int]:
    """Those whose words may still have to be hidden or shown, or who were not told by mail."""
    now = now or timezone.now()
    going = Leaving.objects.filter(**_IN_FORCE, due_at__gt=now, member__is_active=True)
    back = Leaving.objects.filter(undone_at__gt=now - RESTORED_WITHIN)
    return list(going.union(back).order_by("id").values_list("id", flat=True))


def tell(*, leaving_id: int) -> bool:
    """Mail until when it can be taken back, and the link for that. Says whether a mail left.

    Raises:
        OSError: the mail server did not take it.
    """
    found = Leaving.objects.select_related("member").filter(pk=leaving_id, told_at=None, **_IN_FORCE).first()
    if found is None or not found.member.email or not access.can_be_undone(found):
        return False
    context = {
        "SITE_NAME": settings.SITE_NAME,
        "link": access.stay_url(found),
        "last_day": access.last_day(found),
        "zone": access.zone_of(found.member).key,
        "contact": settings.CONTACT_EMAIL,
    }
    sender = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    EmailMessage(
        subject=_("You have an update"),
        body=render_to_string("members/leaving_mail.txt", context),
        to=[found.member.email],
        # The same id on every attempt lets the recipient's server drop a second copy.
        headers={"Message-ID": f"<{found.public_id}.leaving@{sender}>", "Auto-Submitted": "auto-generated"},
    ).send()
    Leaving.objects.filter(pk=found.pk).update(told_at=timezone.now())
    return True


# --- for good


def due(*, now: dt.datetime | None = None) -> Sequence[int]:
    """Those whose time to take it back is over."""
    over = Leaving.objects.filter(**_IN_FORCE, due_at__lte=(now or timezone.now()) - access.GRACE)
    return list(over.order_by("due_at", "id").values_list("id", flat=True))


def finish(*, leaving_id: int, now: dt.datetime | None = None) -> bool:
    """Do what cannot be undone. Says whether it is done; what has to wait is tried again a day later.

    The account is closed first, in one transaction; each app then goes on in batches. Run again after a crash, it
    goes on where it was stopped.
    """
    now = now or timezone.now()
    if leaving_id in due(now=now):
        # What a worker that was away has not hidden yet.
        go_on(leaving_id=leaving_id)
    found = _close(leaving_id, now)
    if found is None:
        return False
    done = [part.finish(found) for part in leaving.parts()]
    if all(done):
        Leaving.objects.filter(pk=found.pk, finished_at=None).update(finished_at=now, name_before="")
        return True
    Leaving.objects.filter(pk=found.pk, finished_at=None).update(due_at=now + TRIED_AGAIN_AFTER)
    return False


@transaction.atomic
def _close(leaving_id: int, now: dt.datetime) -> Leaving | None:
    """From here on nobody signs in to this account. None where it was taken back, or is done."""
    going = Leaving.objects.select_for_update(no_key=True, of=("self",)).select_related("member")
    found = going.filter(pk=leaving_id, due_at__lte=now - access.GRACE, **_IN_FORCE).first()
    if found is None:
        return None
    member = found.member
    end_sessions(member=member)
    EmailAddress.objects.filter(user=member).delete()
    Authenticator.objects.filter(user=member).delete()
    for model in (KnownDevice, KeywordFilter, AddressChange):
        model.objects.filter(member=member).delete()
    Mute.objects.filter(muter=member).delete()
    if found.way != Leaving.Way.KEEP_WORDS:
        # Else they go on keeping words from those who do not want to meet them.
        Block.objects.filter(blocker=member).delete()
        Block.objects.filter(blocked=member).delete()
        Mute.objects.filter(muted=member).delete()
    for export in Export.objects.filter(member=member):
        remove_file(export)
    Export.objects.filter(member=member).delete()
    # Django's own pages note by its name what was changed there.
    about_them = LogEntry.objects.filter(content_type__app_label="members", content_type__model="member")
    about_them.filter(object_id=str(member.pk)).update(object_repr=f"member {member.pk}")
    _empty(member)
    return found


def _empty(member: Member) -> None:
    """Nothing stays on the row but that there was somebody."""
    member.set_unusable_password()
    Member.objects.filter(pk=member.pk).update(
        is_active=False,
        email="",
        password=member.password,
        last_login=None,
        seen_on=None,
        suspended_until=None,
        folded_notes=notes.folded_at_first(),
        hidden_notes=[],
        low_energy=False,
        time_zone="",
        country="",
        avatar_seed=None,
        pronouns="",
        about="",
        shows_posts=False,
        session_minutes=None,
        plain_titles=False,
        welcomed_at=None,
        awaits_approval=False,
        agreed="",
        **_ROLES,
    )
