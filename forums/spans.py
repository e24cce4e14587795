"""Numbers of posts, as people write them."""

import re

SPANS_AT_ONCE = 50
_ONE = re.compile(r"(\d{1,9})", re.ASCII)
_RANGE = re.compile(r"(\d{1,9})\s*[-–—]\s*(\d{1,9})", re.ASCII)
_ONWARDS = re.compile(r"(?:from\s+)?(\d{1,9})\s*(?:on|onwards|[-–—])|from\s+(\d{1,9})", re.IGNORECASE | re.ASCII)


def parse_spans(typed: str, *, last: int) -> list[tuple[int, int]]:
    """“4, 7-9, from 12 on” as pairs of first and last number. Raises ValueError for anything else.

    A number sign before a number is read as it stands on the page.
    """
    parts = [part.strip() for part in typed.replace("#", "").replace(";", ",").split(",") if part.strip()]
    if not 1 <= len(parts) <= SPANS_AT_ONCE:
        raise ValueError(typed)
    return [_span(part, last) for part in parts]


def _span(part: str, last: int) -> tuple[int, int]:
    if one := _ONE.fullmatch(part):
        span = (int(one[1]), int(one[1]))
    elif both := _RANGE.fullmatch(part):
        span = (int(both[1]), int(both[2]))
    elif onwards := _ONWARDS.fullmatch(part):
        span = (int(onwards[1] or onwards[2]), last)
    else:
        raise ValueError(part)
    if not 1 <= span[0] <= span[1]:
        raise ValueError(part)
    return span
