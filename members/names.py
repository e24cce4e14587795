"""Which pseudonyms are welcome (M1: you choose how you are known, and nobody is named by accident)."""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
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
