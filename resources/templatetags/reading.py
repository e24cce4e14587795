"""How a reader stands to the page that they read."""

from django import template
from django.template.context import Context

from resources.access import library
from resources.access import reading as access
from resources.models import ArticlePage

register = template.Library()


@register.simple_tag(takes_context=True)
def reading_of(context: Context, page: ArticlePage) -> access.Standing | None:
    """None in a preview, and where the page stands alone. One query."""
    request = context.get("request")
    if request is None or page.pk is None or context.get("plain") or getattr(request, "is_preview", False):
        return None
    return access.standing(getattr(request, "user", None), page.pk)


@register.filter
def library_address(slug: str) -> str:
    return library.address(slug)
