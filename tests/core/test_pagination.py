import base64
import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.pagination import keyset_page
from notifications.models import Event

pytestmark = pytest.mark.django_db

ORDER = ("-created_at", "-id")
MORNING = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
with_database = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def make_events(minutes: list[int]) -> None:
    Event.objects.all().delete()
    Event.objects.bulk_create(
        Event(kind="walk", target_id=number, created_at=MORNING + dt.timedelta(minutes=minute))
        for number, minute in enumerate(minutes)
    )


def walk(order: tuple[str, ...], size: int) -> list[int]:
    seen: list[int] = []
    cursor = None
    while True:
        page = keyset_page(Event.objects.all(), order=order, size=size, cursor=cursor)
        seen += [event.pk for event in page.items]
        if page.is_last:
            return seen
        assert len(page.items) == size
        cursor = page.next_cursor


def cursor_of(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@with_database
@given(
    minutes=st.lists(st.integers(0, 3), max_size=12),
    size=st.integers(1, 5),
    order=st.sampled_from(
        [ORDER, ("created_at", "id"), ("-created_at", "id"), ("created_at", "-id"), ("id",), ("-id",)]
    ),
)
def test_walking_the_pages_meets_every_row_once_and_in_order(minutes, size, order):
    make_events(minutes)
    assert walk(order, size) == list(Event.objects.order_by(*order).values_list("pk", flat=True))


def test_rows_may_be_dicts():
    make_events([3, 2, 1])
    page = keyset_page(Event.objects.values("id", "created_at"), order=ORDER, size=2, cursor=None)
    after = keyset_page(Event.objects.values("id", "created_at"), order=ORDER, size=2, cursor=page.next_cursor)
    assert [row["created_at"].minute for row in [*page.items, *after.items]] == [3, 2, 1]


def test_a_row_that_arrives_meanwhile_moves_nobody_to_another_page():
    make_events([5, 4, 3, 2])
    first = keyset_page(Event.objects.all(), order=ORDER, size=2, cursor=None)
    Event.objects.create(kind="walk", target_id=99, created_at=MORNING + dt.timedelta(minutes=9))
    second = keyset_page(Event.objects.all(), order=ORDER, size=2, cursor=first.next_cursor)
    assert [event.created_at.minute for event in second.items] == [3, 2]


def test_each_page_is_one_query(django_assert_num_queries):
    make_events([5, 4, 3, 2])
    first = keyset_page(Event.objects.all(), order=ORDER, size=2, cursor=None)
    with django_assert_num_queries(1):  # the rows of the page and one more
        keyset_page(Event.objects.all(), order=ORDER, size=2, cursor=first.next_cursor)


def test_an_order_that_could_skip_rows_is_refused():
    with pytest.raises(ValueError, match="unique"):
        keyset_page(Event.objects.all(), order=["-created_at"], size=2, cursor=None)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "abc",
        "%00",
        "ünï",
        "A" * 500,
        base64.urlsafe_b64encode(b"\xff\xfe\xfd").decode(),
        cursor_of(),
        cursor_of(1),
        cursor_of(1, 2),
        cursor_of(1, 2, 3),
        cursor_of("2026", "1"),
        cursor_of(None, None),
        cursor_of(True, True),
        cursor_of(1.5, 1),
        cursor_of({"t": "yesterday"}, 1),
        cursor_of({"t": "2026-03-01T08:00:00"}, 1),
        cursor_of({"t": 5}, 1),
        cursor_of({"x": 5}, 1),
        cursor_of({"t": "2026-03-01T08:02:30+00:00"}, {"t": "2026-03-01T08:02:30+00:00"}),
        cursor_of({"t": "2026-03-01T08:02:30+00:00"}, 2**70),
        cursor_of([[[]]], {}),
    ],
)
def test_a_cursor_that_somebody_made_up_gives_the_first_page(cursor):
    make_events([3, 2, 1])
    page = keyset_page(Event.objects.all(), order=ORDER, size=2, cursor=cursor)
    assert [event.created_at.minute for event in page.items] == [3, 2]


@with_database
@given(
    st.text(max_size=60)
    | st.lists(st.integers() | st.text(max_size=5) | st.none(), max_size=3).map(lambda v: cursor_of(*v))
)
def test_no_cursor_is_an_error(cursor):
    keyset_page(Event.objects.all(), order=ORDER, size=2, cursor=cursor)
