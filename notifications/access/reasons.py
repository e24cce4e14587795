"""Whether a mail may leave now, and if not, why and until when. Asked again before each try."""

import datetime as dt
from dataclasses import dataclass

from members.models import Member
from notifications import kinds
from notifications.access.digests import wishes_for
from notifications.access.notices import is_visible
from notifications.access.wishes import channel_of, quiet_until, stepping_back_until, wishes_of
from notifications.models import Channel, Delivery, Digest, Notice, Rhythm, Sending, Wishes

Reason = Sending.Reason
# A digest that could not leave on its day is not news any more.
DIGEST_USEFUL = dt.timedelta(hours=20)
# Until it is read, news of one kind in one group, such as a thread, is worth one mail in so long.
TOLD_FOR = dt.timedelta(days=1)
_OVER = {kinds.Over.READ: Reason.READ, kinds.Over.MUTED: Reason.MUTED}


@dataclass(frozen=True, slots=True)
class Held:
    """Not sent: for good, or `until` a time at which it is asked again."""

    reason: Sending.Reason
    until: dt.datetime | None = None


def recipient_of(sending: Sending) -> Member:
    return sending.member if isinstance(sending, Digest) else sending.notice.recipient  # type: ignore[attr-defined]


def presses(sending: Sending) -> bool:
    """Whether it goes on in quiet hours, while its recipient is stepping back, and however many there were."""
    return isinstance(sending, Delivery) and sending.notice.presses


def why_not(sending: Sending, now: dt.datetime) -> Held | None:
    """None when it may leave. Five queries for a notice, none for a digest; reads notice, event, member and wishes."""
    member = recipient_of(sending)
    wishes = wishes_for(sending) if isinstance(sending, Digest) else wishes_of(member)
    reason = _address(member, wishes)
    if not reason and member.leaves_at and not presses(sending):
        reason = Reason.CLOSED
    if not reason and isinstance(sending, Delivery):
        reason = _news(sending, member, now)
    if not reason and isinstance(sending, Digest):
        reason = _digest(sending, wishes, now)
    if reason:
        return Held(reason)
    return None if presses(sending) else _waits(member, wishes, now)


def _address(member: Member, wishes: Wishes) -> Reason | None:
    if not member.is_active:
        return Reason.CLOSED
    if not member.email:
        return Reason.NO_ADDRESS
    if wishes.complained_at:
        return Reason.COMPLAINED
    if wishes.bounced_at:
        return Reason.BOUNCED
    return Reason.MAIL_OFF if wishes.mail_off else None


def _news(delivery: Delivery, member: Member, now: dt.datetime) -> Reason | None:
    notice = delivery.notice
    kind = kinds.get(notice.event.kind)
    if notice.read_at:
        return Reason.READ
    if kind is None or _is_shut_out(member, notice, now) or not is_visible(notice, member):
        return Reason.GONE
    if kind.over and (over := kind.over([notice.event.target_id], member)):
        return _OVER[over[notice.event.target_id]]
    if channel_of(member, kind) != Channel.MAIL:
        return Reason.NOT_WANTED
    if now - notice.event.created_at > kind.useful_for:
        return Reason.TOO_LATE
    return Reason.TOLD if kind.grouped and not notice.presses and _is_told(notice, now) else None


def _is_told(notice: Notice, now: dt.datetime) -> bool:
    """Whether a mail of the last day leads to where this one would, and its recipient has not been there since."""
    event = notice.event
    if event.group_id is None:
        return False
    like_it = Delivery.objects.filter(
        notice__recipient=notice.recipient_id, notice__read_at=None,
        notice__event__kind=event.kind, notice__event__group_id=event.group_id,
    )  # fmt: skip
    return like_it.filter(state=Sending.State.SENT, settled_at__gt=now - TOLD_FOR).exists()


def _is_shut_out(member: Member, notice: Notice, now: dt.datetime) -> bool:
    """Suspended, so that their pages are closed but for those about decisions and their account."""
    suspended = member.suspended_until is not None and member.suspended_until > now
    return suspended and not notice.presses


def _digest(digest: Digest, wishes: Wishes, now: dt.datetime) -> Reason | None:
    if wishes.rhythm == Rhythm.OFF:
        return Reason.NOT_WANTED
    return Reason.TOO_LATE if now - digest.created_at > DIGEST_USEFUL else None


def _waits(member: Member, wishes: Wishes, now: dt.datetime) -> Held | None:
    if (until := stepping_back_until(wishes, now)) is not None:
        return Held(Reason.STEPPING_BACK, until=until)
    if (until := quiet_until(member, wishes, now)) is not None:
        return Held(Reason.QUIET, until=until)
    return None
