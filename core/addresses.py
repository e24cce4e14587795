"""Addresses that a page writes often."""

import functools
from urllib.parse import quote_plus
from uuid import UUID

from django.urls import reverse

_SLUG = "no-slug-is-this-1911"
_BLANK = UUID("91191100-0000-4000-8000-00000000beef")


def address(name: str, *parts: UUID | str) -> str:
    """`reverse(name, args=parts)` where only the last part, an id, differs, without looking for the pattern again."""
    before, after = _around(name, parts[:-1])
    return f"{before}{parts[-1]}{after}"


def with_slug(name: str, public_id: UUID | str, slug: str) -> str:
    """`reverse(name, args=[public_id, slug])`. What a slug is made of stands in addresses as it is."""
    before, between, after = _around_slug(name)
    return f"{before}{public_id}{between}{slug}{after}"


def quoted(name: str, public_id: UUID | str) -> str:
    """The same as a value in another address."""
    before, after = _quoted_around(name)
    return f"{before}{public_id}{after}"


@functools.cache
def fixed(name: str) -> str:
    """The address of a page that there is one of."""
    return reverse(name)


@functools.cache
def _around(name: str, words: tuple[UUID | str, ...]) -> tuple[str, str]:
    before, _id, after = reverse(name, args=[*words, _BLANK]).partition(str(_BLANK))
    return before, after


@functools.cache
def _quoted_around(name: str) -> tuple[str, str]:
    before, after = _around(name, ())
    return quote_plus(before), quote_plus(after)


@functools.cache
def _around_slug(name: str) -> tuple[str, str, str]:
    before, _id, rest = reverse(name, args=[_BLANK, _SLUG]).partition(str(_BLANK))
    between, _slug, after = rest.partition(_SLUG)
    return before, between, after
