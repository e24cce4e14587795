"""Who goes first when more is asked for than can be answered, and who is turned away (docs/operating.md).

By the address alone: neither session nor database is looked at for it.
"""

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class Turn(IntEnum):
    """The lowest goes first and is turned away last."""

    WRITING = 0
    READING = 1
    SEARCH = 2
    BY_ITSELF = 3


# After so many seconds of waiting it is turned away. Browsers and proxies give up after 30 or 60.
PATIENCE: Final[Mapping[int, float]] = {Turn.WRITING: 20, Turn.READING: 8, Turn.SEARCH: 4, Turn.BY_ITSELF: 1}
# Seconds after which a request is likely to wait for the database or a disk, and another may use the processor. Most
# pages take less (docs/decisions/a-gate-before-django.md).
APART: Final = 0.01
# When to try again, in seconds.
AGAIN_AFTER: Final[Mapping[int, int]] = {Turn.WRITING: 5, Turn.READING: 5, Turn.SEARCH: 10, Turn.BY_ITSELF: 30}
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})

# Answered without waiting, and without a place: they ask neither database nor cache.
_AT_ONCE = frozenset({"/help-now/", "/leave/", "/healthz"})
_FILES = "/static/"
# What pages ask for while somebody looks at them or types: the scripts keep what they have, and ask again later.
_BY_ITSELF = re.compile(
    r"/(?:updates/mark|moderation/news|drafts/who|drafts/(?:threads|boards)/[^/]+|preview|writing/calm)/"
)
# Reporting, and those who look after reports, from the page with the form on; and whoever watches the site.
_LIKE_WRITING = ("/report/", "/reports/", "/moderation/", "/readyz", "/metrics")


def never_waits(method: str, path: str) -> bool:
    return method in SAFE_METHODS and (path in _AT_ONCE or path.startswith(_FILES))


def turn_of(method: str, path: str, query: str) -> Turn:
    if _BY_ITSELF.fullmatch(path):
        return Turn.BY_ITSELF
    if method not in SAFE_METHODS or path.startswith(_LIKE_WRITING):
        return Turn.WRITING
    if path == "/search/" or (path == "/resources/" and "&q=" in f"&{query}"):
        return Turn.SEARCH
    return Turn.READING
