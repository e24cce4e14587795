"""Which of the pages for help somebody gets, by their address and browser alone: no session, no database."""

from dataclasses import dataclass

from django.http import HttpRequest

from resources import help_pages
from resources.country import chosen_here
from resources.helplines import Countries, Country

PATH = "/help-now/"


@dataclass(frozen=True)
class Choice:
    """`is_new`: the country was just chosen, and is to be remembered in this browser. No country is None."""

    country: Country | None
    language: str
    is_new: bool

    @property
    def page(self) -> str:
        """Where the page lies in a set that was made ahead (resources.help_pages)."""
        return help_pages.file_of(self.country, self.language)


def choice_of(request: HttpRequest, countries: Countries) -> Choice:
    asked = countries.get(request.GET.get("country", ""))
    language = help_pages.language_for(
        request.GET.get("language", ""), str(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
    )
    return Choice(asked or chosen_here(request, countries), language, is_new=asked is not None)
