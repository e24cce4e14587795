"""The curators' pages, fitted to this house."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page


@hooks.register("before_publish_page")  # type: ignore[untyped-decorator]  # Wagtail carries no types
def only_review_publishes(_request: HttpRequest, page: Page) -> HttpResponse | None:
    """Even an administrator's publish button waits for a second person (invariant 7)."""
    from resources.models import ArticlePage

    if not isinstance(page.specific_deferred, ArticlePage):
        return None
    messages.error(
        _request,
        _("Nothing was published. Submit the article for review: somebody who did not write it publishes it."),
    )
    return redirect("wagtailadmin_pages:edit", page.pk) if page.pk else redirect("wagtailadmin_home")


@hooks.register("construct_page_action_menu")  # type: ignore[untyped-decorator]
def no_publish_button(menu_items: list[object], _request: HttpRequest, context: dict[str, object]) -> None:
    from resources.models import ArticlePage

    page = context.get("page")
    if page is None or isinstance(page, ArticlePage):
        menu_items[:] = [item for item in menu_items if getattr(item, "name", "") != "action-publish"]


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]
def no_member_lists(_request: HttpRequest, menu_items: list[object]) -> None:
    """Curators and administrators manage people elsewhere, where every look is written down."""
    menu_items[:] = [item for item in menu_items if getattr(item, "name", "") not in ("reports", "help")]
