import pytest
from django.core.cache import caches
from django.urls import reverse

from core import pace
from forums.views import writing
from tests.pages import words


def test_one_more_than_the_limit_is_too_many_and_others_are_not_concerned():
    assert [pace.within("wave", 1, limit=2) for _try in range(3)] == [True, True, False]
    assert pace.within("wave", 2, limit=2)
    assert pace.within("nod", 1, limit=2)


def test_somebody_without_an_account_is_counted_by_an_address_that_is_not_kept(monkeypatch):
    keys: list[str] = []

    def count(key: str) -> int:
        keys.append(key)
        return 1

    monkeypatch.setattr("core.pace.cache.incr", count)
    assert pace.within("wave", "robin@example.net", limit=1)
    assert pace.within("wave", "wren@example.net", limit=1)
    assert len(set(keys)) == 2
    assert not any("example" in key for key in keys)


def test_a_cache_that_is_away_silences_nobody(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    caches.settings = settings.CACHES
    assert pace.within("wave", 1, limit=0)


@pytest.mark.parametrize("name", ["reply", "new_thread"])
def test_whoever_writes_too_much_keeps_the_words_and_is_told(sign_in, member, scene, monkeypatch, name):
    monkeypatch.setattr(writing, "REPLIES_AN_HOUR", 0)
    monkeypatch.setattr(writing, "THREADS_AN_HOUR", 0)
    target = scene.thread.public_id if name == "reply" else scene.board.slug
    page = sign_in(member).post(reverse(name, args=[target]), {"body": "And another thing."})
    assert page.status_code == 429
    assert "a lot of writing for one hour" in words(page)
    assert "And another thing." in page.text
