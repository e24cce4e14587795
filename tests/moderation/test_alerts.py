"""Cases that nobody looked at in time: who is told, once, whatever fails."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import BadStatusLine
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.urls import reverse

from moderation import tasks
from moderation.models import Alert, Case, Flag, Priority, Shift
from moderation.services import alerts, cases, claims, shifts
from notifications.models import Delivery, Event, Notice
from notifications.tasks import broker, send_delivery, sweep_outbox
from tests import factories
from tests.at_once import at_once
from tests.pages import words


def late(*, reason=Flag.Reason.WORRIED, author=None, by=1):
    post = factories.PostFactory(author=author or factories.MemberFactory())
    case = factories.flag(post, reason=reason).case
    Case.objects.filter(pk=case.pk).update(due_at=factories.now() - dt.timedelta(minutes=by))
    return case


@pytest.fixture
def beat(worker):
    """The minute strikes, and the worker does what there is to do."""

    def strike():
        with worker():
            tasks.alert_overdue()

    return strike


def raising(error):
    def fail(*_args):
        raise error

    return fail


def told():
    return sorted(Notice.objects.values_list("recipient__username", flat=True))


# --- whom -----------------------------------------------------------------------------------------------------


def test_an_overdue_crisis_is_mailed_to_who_is_on_shift(beat, moderator, other_moderator, mailoutbox):
    shifts.start(moderator=moderator)
    late()
    beat()
    assert [mail.to for mail in mailoutbox] == [[moderator.email]]
    assert told() == ["keeper"]


def test_when_nobody_is_on_shift_every_moderator_is_told(beat, moderator, other_moderator, member, mailoutbox):
    late()
    beat()
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([moderator.email, other_moderator.email])


def test_who_is_pausing_is_not_counted_on(beat, moderator, other_moderator, mailoutbox):
    shifts.start(moderator=moderator)
    shifts.pause(moderator=moderator)
    late()
    beat()
    assert len(mailoutbox) == 2


def test_the_mail_says_nothing_about_anybody_and_leads_to_the_queue(beat, sign_in, moderator, mailoutbox):
    case = late()
    beat()
    mail = mailoutbox[0]
    assert mail.subject == "You have an update"
    assert "Something in the review queue is overdue." in mail.body
    for secret in (case.author.username, "crisis", "danger", "worried"):
        assert secret not in (mail.subject + mail.body + str(mail.alternatives)).lower()
    answer = sign_in(moderator).get(reverse("notice", args=[Notice.objects.get().public_id]))
    assert answer.headers["Location"] == reverse("queue") + "?show=overdue"


def test_other_classes_are_a_notice_to_who_is_on_shift(beat, moderator, other_moderator, mailoutbox, sign_in):
    late(reason=Flag.Reason.SPAM)
    beat()
    # Nobody is there to be told: it waits until somebody is.
    assert told() == []
    shifts.start(moderator=moderator)
    beat()
    assert told() == ["keeper"]
    assert mailoutbox == []
    assert "Something in the review queue is overdue." in words(sign_in(moderator).get(reverse("notices")))


@pytest.mark.parametrize(
    "what", [{"state": "decided", "decided_at": factories.now()}, {"due_at": factories.now() + dt.timedelta(hours=1)}]
)
def test_nobody_is_called_in_vain_by_a_mail_that_was_held_up(beat, sign_in, moderator, mailoutbox, monkeypatch, what):
    """The mail server was away, and somebody saw to it meanwhile: nobody is woken for it hours later."""
    case = late()
    with monkeypatch.context() as server:
        server.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", raising(ConnectionRefusedError()))
        beat()
    Case.objects.filter(pk=case.pk).update(**what)
    send_delivery(Delivery.objects.get().pk)
    assert mailoutbox == []
    assert Delivery.objects.get().reason == "gone"
    assert "is overdue" not in words(sign_in(moderator).get(reverse("notices")))


def test_nobody_is_told_of_a_crisis_of_their_own(beat, moderator, other_moderator, mailoutbox):
    shifts.start(moderator=moderator)
    late(author=moderator)
    beat()
    assert [mail.to for mail in mailoutbox] == [[other_moderator.email]]


def no_sign_for(who, **ago):
    Shift.objects.filter(moderator=who).update(
        started_at=factories.now() - dt.timedelta(hours=11), seen_at=factories.now() - dt.timedelta(**ago)
    )


def test_a_shift_without_signs_of_life_is_not_counted_on(beat, sign_in, moderator, other_moderator, mailoutbox):
    shifts.start(moderator=moderator)
    no_sign_for(moderator, minutes=61)
    late()
    beat()
    assert len(mailoutbox) == 2
    # Looking at the queue is a sign.
    sign_in(moderator).get(reverse("queue"))
    late()
    beat()
    assert len(mailoutbox) == 3
    assert mailoutbox[-1].to == [moderator.email]


def test_no_shift_counts_for_longer_than_half_a_day(beat, moderator, other_moderator, mailoutbox):
    shifts.start(moderator=moderator)
    Shift.objects.update(started_at=factories.now() - dt.timedelta(hours=13), seen_at=factories.now())
    late()
    beat()
    assert len(mailoutbox) == 2


def test_a_suspended_moderator_is_not_counted_on(beat, moderator, other_moderator, mailoutbox):
    shifts.start(moderator=moderator)
    moderator.suspended_until = factories.now() + dt.timedelta(days=1)
    moderator.save()
    late()
    beat()
    assert [mail.to for mail in mailoutbox] == [[other_moderator.email]]


def test_a_crisis_that_nobody_takes_is_told_to_all_after_a_quarter_of_an_hour(
    beat, moderator, other_moderator, mailoutbox
):
    shifts.start(moderator=moderator)
    case, taken = late(), late()
    beat()
    assert [mail.to for mail in mailoutbox] == [[moderator.email]]
    claims.claim(moderator=moderator, case=taken)
    Case.objects.update(alerted_at=factories.now() - dt.timedelta(minutes=14))
    beat()
    assert len(mailoutbox) == 1
    Case.objects.update(alerted_at=factories.now() - dt.timedelta(minutes=15))
    for _minute in range(3):
        beat()
    assert sorted(mail.to[0] for mail in mailoutbox[1:]) == sorted([moderator.email, other_moderator.email])
    assert list(Alert.objects.get(to_all=True).cases.all()) == [case]


# --- once -----------------------------------------------------------------------------------------------------


def test_each_case_is_told_once(beat, moderator, mailoutbox):
    late()
    for _minute in range(3):
        beat()
    assert len(mailoutbox) == 1
    late()
    late()
    beat()
    # Two at the same time are one mail.
    assert len(mailoutbox) == 2


def test_what_is_not_due_was_decided_or_rests_is_not_told(beat, decide, moderator, mailoutbox):
    factories.flag(factories.PostFactory(), reason=Flag.Reason.WORRIED)
    decide(moderator, late())
    resting = late()
    Case.objects.filter(pk=resting.pk).update(quiet_until=factories.now() + dt.timedelta(hours=3))
    beat()
    assert mailoutbox == []
    Case.objects.filter(pk=resting.pk).update(quiet_until=factories.now())
    beat()
    assert len(mailoutbox) == 1


def test_a_graver_reason_is_told_again(beat, moderator, mailoutbox):
    shifts.start(moderator=moderator)
    case = late(reason=Flag.Reason.SPAM)
    beat()
    assert (len(mailoutbox), told()) == (0, ["keeper"])
    subject = factories.Post.objects.select_related("author", "thread").get(pk=case.subject_id)
    with transaction.atomic():
        cases.open_or_join(subject=subject, priority=Priority.CRISIS)
    Case.objects.update(due_at=factories.now() - dt.timedelta(minutes=1))
    beat()
    assert len(mailoutbox) == 1


def test_two_beats_at_the_same_instant_tell_once(shared_database):
    factories.MemberFactory(is_moderator=True)
    for _number in range(5):
        late()
    counted = at_once(*[alerts.tell_overdue] * 3)
    assert sum(counted) == 5
    assert sum(alert.cases.count() for alert in Alert.objects.all()) == 5
    assert Event.objects.filter(kind="crisis_overdue").count() == Alert.objects.count()


def test_nothing_is_lost_when_the_worker_was_away(worker, moderator, mailoutbox):
    late()
    # The beat came through, and then nobody was there to expand what it wrote.
    alerts.tell_overdue()
    assert told() == []
    Event.objects.update(due_at=factories.now() - dt.timedelta(hours=1))
    with worker():
        sweep_outbox()
    assert len(mailoutbox) == 1


def test_what_fell_due_while_beat_was_away_is_told_when_it_is_back(beat, moderator, mailoutbox):
    late(by=60)
    late(by=45)
    beat()
    assert len(mailoutbox) == 1
    assert not Case.objects.filter(alerted_at=None).exists()


def test_a_broker_that_is_away_delays_and_loses_nothing(worker, moderator, mailoutbox, monkeypatch):
    from kombu.exceptions import OperationalError

    def away(*args, **kwargs):
        raise OperationalError

    late()
    with monkeypatch.context() as without_broker:
        without_broker.setattr("notifications.tasks.enqueue", away)
        with worker():
            tasks.alert_overdue()
    assert mailoutbox == []
    broker.away_until = 0.0
    Event.objects.update(due_at=factories.now() - dt.timedelta(hours=1))
    with worker():
        sweep_outbox()
    assert len(mailoutbox) == 1


# --- the call -------------------------------------------------------------------------------------------------


@contextmanager
def on_call(settings, *, status: int = 200) -> Iterator[SimpleNamespace]:
    """Somebody's on-call service."""
    service = SimpleNamespace(calls=[], status=status)

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            service.calls.append((self.headers["Content-Type"], json.loads(content)))
            self.send_response(service.status)
            self.send_header("Content-Length", "0")
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.ON_CALL_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/hook"
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def test_the_on_call_address_is_told_how_many_and_where(beat, moderator, settings):
    settings.SITE_URL = "https://support.example.org"
    late()
    late()
    late(reason=Flag.Reason.SPAM)
    with on_call(settings) as service:
        beat()
        beat()
    assert service.calls == [
        ("application/json", {"overdue": 2, "url": "https://support.example.org" + reverse("queue")})
    ]


def test_a_call_that_is_not_taken_is_tried_again_and_the_mail_left_anyway(
    beat, moderator, settings, mailoutbox, caplog
):
    late()
    with on_call(settings, status=503) as service:
        beat()
        assert len(mailoutbox) == 1
        assert "did not take the call" in caplog.text
        # Not at once: somebody else may be calling.
        beat()
        assert len(service.calls) == 1
        Alert.objects.update(tried_at=factories.now() - dt.timedelta(minutes=1))
        service.status = 200
        beat()
        Alert.objects.update(tried_at=factories.now() - dt.timedelta(minutes=1))
        beat()
    assert len(service.calls) == 2
    assert len(mailoutbox) == 1


def test_an_address_that_sends_elsewhere_has_not_taken_the_call(moderator, settings):
    """Nothing of ours is sent to where somebody else points."""
    late()
    alerts.tell_overdue()
    with on_call(settings, status=302) as service:
        assert not alerts.call_out()
    assert len(service.calls) == 1
    assert Alert.objects.get().called_at is None


def test_an_answer_that_is_no_http_is_a_call_that_was_not_taken(moderator, settings, monkeypatch):
    settings.ON_CALL_WEBHOOK_URL = "http://127.0.0.1:9/"

    def garbled(*_args, **_kwargs):
        raise BadStatusLine("?")

    monkeypatch.setattr(alerts._OPENER, "open", garbled)
    late()
    alerts.tell_overdue()
    assert not alerts.call_out()


def test_nobody_is_called_when_the_crisis_was_dealt_with_meanwhile(beat, decide, moderator, settings):
    case = late()
    settings.ON_CALL_WEBHOOK_URL = "http://127.0.0.1:9/"
    beat()
    assert Alert.objects.get().called_at is None
    decide(moderator, case)
    Alert.objects.update(tried_at=factories.now() - dt.timedelta(minutes=1))
    with on_call(settings) as service:
        beat()
    assert service.calls == []
    assert Alert.objects.get().called_at


def test_without_an_address_nobody_is_called(beat, moderator):
    late()
    beat()
    assert Alert.objects.get().tried_at is None


def test_the_call_is_made_outside_of_any_transaction(settings, shared_database, monkeypatch):
    factories.MemberFactory(is_moderator=True)
    late()
    alerts.tell_overdue()
    seen: list[bool] = []
    call = alerts._call

    def watched(count: int) -> bool:
        seen.append(connection.in_atomic_block)
        return call(count)

    monkeypatch.setattr(alerts, "_call", watched)
    with on_call(settings):
        assert alerts.call_out()
    assert seen == [False]
