"""The curators' pages, fitted to this house."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from resources.models import ArticlePage
from resources.views.curating_helplines import HelplinesGroup, remove_several

register_snippet(HelplinesGroup)
hooks.register("before_bulk_action", remove_several)


@hooks.register("construct_main_menu")  # type: ignore[untyped-decorator]  # Wagtail carries no types
def only_what_curators_use(_request: HttpRequest, menu_items: list[object]) -> None:
    """Without Wagtail's reports, which name who edited what everywhere, and its links to help elsewhere."""
    menu_items[:] = [item for item in menu_items if getattr(item, "name", "") not in ("reports", "help")]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def leave_this_site() -> MenuItem:
    return MenuItem(
        _("Leave this site"), reverse("leave"), name="leave", icon_name="logout", attrs={"data-quick-exit": ""}, order=1
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def get_help_now() -> MenuItem:
    return MenuItem(_("Get help now"), reverse("help_now"), name="help-now", icon_name="help", order=2)


class ForCurators(MenuItem):  # type: ignore[misc]
    """Administrators who do not curate would find nothing behind it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_curator", False))


class ForAdministrators(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_staff", False) or getattr(request.user, "is_superuser", False))


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def questions_to_professionals() -> MenuItem:
    return ForCurators(
        _("Questions to professionals"), reverse("questions_desk"), name="questions", icon_name="help", order=890
    )


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def what_readers_told() -> MenuItem:
    return ForCurators(_("What readers told"), reverse("remarks"), name="remarks", icon_name="comment", order=900)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def professionals() -> MenuItem:
    return ForAdministrators(
        _("Professionals"), reverse("manage_professionals"), name="professionals", icon_name="user", order=910
    )


@hooks.register("insert_global_admin_js")  # type: ignore[untyped-decorator]
def quick_exit() -> SafeString:
    """The button and the three presses of Shift, here as on every page (M9)."""
    return format_html('<script src="{}"></script>', static("js/quick_exit.js"))


@hooks.register("register_page_header_buttons")  # type: ignore[untyped-decorator]
def retire_page(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Out of what is recommended, and back."""
    del view_name, next_url
    page = page.specific
    if isinstance(page, ArticlePage) and page.live and page.permissions_for_user(user).can_edit():
        label = _("No longer recommended") if page.is_retired else _("No longer recommend")
        yield Button(label, url=reverse("retire_page", args=[page.pk]), icon_name="no-view", priority=70)
