"""Modules that packages load for all who use them, and that a process here loads when it needs them, or never.

Together with curators' pages (core.urls_on_demand) they took some 50 MB of each web process, a quarter of what it had.
What is left out must not be used by any page; what comes later works as ever, from its first use on.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader, spec_from_loader
from threading import RLock
from types import ModuleType
from typing import Any, Final

# Who imports one of these uses it as a module, so that its first attribute is asked for when it is used.
LATER: Final = frozenset({
    # Compiled libraries: for links in mails, for passkeys, and for the style of mails.
    "cryptography.fernet", "allauth.mfa.webauthn.internal.auth", "css_inline",
    # Guesses the encoding of pages elsewhere; and draws.
    "charset_normalizer", "PIL.Image",
    # CSS selectors; and C, as Celery's pool of processes has it.
    "soupsieve", "cffi",
})  # fmt: skip

# Wagtail's apps register with its new programming interface, which is not served here, and load it for that.
UNSERVED: Final = frozenset({
    "wagtail.api.v3.api",
    *(f"wagtail.{app}.api.v3.{part}" for app in ("documents", "images", "snippets") for part in ("registry", "router")),
})  # fmt: skip

# Optional: for pictures of a kind that nobody may upload (WAGTAILIMAGES_EXTENSIONS), and for tracebacks in colours,
# which tell what every variable holds.
ABSENT: Final = frozenset({"pillow_heif", "rich"})

# Of the older interface, which Wagtail's own pages ask, its hooks need only the names. Of what Django has for tests,
# which brings Python's own, previews alone use a class. Of the client of Valkey for asyncio, and of what lays out
# queries for a log, modules inside are used, and not the package; what that client has for clusters and for news of
# keys, it only hands on. Celery reads times that a task was given with, and ours have none. Wagtail takes words out of
# HTML when it indexes an article, and reads HTML when one is written.
NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "bs4": ("BeautifulSoup",),
    "dateutil.parser": ("isoparse",),
    "django.test": ("RequestFactory",),
    "redis.asyncio": (),
    "redis.cluster": ("RedisCluster",),
    "redis.keyspace_notifications": (
        "ChannelType", "ClusterKeyspaceNotifications", "EventType", "KeyeventChannel", "KeyNotification",
        "KeyspaceChannel", "KeyspaceNotifications", "KeyspaceNotificationsInterface", "KeyspaceWorkerThread",
        "SubkeyeventChannel", "SubkeyspaceChannel", "SubkeyspaceeventChannel", "SubkeyspaceitemChannel",
        "get_channel_type",
    ),
    "sqlparse": (),
    "wagtail.documents.api.admin.views": ("DocumentsAdminAPIViewSet",),
    "wagtail.images.api.admin.views": ("ImagesAdminAPIViewSet",),
}  # fmt: skip


class Sparing(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in ABSENT:
            raise ModuleNotFoundError(f"{fullname} is not used here (supportsite.sparing).", name=fullname)
        if fullname in UNSERVED:
            return spec_from_loader(fullname, _Unserved())
        if fullname not in LATER and fullname not in NAMED:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is not None and found.loader is not None:
            found.loader = _Named(found.loader) if fullname in NAMED else LazyLoader(found.loader)
        return found


def install() -> None:
    """Before anything of the above is imported. Once is enough."""
    if not any(isinstance(finder, Sparing) for finder in sys.meta_path):
        sys.meta_path.insert(0, Sparing())


class _Unserved(Loader):
    """A module that takes whatever is registered with it, and keeps nothing."""

    def exec_module(self, module: ModuleType) -> None:
        module.register_content_types = _take  # type: ignore[attr-defined]
        module.router = None  # type: ignore[attr-defined]
        module.api = _Api()  # type: ignore[attr-defined]


def _take(*_given: object) -> None:
    pass


class _Api:
    add_router = staticmethod(_take)


class _Named(Loader):
    """A module with stand-ins for some of its classes, which is loaded when it is asked for anything else."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._lock = RLock()
        self._is_loaded = False

    def exec_module(self, module: ModuleType) -> None:
        for name in NAMED[module.__name__]:
            setattr(module, name, _StandIn(partial(self._loaded, module, name)))
        module.__getattr__ = partial(self._loaded, module)  # type: ignore[method-assign]

    def _loaded(self, module: ModuleType, name: str) -> Any:
        with self._lock:
            if not self._is_loaded and (name == "__all__" or not name.startswith("__")):
                # What it loads itself may ask for what it does not have yet.
                self._is_loaded = True
                self._loader.exec_module(module)
        if name not in vars(module):
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}", name=name, obj=module)
        return vars(module)[name]


class _StandIn:
    def __init__(self, find: Callable[[], Any]) -> None:
        self._find = find

    def __getattr__(self, asked: str) -> Any:
        return getattr(self._find(), asked)

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._find()(*given, **named)

    def __instancecheck__(self, one: object) -> bool:
        return isinstance(one, self._find())
