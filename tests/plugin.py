"""Brings the services up before anything reads Django's settings. Loaded by `-p tests.plugin` in pyproject.toml."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from supportsite.embedded import start_for_tests

VAR_DIR = Path(__file__).resolve().parent.parent / "var"
_STARTED = "ALONGSIDE_TEST_SERVICES"
_stop: list[Callable[[], None]] = []


def pytest_addoption() -> None:
    """The earliest hook there is. Workers of pytest-xdist inherit the environment and find the services up."""
    if _STARTED not in os.environ:
        _stop.append(start_for_tests(VAR_DIR))
        os.environ[_STARTED] = "yes"


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    for stop in _stop:
        stop()
