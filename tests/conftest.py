"""The cast, and the stage they stand on."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.utils.safestring import mark_safe

from core.deflated import Deflated, plain
from core.finished import Finished, FinishedPart
from core.stencils import Stencils
from members.models import Member
from notifications import tasks
from resources import curating
from supportsite import whose
from supportsite.celery import app as celery_app
from tests import database, factories

quick = override_settings(
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
)


def pytest_configure() -> None:
    """Quick hashes, a cache of its own for each process, static files by their plain names, and every address there."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    quick.enable()
    # Or whether a curators' address can be reversed would depend on what another test has opened.
    import_module(curating.URLS)
    # No test fails because a machine is slow, or passes because of what an earlier run remembered.
    hypothesis.settings.register_profile("quiet", deadline=None, database=None)
    hypothesis.settings.load_profile("quiet")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests begin first, so that no process waits for them alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("services") is None)


@pytest.fixture(autouse=True)
def stencils_say_what_their_templates_say(monkeypatch):
    """Whatever page a test opens: what is filled in is what the template says of the values themselves."""
    fill = Stencils.fill

    @wraps(fill)
    def compared(made, shape, values, **here):
        filled = fill(made, shape, values, **here)
        assert filled == made.whole(shape, values)
        return filled

    monkeypatch.setattr(Stencils, "fill", compared)


@pytest.fixture(autouse=True)
def finished_pages_say_what_they_would_say_now(compared_with_new_ones) -> None:
    """Unless a test says otherwise."""


@pytest.fixture
def compared_with_new_ones(monkeypatch):
    """Whatever page a test opens that was kept: it is the one that would be made for this reader now."""
    fill, fill_part = Finished.fill, FinishedPart.fill

    @wraps(fill)
    def compared(kept, made_from, values, make):
        filled = fill(kept, made_from, values, make)
        html = {
            name: mark_safe(plain([value]).decode()) if isinstance(value, bytes | Deflated) else value
            for name, value in values.items()
        }
        assert plain(filled).decode() == make(html)
        return filled

    @wraps(fill_part)
    def compared_part(kept, made_from, word, make):
        filled = fill_part(kept, made_from, word, make)
        assert filled.plain().decode() == make(word)
        return filled

    monkeypatch.setattr(Finished, "fill", compared)
    monkeypatch.setattr(FinishedPart, "fill", compared_part)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    with django_db_blocker.unblock():
        database.use_clone(f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")


@pytest.fixture
def shared_database(django_db_blocker):
    """A fresh database for one test, in which other connections see what this one writes. Nothing is rolled back."""
    with django_db_blocker.unblock(), database.another_clone("shared"):
        yield


@pytest.fixture
def worker(django_capture_on_commit_callbacks):
    """With `worker():` what waits for the commit happens at its end, and so do the tasks that it starts."""

    @contextmanager
    def at_work() -> Iterator[None]:
        celery_app.conf.task_always_eager = celery_app.conf.task_eager_propagates = True
        try:
            with django_capture_on_commit_callbacks(execute=True):
                yield
        finally:
            celery_app.conf.task_always_eager = celery_app.conf.task_eager_propagates = False

    return at_work


@pytest.fixture
def unchanged() -> Iterator[None]:
    """What the test writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def fresh_cache() -> Iterator[None]:
    """allauth's rate limits live in the cache."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def broker_is_there() -> None:
    """Whatever the test before did to it."""
    tasks.broker.away_until = 0.0


@pytest.fixture(autouse=True)
def within_one_minute(monkeypatch) -> None:
    """How often somebody does a thing is counted by the minute and the hour, and a test may be slow at the full one."""
    now = time.time()
    monkeypatch.setattr("core.pace.time", lambda: now)


@pytest.fixture
def member(db):
    return factories.MemberFactory(username="alder")


@pytest.fixture
def other_member(db):
    return factories.MemberFactory(username="birch")


@pytest.fixture
def newcomer(db):
    return factories.MemberFactory(username="seedling", joined_at=factories.now())


@pytest.fixture
def blocked(member):
    """Somebody whom `member` has blocked."""
    return factories.BlockFactory(blocker=member, blocked__username="thorn").blocked


@pytest.fixture
def silenced(db):
    """Somebody who may read and not write."""
    return factories.SanctionFactory(member__username="hush").member


@pytest.fixture
def moderator(db):
    return factories.MemberFactory(username="keeper", is_moderator=True)


@pytest.fixture
def other_moderator(db):
    return factories.MemberFactory(username="warden", is_moderator=True)


@pytest.fixture
def curator(db):
    return factories.CuratorFactory(username="reader")


@pytest.fixture
def admin(db):
    return factories.MemberFactory(
        username="steward", is_staff=True, is_superuser=True, is_moderator=True, is_curator=True
    )


@pytest.fixture
def visitor() -> Client:
    """Nobody is signed in."""
    return Client()


@pytest.fixture
def sign_in():
    """A browser in which this member is signed in, and was seen before: each page asks for them in one query."""

    def client_for(member: Member) -> Client:
        client = Client()
        client.force_login(member)
        whose.remember(client.session.session_key or "", member.pk)
        return client

    return client_for


@pytest.fixture
def scene(member, other_member):
    """A thread by `member` in a members' board, with one reply by `other_member`."""
    thread = factories.ThreadFactory(author=member)
    reply = factories.PostFactory(thread=thread, author=other_member)
    return SimpleNamespace(board=thread.board, thread=thread, opening=thread.posts.get(number=1), reply=reply)
