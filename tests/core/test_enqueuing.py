"""What is enqueued in our way is what Celery enqueues, on the real broker."""

from contextlib import suppress
from queue import Empty
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings

from core.enqueuing import enqueue, first_of


@pytest.fixture
def app():
    """With a queue of its own, that nobody else works at."""
    mark = f"test-{uuid4().hex}"
    app = Celery(mark, broker=settings.REDIS_URL, set_as_current=False)
    app.conf.update(
        broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        task_default_queue=mark,
        task_time_limit=300,
        task_ignore_result=True,
    )
    yield app
    with app.connection_for_write() as connection, connection.SimpleQueue(mark) as queue:
        queue.clear()
    first_of.cache_clear()


@pytest.fixture
def task(app):
    @app.task(name="some.task")
    def some_task(about: object) -> None: ...

    return some_task


def taken(app):
    """The messages that wait, as a worker takes them."""
    with app.connection_for_read() as connection, connection.SimpleQueue(app.conf.task_default_queue) as queue:
        messages = []
        with suppress(Empty):
            while True:
                messages.append(queue.get_nowait())
        for message in messages:
            message.ack()
    return messages


ABOUT = [7, [7, 8], 'words "in" quotes and é', {"key": None}]


@pytest.mark.parametrize("about", ABOUT, ids=["number", "list", "words", "mapping"])
def test_a_worker_is_told_what_celery_tells_it(app, task, about):
    task.delay(about)
    enqueue(task, about)
    enqueue(task, about)
    by_celery, *by_us = taken(app)
    for message in by_us:
        assert message.payload == by_celery.payload == [[about], {}, message.payload[2]]
        name = message.headers["id"]
        assert name == message.headers["root_id"] == message.properties["correlation_id"] != by_celery.headers["id"]
        its_own = {"id": name, "root_id": name}
        assert message.headers == by_celery.headers | its_own
        assert set(message.properties) == set(by_celery.properties)
        assert message.delivery_info == by_celery.delivery_info
    assert len({message.headers["id"] for message in by_us}) == 2
    assert len({message.delivery_tag for message in by_us}) == 2


def test_a_task_with_a_priority_is_left_to_celery(app, task):
    app.conf.task_routes = {"some.task": {"queue": app.conf.task_default_queue, "priority": 9}}
    with pytest.raises(ValueError, match="priority"):
        enqueue(task, 7)
    assert taken(app) == []
