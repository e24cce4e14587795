"""What can be noticed in a text before anybody reads it.

    verdict = screening.screen(text)

In process: no network, no query. Detectors are modules here, one a kind; what they know of a language stands in
`languages/`. They raise, hold and ask; they never block, hide or delete (M10). `docs/screening.md` says how well.
"""

from moderation.screening.engine import SPOKEN, Looked, look, screen
from moderation.screening.verdict import (
    ASKS_FOR_HELP,
    CLOSING_ASKED,
    CRISIS,
    HOSTILITY,
    MEDICAL,
    PERSONAL,
    READ_FIRST,
    SPAM,
    WATCHED,
    Action,
    Found,
    Verdict,
    asks_for_help,
    closing_asked,
    read_first,
)

__all__ = [
    "ASKS_FOR_HELP",
    "CLOSING_ASKED",
    "CRISIS",
    "HOSTILITY",
    "MEDICAL",
    "PERSONAL",
    "READ_FIRST",
    "SPAM",
    "SPOKEN",
    "WATCHED",
    "Action",
    "Found",
    "Looked",
    "Verdict",
    "asks_for_help",
    "closing_asked",
    "look",
    "read_first",
    "screen",
]
