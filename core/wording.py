"""What this site never says: words that hurt people who are unwell, or that shout at them."""

import re

# In nobody's mouth that the site publishes: not in an article's, and not in the demo's members'.
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
