"""What the image for production has not, hidden from the processes that are measured.

Some packages load others where they are there: lxml, greenlet and PyYAML come with the tools for developing, and would
be 5 MB of each web process.
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType
from typing import Any

HIDDEN = "BENCH_HIDES"
_PROJECT = "alongside"


def names_of_development(lock: Path) -> str:
    """Of all installed modules that none of the packages for production, as `lock` says, brings. With commas."""
    # Not in the processes that are measured.
    import tomllib

    used = {name for name, _extras in _brought(tomllib.loads(lock.read_text())["package"])}
    return ",".join(
        sorted(
            module
            for module, packages in packages_distributions().items()
            if not used & {re.sub(r"[-_.]+", "-", package).lower() for package in packages}
        )
    )


def _brought(packages: Sequence[dict[str, Any]]) -> set[tuple[str, frozenset[str]]]:
    by_name = {package["name"]: package for package in packages}
    seen: set[tuple[str, frozenset[str]]] = set()
    ahead = [(_PROJECT, frozenset[str]())]
    while ahead:
        if (wanted := ahead.pop()) not in seen:
            seen.add(wanted)
            ahead += _needs(by_name[wanted[0]], wanted[1])
    return seen


def _needs(package: dict[str, Any], extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    optional = package.get("optional-dependencies", {})
    for group in (package.get("dependencies", []), *(optional.get(extra, []) for extra in sorted(extras))):
        for needed in group:
            yield needed["name"], frozenset(needed.get("extra", []))


class _Hiding(MetaPathFinder):
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self._names:
            raise ModuleNotFoundError(f"Production has no {fullname} (bench.packages).", name=fullname)
        return None


def hide() -> None:
    """Those that the environment names. Before anything else is imported."""
    sys.meta_path.insert(0, _Hiding(frozenset(filter(None, os.environ.get(HIDDEN, "").split(",")))))
