"""What the site says of itself on standard output: what happened and where in the code, never to whom.

In production an event is a line of JSON, made of what cannot hold anything about a person: the words that stand in the
code, numbers, routes instead of addresses, and of an error its kind, the places in the code that it came through and
what the database calls the broken rule. Whatever else a library would put into a message is left out. On a laptop,
where the data is made up, messages are whole.
"""

import datetime as dt
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict

_HERE = f"{Path(__file__).resolve().parent.parent}/"
_OURS = ("core", "forums", "members", "moderation", "notifications", "resources", "supportsite")
LEFT_OUT = "…"
# What Celery says of a task besides its arguments, its result and the words of its error.
_OF_TASKS = frozenset({"name", "id", "runtime", "description"})
# What else could be about somebody, in messages that come without their values apart.
_ABOUT_SOMEBODY = re.compile(
    r"""
    "[^"]*" | “[^”]*” | (?<!\w)'[^']*'                        # what is quoted
    | \S+@\S+                                                 # mail addresses
    | \w+://\S+ | (?<![\w.])/\S+ | \S+\?\S+                   # addresses and paths
    | \d{1,3}(?:\.\d{1,3}){3} | (?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,}   # devices
    | [0-9a-fA-F]{8}-[0-9a-fA-F-]{27} | \b(?=\S*\d)[\w-]{20,}  # ids and tokens
    """,
    re.VERBOSE,
)
_FRAMES, _ERRORS = 40, 5


def config(*, level: str, production: bool) -> dict[str, Any]:
    """For Django's LOGGING, and for Celery. `level` is that of the standard library, INFO for one."""
    structlog.configure(
        processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    made_by = "supportsite.logs.for_operators" if production else "supportsite.logs.for_developers"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": made_by}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would write the same again in full, or mail it; runserver's are requests.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            # Queries hold what members write.
            "django.db.backends": {"level": "INFO"},
            "django_tasks": {"level": "WARNING"},
            "wagtail": {"level": "WARNING"},
            # The web server has handlers of its own; its list of requests stays empty.
            "_granian": {"handlers": [], "propagate": True},
            "granian.access": {"handlers": [], "propagate": False},
        },
    }


def for_operators() -> logging.Formatter:
    """A line of JSON an event, as described above."""
    return structlog.stdlib.ProcessorFormatter(
        processors=[_tell, structlog.processors.JSONRenderer(ensure_ascii=False)],
        use_get_message=False,
        pass_foreign_args=True,
    )


def for_developers() -> logging.Formatter:
    """Everything, errors with all they say."""
    shown = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"], repr_native_str=False),
        ]
    )

    class Lines(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            if not hasattr(record, "_from_structlog") and not isinstance(record.msg, dict):
                return super().format(record)
            told = logging.makeLogRecord(record.__dict__ | {"msg": shown.format(record), "args": (), "exc_info": None})
            return super().format(told)

    return Lines("{asctime} {levelname} {name}: {message}", style="{")


def _tell(_logger: object, _method: str, said: EventDict) -> EventDict:
    """One event, of what may stand in a log."""
    record: logging.LogRecord = said["_record"]
    told: dict[str, object] = {
        "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
    }
    if said["_from_structlog"]:
        told["event"] = str(said["event"])
        values = {key: value for key, value in said.items() if key not in _NOT_VALUES}
        told |= {key: _value(value, is_ours=True) for key, value in values.items()}
    else:
        told["event"] = _event(record, said.get("positional_args"))
        told |= _request(record)
    if error := _error(said.get("exc_info")):
        told["error"] = list(_told_errors(error))
    return told


_NOT_VALUES = frozenset({"event", "exc_info", "stack_info", "_record", "_from_structlog"})


def _event(record: logging.LogRecord, args: object) -> str:
    """What the code says, with what of its values may be said."""
    template = str(record.msg)
    if status := getattr(record, "status_code", None):
        # Django's lines about a request are its address.
        return HTTPStatus(status).phrase if status in HTTPStatus else str(status)
    if record.name.startswith("django.security."):
        return record.name.rpartition(".")[2]
    if not args:
        return _ABOUT_SOMEBODY.sub(LEFT_OUT, template)
    is_ours = record.name.partition(".")[0] in _OURS
    try:
        return str(template % _values(args, is_ours=is_ours))
    except (TypeError, ValueError, KeyError):
        return template


def _values(args: object, *, is_ours: bool) -> Any:
    if isinstance(args, Mapping):
        return {key: value if key in _OF_TASKS else _value(value, is_ours=False) for key, value in args.items()}
    return tuple(_value(value, is_ours=is_ours) for value in args) if isinstance(args, tuple) else args


def _value(value: object, *, is_ours: bool) -> object:
    """Numbers; of our own words those that name nothing; what an error is, and not what it says."""
    if value is None or isinstance(value, bool | int | float | dt.timedelta):
        return value
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, BaseException):
        return type(value).__name__
    return _ABOUT_SOMEBODY.sub(LEFT_OUT, value) if is_ours and isinstance(value, str) else LEFT_OUT


def _request(record: logging.LogRecord) -> dict[str, object]:
    """Which kind of page it was."""
    request = getattr(record, "request", None)
    if request is None:
        return {}
    match = getattr(request, "resolver_match", None)
    told = {"method": request.method, "route": match.route if match else ""}
    return told | {"status": status} if (status := getattr(record, "status_code", None)) else told


# --- errors


def _error(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return next((part for part in exc_info if isinstance(part, BaseException)), None)
    return sys.exc_info()[1] if exc_info else None


def _told_errors(error: BaseException) -> Iterator[dict[str, object]]:
    """The error, and what it came of, the latest first: without their words."""
    at: BaseException | None = error
    for _step in range(_ERRORS):
        if at is None:
            return
        yield {"kind": f"{type(at).__module__}.{type(at).__qualname__}", **_of_database(at), "through": _places(at)}
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)


def _of_database(error: BaseException) -> dict[str, str]:
    """PostgreSQL's code and the names of table and rule: what the row holds stands in its words only."""
    diagnosis = getattr(error, "diag", None)
    named = {
        "code": getattr(error, "sqlstate", None),
        "table": getattr(diagnosis, "table_name", None),
        "rule": getattr(diagnosis, "constraint_name", None),
    }
    return {name: value for name, value in named.items() if isinstance(value, str)}


def _places(error: BaseException) -> list[str]:
    found = []
    at: TracebackType | None = error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        path = code.co_filename.removeprefix(_HERE).rpartition("site-packages/")[2]
        found.append(f"{path}:{at.tb_lineno} {code.co_name}")
        at = at.tb_next
    return found[-_FRAMES:]
