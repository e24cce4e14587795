"""How long somebody has been here, for who asked to be told (M6). Kept in their session, and nowhere else."""

from collections.abc import MutableMapping
from typing import Any

# Whoever was away for so long begins anew.
PAUSE_SECONDS = 20 * 60
# No page is written down more often than that.
STEP_SECONDS = 60
_KEY = "sitting"


def is_time(session: MutableMapping[str, Any], *, minutes: int, now: float) -> bool:
    """Whether they are told now: once in one stay, at the first page after `minutes`. Writes once a minute at most."""
    begun, seen, told = session.get(_KEY) or (int(now), 0, False)
    if now - seen > PAUSE_SECONDS:
        begun, told = int(now), False
    tell = not told and now - begun >= minutes * 60
    if tell or now - seen >= STEP_SECONDS:
        session[_KEY] = [begun, int(now), told or tell]
    return tell
