import pytest

from tests import factories
from tests.resources import library


@pytest.fixture
def shelf(db):
    """The front of the library, empty."""
    return library.index()


@pytest.fixture
def author(shelf):
    """A curator who writes."""
    return factories.CuratorFactory(username="writes")


@pytest.fixture
def reviewer(shelf):
    """A curator who reads what another has written."""
    return factories.CuratorFactory(username="checks")


@pytest.fixture
def draft(author):
    """An article that `author` has written and nobody has reviewed."""
    return library.draft(author)


@pytest.fixture
def article(author, reviewer):
    """An article that went the whole way and can be read by everybody."""
    return library.published(author=author, reviewer=reviewer)
