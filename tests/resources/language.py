"""What this site never says (care.md, “How it speaks”)."""

import re

# In members' words, too, where we wrote them: the demo is read by people who are unwell.
NEVER = re.compile(
    r"""\bcommit(?:s|ted|ting)?\s+suicide
    | \b(?:failed|unsuccessful|successful|completed)\s+(?:suicide\s+)?attempts?
    | \b(?:it|things?)\s+(?:will\s+)?gets?\s+better
    | \bstay(?:ing)?\s+strong
    | \bdon['’]t\s+forget
    | \byou(?:['’]ve)?\s+missed
    | \bmiss(?:es)?\s+you\b
    | \blast\s+chance
    | \bstreaks?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Only in the site's own voice.
LOUD = re.compile(r"!|[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]")


def never_said(text: str) -> list[str]:
    return [found[0] for found in NEVER.finditer(" ".join(text.split()))]
