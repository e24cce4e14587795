from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import override_settings

from members.models import Member
from resources.models import ResourceIndexPage
from tests import factories
from tests.resources import library


@pytest.fixture(autouse=True, scope="package")
def unsearched() -> Iterator[None]:
    with library.unsearched():
        yield


@pytest.fixture(autouse=True, scope="package")
def uploads(tmp_path_factory) -> Iterator[None]:
    """Pictures and films of tests go where nothing else is."""
    with override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media"))):
        yield


@pytest.fixture(scope="module")
def founded(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """An empty library and its two curators, made once for all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        library.index()
        author, reviewer = (factories.CuratorFactory(username=name) for name in ("writes", "checks"))
        yield SimpleNamespace(author=author.pk, reviewer=reviewer.pk)
        transaction.set_rollback(True)


@pytest.fixture
def shelf(founded, db):
    """The front of the library, empty."""
    return ResourceIndexPage.objects.get()


@pytest.fixture
def author(founded, db):
    """A curator who writes."""
    return Member.objects.get(pk=founded.author)


@pytest.fixture
def reviewer(founded, db):
    """A curator who reads what another has written."""
    return Member.objects.get(pk=founded.reviewer)


@pytest.fixture
def draft(author):
    """An article that `author` has written and nobody has reviewed."""
    return library.draft(author)


@pytest.fixture
def article(author, reviewer):
    """An article that went the whole way and can be read by everybody."""
    return library.published(author=author, reviewer=reviewer)
