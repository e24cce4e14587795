"""What the site says on standard output in production: never who, from where, what they wrote or which page it was."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings as django_settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from members.models import Member
from moderation.tasks import settle_decision
from supportsite import celery, logs
from tests.supportsite.table import TABLE, address

pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

WORDS = "zeppelinwords"
FROM = "203.0.113.77"
AGENT = "Telltale/5.0"


class Lines:
    """What went to standard output, as production writes it."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The whole of logging is set up as in production, at its most talkative, and afterwards put back."""
    written = Lines()
    wanted = logs.config(level="DEBUG", production=True)
    wanted["handlers"]["console"]["stream"] = written.stream
    before = list(logging.getLogger().handlers)
    logging.config.dictConfig(wanted)
    yield written
    logging.config.dictConfig(django_settings.LOGGING)
    logging.getLogger().handlers[:] = before


def marks_of(member: Member) -> set[str]:
    return {member.username, member.email, str(member.public_id), member.public_id.hex, WORDS, FROM, AGENT}


def told(lines: Lines, marks: set[str]) -> list[str]:
    return [line for line in lines.text.splitlines() for mark in marks if mark.lower() in line.lower()]


@pytest.mark.thorough
@pytest.mark.parametrize("role", ["visitor", "concerned", "administrator"])
def test_no_page_writes_anybody_into_the_log(role, stage, unchanged, lines):
    concerned = stage.people["concerned"]
    named = {"username": "zephyrine", "email": "zephyrine@example.org", "about": WORDS, "pronouns": WORDS}
    Member.objects.filter(pk=concerned.pk).update(**named)
    concerned.refresh_from_db()
    marks = marks_of(concerned) | {
        str(each.public_id) for each in (stage.thread, stage.opening, stage.case, stage.reply)
    }
    fields = ("body", "title", "reason", "q", "username", "about")
    sent = dict.fromkeys(fields, WORDS) | dict.fromkeys(("login", "email"), concerned.email)
    asked = 0
    for name in TABLE:
        for method in ("get", "post"):
            client = stage.client_of(role)
            before_it = f"http://testserver/{WORDS}"
            client.defaults |= {"REMOTE_ADDR": FROM, "HTTP_USER_AGENT": AGENT, "HTTP_REFERER": before_it}
            before = transaction.savepoint_create()
            getattr(client, method)(address(name, stage), {"q": WORDS} if method == "get" else sent)
            transaction.savepoint_rollback(before)
            asked += 1
    assert asked > 300
    assert lines.events, "Nothing was logged, so nothing was looked at."
    assert told(lines, marks) == []


def test_a_page_that_is_missing_is_told_by_its_kind_and_not_by_its_address(sign_in, member, lines):
    sign_in(member).get(reverse("post", args=["00000000-0000-7000-8000-000000000000"]))
    event = next(event for event in lines.events if event["logger"] == "django.request")
    assert event["event"] == "Not Found"
    assert event["status"] == 404
    assert event["route"] == "posts/<uuid:public_id>/"
    assert "0000-7000" not in lines.text


def test_an_address_that_nobody_made_is_not_told_at_all(db, lines):
    Client().get(f"/{WORDS}/{WORDS}?q={WORDS}")
    assert any(event.get("status") == 404 for event in lines.events)
    assert WORDS not in lines.text


def test_an_error_in_a_page_says_where_in_the_code_and_nothing_that_it_was_about(sign_in, member, lines, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ValueError(f"{member.username} wrote {WORDS}") from KeyError(member.email)

    monkeypatch.setattr("forums.views.boards.board_cards", broken)
    browser = sign_in(member)
    browser.raise_request_exception = False
    assert browser.get(reverse("boards"), REMOTE_ADDR=FROM).status_code == 500
    event = next(event for event in lines.events if event["level"] == "error")
    assert event["route"] == "boards/"
    assert [error["kind"] for error in event["error"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert any(place.startswith("forums/views/boards.py:") for place in event["error"][0]["through"])
    assert told(lines, marks_of(member)) == []


def test_an_error_of_the_database_names_the_rule_and_not_the_row(member, other_member, lines):
    try:
        with transaction.atomic():
            Member.objects.filter(pk=other_member.pk).update(email=member.email)
    except IntegrityError:
        logging.getLogger("forums.services").exception("It could not be kept")
    (event,) = [event for event in lines.events if event["logger"] == "forums.services"]
    of_database = event["error"][1]
    assert of_database["code"] == "23505"
    assert of_database["rule"] == "member_email_whatever_case"
    assert of_database["table"] == "members_member"
    assert told(lines, marks_of(member)) == []


def test_queries_are_not_in_the_log_however_much_is_asked_for(member, lines, settings):
    settings.DEBUG = True
    connection.force_debug_cursor = True
    try:
        list(Member.objects.filter(username=member.username))
    finally:
        connection.force_debug_cursor = False
    assert told(lines, marks_of(member)) == []


def test_a_task_that_fails_is_told_by_its_name_without_what_it_was_given(db, lines, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ValueError(f"about {WORDS}")

    monkeypatch.setattr("moderation.services.decisions.try_to_settle", broken)
    settle_decision.apply(args=(4711,), kwargs={}, throw=False)
    failed = next(event for event in lines.events if event["logger"] == "celery.app.trace")
    assert "moderation.tasks.settle_decision" in failed["event"]
    assert failed["error"][0]["kind"] == "builtins.ValueError"
    assert WORDS not in lines.text
    assert "4711" not in lines.text


def test_what_a_task_gives_back_is_not_told(lines):
    @celery.app.task(name="tests.says_something", ignore_result=False)
    def says_something(word: str) -> str:
        return word

    says_something.apply(args=(WORDS,))
    celery.app.tasks.pop("tests.says_something")
    assert any("tests.says_something" in event["event"] for event in lines.events)
    assert WORDS not in lines.text


@pytest.mark.parametrize(
    "said",
    [
        'refused for "zeppelinwords"',
        "refused for 'zeppelinwords'",
        "refused for “zeppelinwords”",
        "mail to zeppelinwords@example.org refused",
        "fetched https://example.org/zeppelinwords",
        "opened /people/zeppelinwords/",
        "asked index?q=zeppelinwords",
    ],
)
def test_what_a_library_makes_up_into_a_sentence_loses_what_could_be_about_somebody(lines, said):
    logging.getLogger("some.library").warning(said)
    (event,) = lines.events
    assert logs.LEFT_OUT in event["event"]
    assert WORDS not in lines.text


@pytest.mark.parametrize("device", ["203.0.113.77", "2001:db8:0:0:1:0:0:77", "2001:db8::77"])
def test_no_device_is_named(lines, device):
    logging.getLogger("some.library").warning(f"closed by {device} early")  # noqa: G004 - as libraries do
    assert device not in lines.text


def test_values_that_a_library_puts_into_its_sentence_are_left_out_but_for_numbers(lines):
    logging.getLogger("some.library").warning("%s tried %d times, %r", WORDS, 3, WORDS)
    assert lines.events[0]["event"] == "… tried 3 times, '…'"


def test_our_own_lines_keep_what_operators_need(lines):
    logging.getLogger("notifications.tasks").warning("%s %s was not taken (%s); %s", "Delivery", 7, "Timeout", "later")
    assert lines.events[0]["event"] == "Delivery 7 was not taken (Timeout); later"
    structlog.get_logger("forums").warning("slow", milliseconds=12, who=f"{WORDS}@example.org")
    assert lines.events[1]["event"] == "slow"
    assert lines.events[1]["milliseconds"] == 12
    assert WORDS not in lines.text


def test_each_line_says_when_how_grave_and_whose(lines):
    logging.getLogger("forums.x").error("Something broke")
    (event,) = lines.events
    assert event["at"].endswith("+00:00")
    assert (event["level"], event["logger"], event["event"]) == ("error", "forums.x", "Something broke")


def test_nothing_is_written_twice_and_nothing_is_mailed(lines):
    assert logging.getLogger("django").handlers == []
    assert logging.getLogger("django.server").handlers == []
    assert not django_settings.ADMINS


def test_the_web_server_keeps_no_list_of_requests(lines):
    logging.getLogger("granian.access").info("GET /people/%s", WORDS)
    assert lines.text == ""


def test_a_worker_logs_as_the_site_does(db, monkeypatch):
    configured: list[object] = []
    monkeypatch.setattr(logging.config, "dictConfig", configured.append)
    from celery.signals import setup_logging

    setup_logging.send(sender=None)
    assert configured == [django_settings.LOGGING]


def test_a_laptop_shows_all_of_an_error():
    shown = logs.for_developers()
    try:
        int(WORDS)
    except ValueError as error:
        what = (type(error), error, error.__traceback__)
        record = logging.LogRecord("forums", logging.ERROR, __file__, 1, "It broke: %s", ("x",), what)
    assert "It broke: x" in shown.format(record)
    assert WORDS in shown.format(record)
