"""Numbers that people in danger dial: what can be found wrong with them before anybody does."""

import re
from urllib.parse import urlsplit

import phonenumbers
from django.utils.translation import gettext as _

from resources.models import HelplineChannel

_DIALLED = re.compile(r"\+?[0-9*#]{2,20}")
Kind = HelplineChannel.Kind


def problem(*, kind: str, display: str, dial: str, country: str) -> str:
    """What is wrong with one way to reach a line in `country` (a code), in a sentence; "" where nothing is found.

    That a number can exist is no proof that it is theirs: only a person who compares it with the source knows.
    """
    if kind == Kind.CHAT:
        return _chat_problem(dial)
    if not _DIALLED.fullmatch(dial):
        return _("“%(dial)s” cannot be dialled: only digits, with + in front of a country’s code.") % {"dial": dial}
    # “988, then press 1”: what comes after the comma is pressed later.
    read = re.sub(r"[^\d+*#]", "", display.partition(",")[0])
    if read != dial:
        return _("“%(display)s” is read, and “%(dial)s” is dialled: they are not the same number.") % {
            "display": display,
            "dial": dial,
        }
    if not _can_exist(dial, country):
        return _("“%(dial)s” is no number that can be reached in %(country)s. Has it lost or gained a digit?") % {
            "dial": dial,
            "country": country,
        }
    return ""


def _chat_problem(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname:
        return _("“%(address)s” is no address of a chat: it begins with https://.") % {"address": address}
    return ""


def _can_exist(dial: str, country: str) -> bool:
    if not dial.startswith("+") and country not in phonenumbers.SUPPORTED_REGIONS:
        return False
    try:
        number = phonenumbers.parse(dial, None if dial.startswith("+") else country)
    except phonenumbers.NumberParseException:
        return False
    if phonenumbers.is_valid_number(number):
        return True
    return not dial.startswith("+") and phonenumbers.is_possible_short_number_for_region(number, country)
