"""Which pseudonyms are welcome (M1: you choose how you are known, and nobody is named by accident)."""

import hashlib
import re
import secrets
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import CharField, Func
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_TWO_CAPITALISED_WORDS = re.compile(r"^[A-Z][a-z]{2,}[._-]?[A-Z][a-z]{2,}$")
_ROLES = ("admin", "moderator", "curator", "official", "helpline", "crisishelp", "supportteam", "alongside")
_MANY_DIGITS = re.compile(r"(?:\d[._-]?){7,}")

letters_only = RegexValidator(
    r"^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\Z",
    _("Use letters, digits, hyphens and underscores, and start and end with a letter or digit."),
)


def not_a_full_name(value: str) -> None:
    """Refuses “JaneSmith” and the like: people who are tired sign up with the name that they know best."""
    if _TWO_CAPITALISED_WORDS.match(value):
        raise ValidationError(
            _("This looks like a first and last name. A made-up name keeps you private; lower case is fine."),
            code="full_name",
        )


def not_a_phone_number(value: str) -> None:
    if _MANY_DIGITS.search(value):
        raise ValidationError(_("This looks like a phone number. A made-up name keeps you private."), code="phone")


def not_a_role(value: str) -> None:
    """Nobody passes for staff or for help."""
    letters = re.sub(r"[_-]|\d", "", value.lower())
    if any(word in letters for word in _ROLES):
        raise ValidationError(_("This name sounds as if you spoke for the site. Please choose another."), code="role")


username_validators: list[Callable[[str], None]] = [letters_only, not_a_full_name, not_a_phone_number, not_a_role]


class Skeleton(Func):
    """What is left of a name, in the database, when what looks alike is one: 0 and o; 1, l and i; rn and m; vv and w.

    The pairs of Unicode's confusables (UTS #39) that are left among the letters and digits that a name may have.
    """

    template = "translate(replace(replace(lower(%(expressions)s), 'rn', 'm'), 'vv', 'w'), '01i_-', 'oll')"
    output_field = CharField()
    arity = 1


def skeleton(name: str) -> str:
    """The same as Skeleton, here."""
    return name.lower().replace("rn", "m").replace("vv", "w").translate(str.maketrans("01i", "oll", "_-"))


def digest(name: str) -> str:
    """64 hex digits for a name and all that look like it, some 50 ms a guess: for names whose owners left."""
    return hashlib.scrypt(skeleton(name).encode(), salt=b"names of those who left", n=2**14, r=8, p=1, dklen=32).hex()


# No pseudonym begins with it, and no mention finds one that does.
_LEFT = "~"


def nameless() -> str:
    """What stands in the place of a name whose owner leaves. Made by chance: it tells nothing, and is shown nowhere."""
    return _LEFT + secrets.token_hex(12)


def has_left(name: str) -> bool:
    return name.startswith(_LEFT)


def shown(name: str) -> str:
    """A pseudonym as others read it, also of somebody who left."""
    return gettext("Someone who left") if has_left(name) else name


def without(name: str, text: str) -> str:
    """`text` with `name` taken out where somebody called it (@name) and where their words are quoted (“name wrote:”).

    What is merely the same word stays: a name may be a tree, and then it stands in half of the poems. Words that were
    written in another language of the site than today's are found by the mention only.
    """
    if name.lower() not in text.lower():
        return text
    instead = gettext("someone who left")
    text = _called(name).sub(lambda _found: instead, text)
    return _quoted(name).sub(lambda found: found[1] + gettext("%(name)s wrote:") % {"name": instead}, text)


def _called(name: str) -> re.Pattern[str]:
    """As forums.mentions finds it."""
    return re.compile(rf"(?<![\w@/.+-])@{re.escape(name)}(?![A-Za-z0-9]|[_-]+[A-Za-z0-9])", re.IGNORECASE)


def _quoted(name: str) -> re.Pattern[str]:
    """The first line of a quotation, as the composer makes it, also of one inside another."""
    before, after = (re.escape(part) for part in gettext("%(name)s wrote:").split("%(name)s"))
    return re.compile(rf"^((?: {{0,3}}>)+ ?){before}{re.escape(name)}{after}", re.IGNORECASE | re.MULTILINE)


def blotted(name: str, text: str) -> str:
    """The same in as many characters, where places in `text` are counted."""
    return re.sub(rf"(?<![A-Za-z0-9_-]){re.escape(name)}(?![A-Za-z0-9_-])", "·" * len(name), text, flags=re.IGNORECASE)


def without_words(name: str, text: str) -> str:
    """`text` without what it quotes of `name`. That there was a quotation stays, so that the answer to it is one."""
    if name.lower() not in text.lower():
        return text
    said = gettext("(taken out)")
    kept: list[str] = []
    inside = 0
    for line in text.splitlines(keepends=True):
        depth = _depth(line)
        if inside and depth >= inside:
            continue
        found = _quoted(name).match(line)
        inside = depth if found else 0
        kept.append(line)
        if found:
            kept.append(f"{'>' * depth}\n{'>' * depth} {said}\n")
    return "".join(kept)


def _depth(line: str) -> int:
    """How many quotations a line stands in."""
    marks = re.match(r"(?: {0,3}>)+", line)
    return marks.group().count(">") if marks else 0
