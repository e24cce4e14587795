from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.supportsite import stage as stages


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[stages.Stage]:
    """Built once for all tests of a module, which put back what they change; gone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield stages.build()
        transaction.set_rollback(True)
