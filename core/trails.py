"""The way back that pages show."""

from django.urls import reverse
from django.utils.translation import gettext as _

type Trail = list[tuple[str, str]]


def manage_trail(*further: tuple[str, str]) -> Trail:
    """To the page of all that administrators manage: it belongs to an app above, its address does not."""
    return [(_("Manage"), reverse("manage")), *further]
