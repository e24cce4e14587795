"""Who comes, who waits, and what stands in their way."""

import datetime as dt
import random
from collections.abc import Sequence
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from members import consents, digests, names
from members.models import AddressChange, Consent, Invitation, KnownDevice, Member, TakenName

SUGGESTIONS = 3
# As long as the link to the new address works.
CHANGE_KEPT = dt.timedelta(days=3)
# Of as many as there may be, so that a busy door stays one page.
LISTED = 100
# Two by two they make names that say nothing about anybody.
_FIRST_WORDS = (
    "amber", "ashen", "autumn", "blue", "calm", "cedar", "copper", "early", "evening", "fern", "foggy", "gentle",
    "grey", "hidden", "inland", "ivory", "late", "linen", "mellow", "misty", "mossy", "night", "north", "paper",
    "patient", "pine", "plain", "quiet", "river", "rusty", "silver", "slow", "small", "soft", "spare", "stone",
    "sunday", "tall", "tidal", "velvet", "warm", "wild", "winter", "wooden",
)  # fmt: skip
_SECOND_WORDS = (
    "anchor", "badger", "basket", "bell", "birch", "boat", "bridge", "candle", "cloud", "compass", "cup", "finch",
    "fox", "garden", "harbour", "heron", "hill", "kettle", "key", "kite", "lamp", "lantern", "leaf", "lighthouse",
    "meadow", "mitten", "moth", "orchard", "otter", "owl", "page", "pebble", "plum", "robin", "shell", "snail",
    "sparrow", "teapot", "thimble", "umbrella", "violet", "window", "wren", "yarrow",
)  # fmt: skip


def is_taken(name: str) -> bool:
    """Whether somebody has this name or one that looks like it, or had it and left. Two queries, some 50 ms each time:
    whether somebody left or is only not to be met does not show in how long the answer takes."""
    is_somebodys = Member.objects.annotate(looks=names.Skeleton("username")).filter(looks=names.skeleton(name)).exists()
    return was_somebodys(name) or is_somebodys


def was_somebodys(name: str) -> bool:
    return TakenName.objects.filter(digest=names.digest(name)).exists()


def free_names() -> Sequence[str]:
    """A few made-up names that nobody has. They come from no word of the reader's. One query."""
    found: dict[str, str] = {}
    while len(found) < 4 * SUGGESTIONS:
        name = f"{random.choice(_FIRST_WORDS)}-{random.choice(_SECOND_WORDS)}"  # noqa: S311 - nobody gains by guessing
        found[names.skeleton(name)] = name
    taken = Member.objects.annotate(looks=names.Skeleton("username")).filter(looks__in=list(found))
    for skeleton in taken.values_list("looks", flat=True):
        del found[skeleton]
    return list(found.values())[:SUGGESTIONS]


def is_good(invitation: str) -> bool:
    """Whether this secret still lets somebody in. One query."""
    found = Invitation.objects.filter(digest=digests.of_secret(invitation), used_at=None)
    return found.filter(expires_at__gt=timezone.now()).exists()


def invitations() -> Sequence[Invitation]:
    """The newest first. One query."""
    return list(Invitation.objects.select_related("made_by").order_by("-id")[:LISTED])


def get_invitation(pk: int) -> Invitation:
    """Raises Http404."""
    found = Invitation.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def waiting_at_the_door() -> Sequence[Member]:
    """Who confirmed an address and waits to be let in, longest first. One query."""
    confirmed = EmailAddress.objects.filter(verified=True, primary=True).values("user")
    waiting = Member.objects.filter(awaits_approval=True, is_active=True, leaves_at=None, pk__in=confirmed)
    return list(waiting.order_by("joined_at", "id")[:LISTED])


def get_waiting(public_id: UUID) -> Member:
    """Raises Http404, also where somebody else answered meanwhile, or they left."""
    waiting = Member.objects.filter(awaits_approval=True, is_active=True, leaves_at=None)
    found = waiting.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def lacks_consent(member: Member) -> bool:
    """Whether there are words of today that they have not agreed to. No query: it stands on their row."""
    return member.agreed != consents.current()


def to_agree(member: Member) -> Sequence[consents.Asked]:
    """What they have not agreed to yet. One query."""
    said = set(member.consents.filter(withdrawn_at=None).values_list("kind", "text_version"))
    return [asked for asked in consents.asked() if (asked.kind.value, asked.version) not in said]


def agreed_before(member: Member) -> bool:
    """Whether they agreed to other words once, so that it is said what is new. One query."""
    return member.consents.exists()


def agreed_to(member: Member) -> Sequence[tuple[Consent, str]]:
    """Everything they agreed to, the newest first, each with the words that stood there. One query."""
    given = member.consents.order_by("-given_at", "-id")
    return [(one, consents.in_words(one.kind, one.text_version)) for one in given]


def is_staff(member: Member) -> bool:
    """Whether they see what others do not. No query."""
    return member.is_staff or member.is_superuser or member.is_moderator or member.is_curator


def lacks_second_factor(member: Member) -> bool:
    """Whether they should have a second step to sign in, and have none. One query for staff where it is asked."""
    if not (settings.STAFF_SECOND_FACTOR and is_staff(member)):
        return False
    second = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return not Authenticator.objects.filter(user=member, type__in=second).exists()


def knows_device(member: Member, secret: str) -> bool:
    """Whether they signed in with this browser before. One query."""
    return KnownDevice.objects.filter(member=member, digest=digests.of_device(secret, member)).exists()


def knows_no_device(member: Member) -> bool:
    return not KnownDevice.objects.filter(member=member).exists()


def called(login: str) -> Member | None:
    """Whose name or address it is, as it is typed for signing in. One query, whether there is somebody or not."""
    return Member.objects.filter(Q(username__iexact=login) | Q(email__iexact=login)).order_by("id").first()


def pending_change(member: Member) -> AddressChange | None:
    return AddressChange.objects.filter(member=member).first()


def get_change(key: str) -> AddressChange | None:
    """That the link in a mail to the earlier address stands for, while it is good. One query."""
    since = timezone.now() - CHANGE_KEPT
    found = AddressChange.objects.select_related("member").filter(digest=digests.of_secret(key), asked_at__gt=since)
    return found.first()


def get_session(member: Member, pk: int) -> UserSession:
    """One of their own. Raises Http404."""
    found = UserSession.objects.filter(user=member, pk=pk).first()
    if found is None:
        raise Http404
    return found


def pending_address(member_id: int, to: str) -> EmailAddress | None:
    found: EmailAddress | None = EmailAddress.objects.filter(user=member_id, email=to).first()
    return found
