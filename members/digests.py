"""How secrets are kept that only their bearers know: what stands in the database lets nobody in."""

import hashlib

from django.utils.crypto import salted_hmac

from members.models import Member


def of_secret(secret: str) -> str:
    """Of one that is long and made by chance, so that nobody guesses it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def of_device(secret: str, member: Member) -> str:
    """Of a browser's secret for one member: two people who share a browser are not seen to share it."""
    return salted_hmac("members.devices", f"{member.pk} {secret}", algorithm="sha256").hexdigest()
