"""What each app does when somebody leaves. They register it (`leaving.py` of the app), so that nothing above has to be
known here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from members.models import Leaving, Member

# Days, by the member's own clock, in which they can take it back. The last of them counts whole.
DAYS = 21
# How many rows one transaction changes.
AT_ONCE = 200

# Changes at most so many rows, and says how many; 0 when there is nothing left to do. Called inside a transaction in
# which the leaving is locked, again and again: what it has done it does not find the next time.
type Batch = Callable[[Leaving, int], int]


def _nothing(leaving: Leaving, limit: int) -> int:
    del leaving, limit
    return 0


def _unmoved(leaving: Leaving) -> None:
    del leaving


def _finished(leaving: Leaving) -> bool:
    del leaving
    return True


def _silent(member: Member) -> Sequence[str]:
    del member
    return ()


@dataclass(frozen=True)
class Part:
    """One app's. Everything may run twice, and goes on where a worker died.

    `begin` is called once, in the transaction in which they go, while they still have their roles. `hide` comes at
    once: what others see no longer, and what somebody who goes does no longer. `restore` takes that back. `finish` is
    for good, after the time for that: in batches, each a transaction of its own; it says whether nothing is left, or
    something has to wait, as for a case that is open. `says` are sentences for the page on which somebody thinks about
    it; `forbids` sentences why they cannot go now.
    """

    key: str
    begin: Callable[[Leaving], None] = _unmoved
    hide: Batch = _nothing
    restore: Batch = _nothing
    finish: Callable[[Leaving], bool] = _finished
    says: Callable[[Member], Sequence[str]] = _silent
    forbids: Callable[[Member], Sequence[str]] = _silent


_parts: dict[str, Part] = {}


def register(part: Part) -> Part:
    _parts[part.key] = part
    return part


def parts() -> Sequence[Part]:
    return list(_parts.values())
