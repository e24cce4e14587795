"""Tasks for the worker, enqueued in a fifth of the time that Celery takes.

Celery makes each message anew, asking itself what belongs into it and where it goes. Here it makes the first of each
task, and the others say the same about something else. They go where kombu puts them: into a list in Redis, by its
queue's name.
"""

import base64
import json
from dataclasses import dataclass
from functools import cache
from typing import Any, cast
from uuid import uuid4

import redis
from celery import Task
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError
from kombu.transport import virtual
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.valkey import Line

BROKER_IS_AWAY = (OperationalError, redis.RedisError, OSError)

# What stands in a first message where others differ.
_ID, _TAG, _BODY, _SHOWN = "<the id>", "<the tag>", "<the body>", "<as logs show it>"


def enqueue[About](task: "Task[[About], None]", about: About) -> None:
    """As `task.delay(about)`, of a task that has no priority of its own. One command to the broker.

    Raises:
        BROKER_IS_AWAY: one of these.
        ValueError: the task has a priority.
    """
    if task.app.conf.task_always_eager:
        task.delay(about)
    else:
        first_of(task).send(about)


@dataclass(frozen=True, slots=True)
class _First:
    """The first message of a task, as Celery made it. `more` is what its body says beside what it is about."""

    broker: Line
    queue: bytes
    message: str
    more: str

    def send(self, about: Any) -> None:
        self.broker.ask(b"LPUSH", self.queue, self.again(about).encode())

    def again(self, about: Any) -> str:
        """The same message about something else."""
        body = f"[[{json.dumps(about)}], {{}}, {self.more}]".encode()
        return (
            self.message.replace(_ID, str(uuid4()))
            .replace(_TAG, str(uuid4()))
            .replace(_BODY, base64.b64encode(body).decode())
            .replace(_SHOWN, json.dumps(repr((about,)))[1:-1])
        )


@cache
def first_of(task: "Task[..., None]") -> _First:
    """What is kept of `task`, with connections to the broker, of which each thread has one while it sends."""
    with Connection(transport=_Nowhere) as nowhere, task.app.amqp.Producer(nowhere.default_channel) as producer:
        task.apply_async((None,), task_id=_ID, producer=producer)
        queue, message = cast("_Listening", nowhere.default_channel).caught
    if message["properties"]["priority"]:
        raise ValueError("Tasks with a priority wait in lists of their own, which are not known here.")
    _args, _kwargs, more = json.loads(base64.b64decode(message["body"]))
    message["body"], message["properties"]["delivery_tag"] = _BODY, _TAG
    # Whichever task may have asked for the first, others are nobody's part.
    message["headers"] |= {"argsrepr": _SHOWN, "root_id": _ID, "parent_id": None}
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    return _First(
        _broker(str(task.app.conf.broker_write_url)), f"{prefix}{queue}".encode(), json.dumps(message), json.dumps(more)
    )


class _Listening(virtual.Channel):
    """Keeps the last message in place of sending it."""

    caught: tuple[str, dict[str, Any]]

    def _put(self, queue: str, message: dict[str, Any], **_more: Any) -> None:
        self.caught = queue, message


class _Nowhere(virtual.Transport):
    Channel = _Listening


@cache
def _broker(url: str) -> Line:
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    seconds = {name: options[name] for name in ("socket_connect_timeout", "socket_timeout")}
    # Whoever is away is not waited for.
    return Line(redis.ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 0), **seconds))
