"""Static files that come out of installed packages."""

from collections.abc import Iterable, Iterator
from typing import Any

from bootstrap_wrapper import get_bootstrap_css_dir
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

ADMINISTRATION = ("wagtail", "admin/", "staticfiles")
STYLE_SHEET = ("bootstrap.min.css", "bootstrap.min.css.map")


class PackageFinder(BaseFinder):
    """Bootstrap's style sheet as `bootstrap/bootstrap.min.css`, from the wheel that uv.lock pins.

    The wheel also carries scripts and variants that no page uses; they stay where they are.
    """

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=get_bootstrap_css_dir())
        self.storage.prefix = "bootstrap"  # type: ignore[attr-defined]  # collectstatic reads it

    def check(self, **_kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        names = {f"bootstrap/{name}": name for name in STYLE_SHEET}
        if path not in names:
            return [] if find_all else None
        match = self.storage.path(names[path])
        return [match] if find_all else match

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Storage]]:  # noqa: ARG002 - Django's signature
        for name in STYLE_SHEET:
            yield name, self.storage


class QuickStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise carries no types
    """For a laptop: what members load is compressed as in production, what administrators load is not.

    Compressing Wagtail's own scripts takes twenty seconds of the first start, and saves only a network's time.
    """

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files([path for path in paths if not path.startswith(ADMINISTRATION)])
