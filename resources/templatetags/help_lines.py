"""Whom somebody could call or text, for pages of parts that know nothing of help lines."""

from collections.abc import Sequence

from django import template
from django.template.context import Context

from resources.country import chosen
from resources.helplines import Country, countries

register = template.Library()


@register.simple_tag(takes_context=True)
def country_here(context: Context) -> Country | None:
    """The one that the address asks for (`country`), or that the reader chose before. No query, no session."""
    request = context["request"]
    return countries().get(request.GET.get("country", "")) or chosen(request)


@register.simple_tag
def countries_to_choose(country: Country | None) -> Sequence[tuple[str, str, bool]]:
    """Triples of code, name and whether it is `country`."""
    return [(each.code, each.name, each is country) for each in countries().values()]
