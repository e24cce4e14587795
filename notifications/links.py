"""Links in mails that turn mails off without signing in (RFC 8058).

A link names a member, the address that it was mailed to, a kind, and when it was made; all but the time can be read by
this site only. Mails lie where others see them, and what names a member on the site would tell these others who it is.
Whoever has it can turn mails off while they still go to that address, and nothing else.
"""

import datetime as dt
import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from uuid import UUID

from cryptography import fernet
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from members.models import Member
from notifications import kinds
from notifications.models import Channel

# RFC 8058 names no time. Two months outlive every mail that somebody still means to answer.
VALID_FOR = dt.timedelta(days=60)
ALL = "*all"
DIGEST = "*digest"

_SALT = "notifications.links"
_MEMBER_BYTES, _MARK_BYTES = 16, 6


@dataclass(frozen=True, slots=True)
class Off:
    """What a link turns off, for whom: the key of a kind's choice, `DIGEST` or `ALL`. `address`: a mark of where it
    was mailed to."""

    member: UUID
    what: str
    address: bytes


def off_url(member: Member, kind: kinds.Kind) -> str:
    """Turns off mails of this kind; all of them, where the kind cannot be turned off alone."""
    return _address(member, kind.choice if Channel.SITE in kind.choices() else ALL)


def digest_off_url(member: Member) -> str:
    return _address(member, DIGEST)


def all_off_url(member: Member) -> str:
    return _address(member, ALL)


def read(token: str) -> Off | None:
    """None for one that is too old, broken, or about a kind of news that is no more."""
    box, whole = _box(), token + "=" * (-len(token) % 4)
    try:
        content = box.decrypt(whole)
        made = dt.datetime.fromtimestamp(box.extract_timestamp(whole), dt.UTC)
    except (fernet.InvalidToken, ValueError):
        return None
    if len(content) != _MEMBER_BYTES + 2 * _MARK_BYTES or timezone.now() - made > VALID_FOR:
        return None
    member, marks = UUID(bytes=content[:_MEMBER_BYTES]), content[_MEMBER_BYTES:]
    address, mark = marks[:_MARK_BYTES], marks[_MARK_BYTES:]
    what = next((what for what in (ALL, DIGEST, *kinds.all_choices()) if _mark(what) == mark), None)
    return Off(member, what, address) if what else None


def is_for(found: Off, member: Member) -> bool:
    """Whether `member`'s mails still go where the link was mailed to. Who reads another mailbox now, an old one of
    theirs for instance, turns nothing off."""
    return constant_time_compare(found.address, _address_mark(member))


def _address(member: Member, what: str) -> str:
    return f"{settings.SITE_URL}{reverse('news_off', args=[_token(member, what)])}"


def _token(member: Member, what: str) -> str:
    """As long for one kind as for another, and never the same twice."""
    content = member.public_id.bytes + _address_mark(member) + _mark(what)
    return _box().encrypt(content).decode().rstrip("=")


def _box() -> "fernet.MultiFernet":
    """Opens also what was made before the secret key was changed."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (salted_hmac(_SALT, "box", secret=key, algorithm="sha256").digest() for key in keys)
    return fernet.MultiFernet([fernet.Fernet(urlsafe_b64encode(digest)) for digest in digests])


def _address_mark(member: Member) -> bytes:
    return _mark(member.email.lower())


def _mark(what: str) -> bytes:
    return hashlib.sha256(what.encode()).digest()[:_MARK_BYTES]
