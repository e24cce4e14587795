"""Where curators work: Wagtail's pages, which a web process loads when one of them is opened (core.urls_on_demand)."""

from typing import Final

from django.urls import reverse

from core import urls_on_demand

URLS: Final = "resources.urls_curating"


def load() -> None:
    """For a page that links to one of them."""
    urls_on_demand.load(URLS)


def editor(page_id: int) -> str:
    """The address at which a page is written."""
    load()
    return reverse("wagtailadmin_pages:edit", args=[page_id])
