"""In which browsers a member signed in before."""

import secrets

from django.utils import timezone

from members import digests
from members.models import KnownDevice, Member


def new_secret() -> str:
    return secrets.token_urlsafe(24)


def remember_device(*, member: Member, secret: str) -> bool:
    """Keep that `member` signed in with this browser today. Says whether it is a new one for them. Few queries."""
    today = timezone.now().date()
    _device, created = KnownDevice.objects.update_or_create(
        member=member, digest=digests.of_device(secret, member), defaults={"seen_on": today}
    )
    return created
