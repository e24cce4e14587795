"""What Wagtail's apps register for pages that readers open, without what they register for curators.

Both stand in the same modules, and to load these is to load most of the pages for curators: 158 modules and 8 MB for
the first article that somebody reads. Whatever else is asked for loads them, and from then on Wagtail does as ever.
"""

from collections.abc import Callable
from importlib import import_module
from operator import itemgetter
from typing import Any, Final

from wagtail import hooks
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.embeds.rich_text import MediaEmbedHandler
from wagtail.images import image_operations as on_images
from wagtail.images.rich_text import ImageEmbedHandler
from wagtail.rich_text import features, get_rewriter
from wagtail.rich_text.pages import PageLinkHandler

type Hook = Callable[..., Any]

# Whoever guards a page registers here, and only Wagtail itself does (tests/supportsite/test_sparing.py looks).
_GUARDS: Final = ("before_serve_page", "on_serve_page")
_GUARDING: Final = "wagtail.wagtail_hooks"
_ON_IMAGES: Final = "register_image_operations"


def install() -> None:
    """In this process, before anybody asks for a hook. Where somebody has, everything is there already."""
    if hooks._searched_for_hooks:  # noqa: SLF001
        return
    hooks.get_hooks = _hooks
    features.get_link_types, features.get_embed_types = _links, _embedded


def _hooks(name: str) -> list[Hook]:
    if name in _GUARDS:
        import_module(_GUARDING)
        return [hook for hook, _order in sorted(hooks._hooks.get(name, []), key=itemgetter(1))]  # noqa: SLF001
    return [_operations] if name == _ON_IMAGES else _whole(name)


def _links() -> dict[str, type[Any]]:
    return {handler.identifier: handler for handler in (PageLinkHandler, DocumentLinkHandler)}


def _embedded() -> dict[str, type[Any]]:
    return {handler.identifier: handler for handler in (ImageEmbedHandler, MediaEmbedHandler)}


def _operations() -> list[tuple[str, type[Any]]]:
    return [
        ("original", on_images.DoNothingOperation),
        ("fill", on_images.FillOperation),
        ("min", on_images.MinMaxOperation),
        ("max", on_images.MinMaxOperation),
        ("width", on_images.WidthHeightOperation),
        ("height", on_images.WidthHeightOperation),
        ("scale", on_images.ScaleOperation),
        ("jpegquality", on_images.JPEGQualityOperation),
        ("webpquality", on_images.WebPQualityOperation),
        ("avifquality", on_images.AvifQualityOperation),
        ("format", on_images.FormatOperation),
        ("bgcolor", on_images.BackgroundColorOperation),
    ]


_all: Final[Callable[[str], list[Hook]]] = hooks.get_hooks


def _whole(name: str) -> list[Hook]:
    """Takes a second the first time."""
    found = _all(name)
    if hooks.get_hooks is _hooks:
        hooks.get_hooks = _all
        for ours in ("get_link_types", "get_embed_types"):
            vars(features).pop(ours, None)
        get_rewriter.cache_clear()
    return found
