"""What the site suggests by itself beside what somebody reads: kept ready, so that a thread asks no database for it.

`services/shelf.py` fills it every few minutes. Where it is empty or the cache is away, nothing is suggested.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from core import text

KEY = "library-shelf"
_WORD = re.compile(r"[^\W\d_]{4,}")
# So much of a word is compared: sleep, sleeping and sleepless are one.
_STEM = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    slug: str
    title: str
    kind: str
    topic: str
    review_by: dt.date
    # Beginnings of the words by which it is told from the others.
    stems: frozenset[str]


def stems(words: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(text.normalise(words).casefold()))


def on_shelf() -> Sequence[Suggestion]:
    """Those that are still in date. One cache command and no query."""
    try:
        kept: Sequence[Suggestion] = cache.get(KEY) or ()
    except (RedisError, OSError):
        return ()
    today = timezone.localdate()
    return [one for one in kept if one.review_by >= today]


def suggest(
    *, title: str, around: str, topics: Collection[str], kinds: Collection[str], most: int, turn: int
) -> Sequence[Suggestion]:
    """Up to `most` that go with `title`, which counts twice, and `around`, of `topics` or `kinds` first.

    Where no words fit, one of these topics or kinds; `turn` says which, so that not all places get the same.
    """
    if not most:
        return ()
    near, far = stems(title), stems(around)
    shelf = on_shelf()
    scored = [(2 * len(one.stems & near) + len(one.stems & far - near), one) for one in shelf]
    fits = [(score + (_wanted(one, topics, kinds)), one) for score, one in scored if score]
    if fits:
        fits.sort(key=lambda pair: (-pair[0], pair[1].slug))
        return [one for _score, one in fits[:most]]
    wanted = [one for one in shelf if _wanted(one, topics, kinds)]
    return [wanted[turn % len(wanted)]] if wanted else ()


def _wanted(one: Suggestion, topics: Collection[str], kinds: Collection[str]) -> int:
    return int(one.topic in topics) + int(one.kind in kinds)
