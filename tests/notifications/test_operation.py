"""What those who run the site see of it: what waits, what fails, and that one clock beats."""

import datetime as dt
import os
import subprocess
import sys
from email.headerregistry import AddressHeader
from typing import Any
from uuid import uuid4

import pytest
import redis
from celery import Celery
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from redbeat.schedulers import LUA_EXTEND_TO_SCRIPT, get_redis

from notifications import services, tasks
from notifications.models import Delivery, Event
from notifications.services import sending
from supportsite.beat import PAUSE_SECONDS, PatientScheduler
from supportsite.celery import app as celery_app
from tests import factories
from tests.supportsite.test_health import closed_port

# As the site has them; the fixture of this name is for changing them.
site: Any = settings


@pytest.fixture
def waiting(reply):
    """A reply whose mail waits to be sent."""
    made = reply()
    (made.delivery,) = services.expand(made.event)
    services.expand(made.followed)
    return made


def ago(**length: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(**length)


def outbox(capsys: Any) -> str:
    call_command("outbox")
    said: str = capsys.readouterr().out
    return said


# --- what waits ----------------------------------------------------------------------------------------------


def test_an_empty_outbox_says_so(db, capsys):
    assert outbox(capsys) == "Nothing waits.\n"


def test_the_outbox_shows_what_waits_and_what_holds_it(waiting, capsys):
    factories.MemberFactory()
    Event.objects.create(kind="new_reply", target_id=99)
    Delivery.objects.update(reason="quiet", due_at=timezone.now() + dt.timedelta(hours=3), created_at=ago(hours=5))
    lines = [line.split() for line in outbox(capsys).splitlines()]
    assert lines[1][:3] == ["events", "-", "1"]
    assert lines[2] == ["mails", "quiet", "1", "5", "h", "-"]


@pytest.mark.parametrize(
    "stuck",
    [
        lambda: Event.objects.create(kind="new_reply", target_id=99),
        # Tried again and again, and never spread.
        lambda: Event.objects.create(kind="new_reply", target_id=99, due_at=timezone.now() + dt.timedelta(hours=6)),
        # The mail server has not taken it for long.
        lambda: Delivery.objects.update(created_at=ago(minutes=11), due_at=timezone.now() + dt.timedelta(hours=1)),
        # Its quiet hours were over long ago.
        lambda: Delivery.objects.update(reason="quiet", due_at=ago(minutes=11)),
    ],
    ids=["event", "failing event", "mail", "mail that was held"],
)
def test_what_is_stuck_is_said_to_who_asks_and_to_the_monitoring_and_web_goes_on(waiting, stuck, capsys):
    stuck()
    Event.objects.filter(expanded_at=None).update(created_at=ago(minutes=11))
    with pytest.raises(CommandError, match="waited for more than 10 minutes"):
        call_command("outbox")
    answer = Client().get("/readyz")
    assert answer.json()["outbox"] == "late"
    assert answer.status_code == 200


def test_what_waits_for_a_reason_is_not_late(waiting, capsys):
    Delivery.objects.update(
        reason="stepping_back", created_at=ago(days=9), due_at=timezone.now() + dt.timedelta(hours=1)
    )
    outbox(capsys)
    assert Client().get("/readyz").json()["outbox"] == "ok"


def test_how_long_is_too_long_is_the_operators_to_say(waiting, settings, capsys):
    Delivery.objects.update(created_at=ago(minutes=11))
    settings.OUTBOX_LATE_MINUTES = 60
    assert Client().get("/readyz").json()["outbox"] == "ok"
    call_command("outbox", late=60)


# --- numbers -------------------------------------------------------------------------------------------------


@pytest.fixture
def numbers(settings):
    """`numbers()`: what Prometheus reads, by name and labels, these in the order of their names."""
    settings.METRICS_TOKEN = "a-token"

    def read() -> dict[tuple[str, ...], float]:
        answer = Client().get("/metrics", headers={"Authorization": "Bearer a-token"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert "no-store" in answer.headers["Cache-Control"]
        return {
            (sample.name, *(label for _name, label in sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    return read


@pytest.mark.parametrize("token", ["", "a-token"])
def test_nobody_reads_the_numbers_without_the_token(db, settings, token, member, sign_in):
    settings.METRICS_TOKEN = token
    for said in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer another"}, {"Authorization": "a-token"}):
        assert Client().get("/metrics", headers=said).status_code == 404
    assert sign_in(member).get("/metrics").status_code == 404
    assert Client().post("/metrics").status_code == 405


def test_the_numbers_say_what_waits_and_for_how_long(waiting, numbers):
    Delivery.objects.update(created_at=ago(minutes=20))
    found = numbers()
    assert found["alongside_outbox_waiting", "", "mails"] == 1
    assert 1200 <= found["alongside_outbox_oldest_seconds", "", "mails"] < 1300
    assert 1200 <= found["alongside_outbox_late_seconds", "mails"] < 1300
    assert found["alongside_outbox_late_seconds", "events"] == 0


def test_the_numbers_say_what_was_sent_and_what_was_not_and_why(reply, member, numbers, mailoutbox):
    (first,) = services.expand(reply().event)
    (second,) = services.expand(reply().event)
    services.send(first)
    type(member).objects.filter(pk=member.pk).update(email="")
    services.send(second)
    services.send(second)
    found = {name: value for name, value in numbers().items() if name[0] == "alongside_mails_total"}
    assert found == {
        ("alongside_mails_total", "", "sent", "delivery"): 1,
        ("alongside_mails_total", "no_address", "skipped", "delivery"): 1,
    }


def test_a_mail_that_is_given_up_is_counted(waiting, numbers):
    Delivery.objects.update(attempts=sending.MOST_RETRIES)
    sending.postpone(Delivery, waiting.delivery, ValueError("cannot be written"))
    assert numbers()["alongside_mails_total", "broken", "skipped", "delivery"] == 1


def test_the_numbers_say_which_tasks_fail(db, numbers):
    # About nothing that is there: to spread this kind of news fails.
    event = Event.objects.create(kind="thread_cared_for", target_id=10_000)
    for _time in range(2):
        tasks.expand_event.apply(args=(event.pk,))
    tasks.send_delivery.apply(args=(10**9,))
    failures = {name[1:]: value for name, value in numbers().items() if name[0] == "alongside_task_failures_total"}
    assert failures == {("notifications.tasks.expand_event",): 2}


def test_the_numbers_name_nobody(waiting, numbers, member, other_member):
    said = str(numbers())
    for name in (member.username, other_member.username, member.email, waiting.thread.title, str(member.public_id)):
        assert name not in said


# --- how tasks run -------------------------------------------------------------------------------------------


def test_every_task_that_settings_name_exists_and_has_a_queue_that_somebody_works_on():
    celery_app.loader.import_default_modules()
    named = {entry["task"] for entry in site.CELERY_BEAT_SCHEDULE.values()}
    named |= {*site.CELERY_TASK_ROUTES, *site.CELERY_TASK_ANNOTATIONS, "notifications.tasks.read_returns"}
    assert named - set(celery_app.tasks) == set()
    assert {route["queue"] for route in site.CELERY_TASK_ROUTES.values()} <= set(site.CELERY_TASK_QUEUES)


def test_a_task_ends_before_somebody_else_gets_it():
    """A mail's own limit is longer than the server may take at one step, and over before another worker may begin."""
    assert celery_app.conf.task_acks_late
    assert celery_app.conf.task_reject_on_worker_lost
    assert site.CELERY_TASK_SOFT_TIME_LIMIT < site.CELERY_TASK_TIME_LIMIT
    assert site.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > site.CELERY_TASK_TIME_LIMIT
    celery_app.loader.import_default_modules()
    of_mails: list[Any] = [tasks.send_delivery, tasks.send_digest]
    for task in of_mails:
        assert site.MAIL_TIMEOUT_SECONDS < task.soft_time_limit < task.time_limit < sending.LEASE.total_seconds()


# --- one clock -----------------------------------------------------------------------------------------------


@pytest.fixture
def beats():
    """`beats()` makes one more beat on the same Valkey; `beats.sent()` says how many tasks all of them gave out.

    There is one task, each hour; with `beats.fall_due()` it is time.
    """
    mark = f"test-{uuid4().hex}"
    valkey = redis.Redis.from_url(site.REDIS_URL)
    schedulers: list[PatientScheduler] = []

    def beat() -> PatientScheduler:
        app = Celery(mark, broker=site.REDIS_URL, set_as_current=False)
        app.conf.update(
            redbeat_redis_url=site.REDIS_URL,
            redbeat_redis_options={"socket_timeout": 2},
            redbeat_key_prefix=f"{mark}:",
            redbeat_lock_timeout=60,
            task_default_queue=mark,
            beat_schedule={"hourly": {"task": "some.task", "schedule": dt.timedelta(hours=1)}},
        )
        scheduler = PatientScheduler(app=app)
        # As redbeat does when beat starts, but without waiting for it.
        client = get_redis(app)
        scheduler.lock = client.lock(scheduler.lock_key, timeout=scheduler.lock_timeout)
        scheduler.lock.lua_extend = client.register_script(LUA_EXTEND_TO_SCRIPT)
        scheduler.lock.acquire(blocking=False)
        schedulers.append(scheduler)
        return scheduler

    def fall_due() -> None:
        entry = schedulers[0].Entry.from_key(f"{mark}:hourly", app=schedulers[0].app)
        entry.reschedule(dt.datetime.now(dt.UTC) - dt.timedelta(hours=2))

    beat.fall_due = fall_due  # type: ignore[attr-defined]
    beat.sent = lambda: valkey.llen(mark)  # type: ignore[attr-defined]
    beat.forget_lock = lambda: valkey.delete(f"{mark}::lock")  # type: ignore[attr-defined]
    yield beat
    for scheduler in schedulers:
        scheduler.close()
    for key in valkey.scan_iter(f"*{mark}*"):
        valkey.delete(key)
    valkey.close()


def test_of_two_beats_one_works_and_the_other_takes_over_and_does_nothing_twice(beats):
    first, second = beats(), beats()
    beats.fall_due()
    for _tick in range(2):
        first.tick()
        second.tick()
    assert beats.sent() == 1
    first.close()
    # It takes the lock, and then knows what ran already.
    for _tick in range(3):
        second.tick()
    assert beats.sent() == 1
    beats.fall_due()
    second.tick()
    assert beats.sent() == 2


def test_a_beat_outlives_a_valkey_that_is_away_and_one_that_has_forgotten(beats, caplog):
    only = beats()
    beats.fall_due()
    here = only.lock.redis
    only.lock.redis = redis.Redis(port=closed_port())
    assert only.tick() == PAUSE_SECONDS
    assert "does not answer" in caplog.text
    assert beats.sent() == 0
    only.lock.redis = here
    beats.forget_lock()
    assert only.tick() == PAUSE_SECONDS
    only.tick()
    assert beats.sent() == 1


# --- settings that refuse ------------------------------------------------------------------------------------


def started(**variables: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "SITE_MODE": "local", "DATABASE_URL": "postgres://x/x", "REDIS_URL": "redis://x", **variables}
    show = (
        "import supportsite.settings as s; "
        "print(s.MAIL_EVENTS_PROVIDER, s.MAILERS['default'], s.ANYMAIL, s.DEFAULT_FROM_EMAIL)"
    )
    command = [sys.executable, "-c", show]
    return subprocess.run(command, cwd=site.BASE_DIR, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"MAIL_EVENTS_SECRET": "no-colon", "MAIL_EVENTS_PROVIDER": "postmark"}, "looks like user:password"),
        ({"MAIL_EVENTS_SECRET": "user:password"}, "needs MAIL_EVENTS_PROVIDER"),
        ({"EMAIL_URL": "anymail+nobody://?key=1"}, "django-anymail does not know"),
        ({"RETURNS_MAILBOX": "/var/mail/returns"}, "RETURNS_MAILBOX begins with"),
    ],
)
def test_a_half_configured_mail_stops_the_start_with_a_sentence(variables, sentence):
    said = started(**variables)
    assert said.returncode != 0
    assert sentence in said.stderr.splitlines()[-1]


def test_a_provider_is_named_in_one_address_and_watches_nobody():
    said = started(EMAIL_URL="anymail+postmark://?server_token=abc", MAIL_EVENTS_SECRET="user:password")
    assert said.stdout.startswith("postmark "), said.stderr
    assert "anymail.backends.postmark.EmailBackend" in said.stdout
    assert "'server_token': 'abc'" in said.stdout
    assert "'track_opens': False, 'track_clicks': False" in said.stdout
    assert "'POSTMARK_SERVER_TOKEN': 'abc'" in said.stdout


@pytest.mark.parametrize("name", ["Side by side, Leeds", "Café @ home", "A: (b)"])
def test_whatever_the_site_is_called_its_mails_have_one_sender(name):
    [sender] = AddressHeader.value_parser(started(SITE_NAME=name).stdout.rpartition("}")[2].strip()).all_mailboxes
    assert (sender.display_name, sender.addr_spec) == (name, "updates@localhost")
