"""How many mails left and how many did not, and why: counted for whoever runs the site."""

from collections.abc import Iterator, Mapping
from itertools import product

from core import tally
from notifications.models import Delivery, Digest, Sending

_NAMES = {Delivery: "delivery", Digest: "digest"}


def note(sending: Sending) -> None:
    """Count `sending`, which is settled."""
    tally.count(_name(_NAMES[type(sending)], sending.state, sending.reason))


def mails() -> Mapping[tuple[str, str, str], int]:
    """By ("delivery" or "digest", state, reason), since the counting began. One cache command; may raise its errors."""
    labels = {_name(*one): one for one in _all()}
    return {labels[name]: number for name, number in tally.read(labels).items()}


def _all() -> Iterator[tuple[str, str, str]]:
    yield from ((name, Sending.State.SENT, "") for name in _NAMES.values())
    yield from product(_NAMES.values(), [Sending.State.SKIPPED], Sending.Reason.values)


def _name(what: str, state: str, reason: str) -> str:
    return f"mails:{what}:{state}:{reason}"
