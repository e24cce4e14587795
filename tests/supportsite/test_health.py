"""Whether the process is up, and whether it can do its work."""

import socket

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def cache_away():
    url = f"redis://127.0.0.1:{closed_port()}/0"
    before = caches["default"]
    with override_settings(
        CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}}
    ):
        yield
    caches["default"] = before


@pytest.fixture
def database_away(monkeypatch, django_db_blocker):
    """The server does not answer at the address that the settings name."""
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        monkeypatch.setitem(connection.settings_dict, "PORT", closed_port())
        yield
        connection.close()


def test_healthz_says_ok_in_plain_text_and_asks_nobody():
    # The database is out of bounds in this test: a question to it would fail here.
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Content-Type"] == "text/plain"
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_names_every_part_when_all_is_well():
    answer = Client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "cache": "ok", "migrations": "ok", "outbox": "ok"}
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_says_that_the_cache_is_away(cache_away):
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "cache": "does not answer", "migrations": "ok", "outbox": "ok"}


def test_readyz_says_that_the_database_is_away(database_away):
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "database": "does not answer",
        "cache": "ok",
        "migrations": "unknown",
        "outbox": "unknown",
    }


def test_healthz_stays_up_while_everything_else_is_away(database_away, cache_away):
    assert Client().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_readyz_says_that_migrations_wait():
    (latest,) = MigrationLoader(connection).graph.leaf_nodes("moderation")
    MigrationRecorder(connection).record_unapplied(*latest)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "cache": "ok", "migrations": "waiting", "outbox": "unknown"}


def test_readyz_gives_away_nothing_but_the_names_of_the_parts(database_away, cache_away):
    said = Client().get("/readyz").text
    assert "127.0.0.1" not in said
    assert "Error" not in said


@pytest.mark.django_db
def test_health_checks_change_nothing_and_set_no_cookie():
    for path in ("/healthz", "/readyz"):
        assert Client().post(path).status_code == 405
        assert Client().head(path).status_code == 200
        assert not Client().get(path).cookies
