"""The curators' pages, fitted to this house."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


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


@hooks.register("insert_global_admin_js")  # type: ignore[untyped-decorator]
def quick_exit() -> SafeString:
    """The button and the three presses of Shift, here as on every page (M9)."""
    return format_html('<script src="{}"></script>', static("js/quick_exit.js"))
