"""Mails that wait: whether they still may leave, and what becomes of them when a mail server or a worker goes away."""

import datetime as dt
import smtplib
import socket
from functools import partial
from itertools import pairwise

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core import mail
from django.db import OperationalError
from django.utils import timezone

from forums.models import Level, Post, ReadMark, Thread
from forums.news import REPLIED_TO_YOU
from forums.services import following, posts
from members.models import Member
from notifications import services, tasks
from notifications.models import Channel, Delivery, Event, Notice, Return, Wishes
from notifications.services import sending
from tests import factories
from tests.at_once import at_once

LOCMEM = "django.core.mail.backends.locmem.EmailBackend.send_messages"


@pytest.fixture
def waiting(reply):
    """A reply whose mail waits to be sent."""
    made = reply()
    (made.delivery,) = services.expand(made.event)
    return made


def only():
    return Delivery.objects.get()


def outcome():
    delivery = only()
    return delivery.state, delivery.reason


# --- what is no longer wanted when the mail would leave ------------------------------------------------------


def hide(made, me):
    Post.objects.filter(pk=made.post.pk).update(visibility="hidden")


def leave(made, me):
    """As an account is closed: the row stays, without name and address."""
    Member.objects.filter(pk=me.pk).update(is_active=False, email="", username="left-1")


def wish(**fields):
    return lambda made, me: Wishes.objects.create(member=me, **fields)


CHANGES = {
    "post hidden": (hide, "gone"),
    "post held": (lambda made, me: Post.objects.filter(pk=made.post.pk).update(visibility="held"), "gone"),
    "thread hidden": (lambda made, me: Thread.objects.update(visibility="hidden", author=made.post.author), "gone"),
    "I block the writer": (lambda made, me: factories.BlockFactory(blocker=me, blocked=made.post.author), "gone"),
    "the writer blocks me": (lambda made, me: factories.BlockFactory(blocked=me, blocker=made.post.author), "gone"),
    "board closed to me": (lambda made, me: type(made.thread.board).objects.update(audience="staff"), "gone"),
    "kind unknown": (lambda made, me: Event.objects.filter(pk=made.event.pk).update(kind="forgotten"), "gone"),
    "thread muted": (
        lambda made, me: following.set_thread_level(member=me, thread=made.thread, level=Level.MUTE),
        "muted",
    ),
    "notice read": (lambda made, me: Notice.objects.update(read_at=timezone.now()), "read"),
    "read in the thread": (
        lambda made, me: ReadMark.objects.create(member=me, thread=made.thread, last_read_number=made.post.number),
        "read",
    ),
    "account closed": (lambda made, me: Member.objects.filter(pk=me.pk).update(is_active=False), "closed"),
    "account suspended": (
        lambda made, me: Member.objects.filter(pk=me.pk).update(suspended_until=timezone.now() + dt.timedelta(days=1)),
        "gone",
    ),
    "member left": (leave, "closed"),
    "address gone": (lambda made, me: Member.objects.filter(pk=me.pk).update(email=""), "no_address"),
    "all mails off": (wish(mail_off=True), "mail_off"),
    "address bounced": (wish(bounced_at=timezone.now()), "bounced"),
    "complained": (wish(complained_at=timezone.now()), "complained"),
    "too late": (
        lambda made, me: Event.objects.update(created_at=timezone.now() - REPLIED_TO_YOU.useful_for),
        "too_late",
    ),
}


@pytest.mark.parametrize("meanwhile", CHANGES)
def test_a_mail_that_is_no_longer_wanted_is_skipped_and_says_why(waiting, member, mailoutbox, meanwhile):
    change, reason = CHANGES[meanwhile]
    change(waiting, member)
    assert services.send(waiting.delivery) is False
    assert mailoutbox == []
    assert outcome() == ("skipped", reason)
    assert only().settled_at
    assert str(only().get_reason_display()).endswith(".")


def test_a_choice_that_was_changed_meanwhile_counts(waiting, choose, member, mailoutbox):
    choose(member, REPLIED_TO_YOU, Channel.SITE)
    services.send(waiting.delivery)
    assert mailoutbox == []
    assert outcome() == ("skipped", "not_wanted")


def test_an_older_post_that_was_read_does_not_count_as_this_one(waiting, member, mailoutbox):
    ReadMark.objects.create(member=member, thread=waiting.thread, last_read_number=waiting.post.number - 1)
    assert services.send(waiting.delivery) is True


def test_a_thread_that_is_followed_on_a_muted_board_is_not_muted(waiting, member, mailoutbox):
    following.set_board_level(member=member, board=waiting.thread.board, level=Level.MUTE)
    assert services.send(waiting.delivery) is True


def test_of_more_in_the_same_thread_no_second_mail_tells_before_the_first_was_read(reply, waiting, mailoutbox):
    services.send(waiting.delivery)
    (again,) = services.expand(reply().event)
    services.send(again)
    assert len(mailoutbox) == 1
    assert Delivery.objects.get(pk=again).reason == "told"
    Notice.objects.filter(deliveries=waiting.delivery).update(read_at=timezone.now())
    (later,) = services.expand(reply().event)
    services.send(later)
    assert len(mailoutbox) == 2


def test_a_mail_of_yesterday_keeps_back_none_of_today(reply, waiting, mailoutbox):
    services.send(waiting.delivery)
    Delivery.objects.update(settled_at=timezone.now() - dt.timedelta(days=1))
    (again,) = services.expand(reply().event)
    services.send(again)
    assert len(mailoutbox) == 2


def test_a_mail_about_one_thread_keeps_back_none_about_another(waiting, member, other_member, mailoutbox):
    services.send(waiting.delivery)
    elsewhere = posts.post_reply(author=other_member, thread=factories.ThreadFactory(author=member), body="Hello.")
    (other,) = services.expand(Event.objects.get(kind=REPLIED_TO_YOU.key, target_id=elsewhere.pk))
    services.send(other)
    assert len(mailoutbox) == 2


def test_a_skipped_mail_does_not_leave_later(waiting, member, mailoutbox):
    hide(waiting, member)
    services.send(waiting.delivery)
    Post.objects.filter(pk=waiting.post.pk).update(visibility="visible")
    assert services.send(waiting.delivery) is False
    assert mailoutbox == []


def test_after_a_long_outage_old_mails_are_dropped_and_new_ones_leave(worker, reply, waiting, mailoutbox):
    long_ago = timezone.now() - dt.timedelta(days=4)
    Event.objects.update(created_at=long_ago, due_at=long_ago)
    Delivery.objects.update(created_at=long_ago, due_at=long_ago)
    made = reply()
    Event.objects.filter(pk=made.event.pk).update(due_at=long_ago)
    with worker():
        tasks.sweep_outbox()
    assert [(one.state, one.reason) for one in Delivery.objects.order_by("pk")] == [
        ("skipped", "too_late"),
        ("sent", ""),
    ]
    # Nothing is lost on the site.
    assert Notice.objects.filter(read_at=None).count() == 2


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"quiet_from": dt.time(0), "quiet_until": dt.time(23, 59, 59)}, "quiet"),
        ({"stepped_back_at": timezone.now()}, "stepping_back"),
        ({"stepped_back_at": timezone.now(), "back_at": timezone.now() + dt.timedelta(days=90)}, "stepping_back"),
    ],
)
def test_a_mail_that_waits_is_asked_about_again_within_a_day_and_leaves_once(
    worker, waiting, member, mailoutbox, monkeypatch, wish, reason
):
    noon = timezone.now().replace(hour=12)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    Wishes.objects.create(member=member, **wish)
    services.send(waiting.delivery)
    assert outcome() == ("waiting", reason)
    assert timezone.now() < only().due_at <= timezone.now() + sending.LONGEST_WAIT
    with worker():
        tasks.sweep_outbox()
    assert mailoutbox == []
    Wishes.objects.all().delete()
    Delivery.objects.update(due_at=timezone.now() - dt.timedelta(minutes=1))
    with worker():
        tasks.sweep_outbox()
    assert len(mailoutbox) == 1
    assert outcome() == ("sent", "")


# --- once -----------------------------------------------------------------------------------------------------


def test_two_processes_that_send_the_same_delivery_send_one_mail(shared_database):
    post = factories.PostFactory()
    event = Event.objects.create(kind=REPLIED_TO_YOU.key, target_id=post.pk, actor=post.author)
    (delivery,) = services.expand(event)
    sent = at_once(*[partial(services.send, delivery)] * 3)
    assert sorted(sent) == [False, False, True]
    assert len(mail.outbox) == 1


def test_while_a_mail_server_thinks_nobody_waits_for_a_lock_and_nobody_sends_it_too(shared_database, monkeypatch):
    post = factories.PostFactory()
    event = Event.objects.create(kind=REPLIED_TO_YOU.key, target_id=post.pk, actor=post.author)
    (delivery,) = services.expand(event)
    seen = []

    def think(_backend, messages):
        # Somebody else, meanwhile, on a connection of their own.
        seen.extend(at_once(partial(services.send, delivery), partial(Delivery.objects.update, attempts=0)))
        return len(messages)

    monkeypatch.setattr(LOCMEM, think)
    assert services.send(delivery) is True
    assert seen == [False, 1]
    assert outcome() == ("sent", "")


class DiesAfterwards(BaseException):
    """Not an error that somebody could catch: the process is gone."""


@pytest.fixture
def dies(monkeypatch):
    """The mail server takes a mail, and the worker dies before it can note that."""
    taken = []

    def take(_backend, messages):
        taken.extend(messages)
        raise DiesAfterwards

    monkeypatch.setattr(LOCMEM, take)
    return taken


def test_a_worker_that_died_after_the_mail_was_taken_sends_it_again_with_the_same_id_and_says_so(
    worker, waiting, dies, monkeypatch, mailoutbox
):
    with pytest.raises(DiesAfterwards):
        tasks.send_delivery(waiting.delivery)
    assert outcome() == ("waiting", "")
    assert not only().maybe_twice
    monkeypatch.undo()
    # As long as it may still be alive nobody takes over.
    assert services.send(waiting.delivery) is False
    past = timezone.now() - sending.LEASE - dt.timedelta(minutes=1)
    Delivery.objects.update(began_at=past, due_at=past)
    with worker():
        tasks.sweep_outbox()
    assert outcome() == ("sent", "")
    assert only().maybe_twice
    (first,), (second,) = dies, mailoutbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"]


def test_what_a_dead_worker_may_have_sent_and_is_not_sent_again_still_says_that_it_may_have_left(
    waiting, dies, member, monkeypatch, mailoutbox
):
    with pytest.raises(DiesAfterwards):
        services.send(waiting.delivery)
    monkeypatch.undo()
    Delivery.objects.update(began_at=timezone.now() - sending.LEASE)
    Notice.objects.update(read_at=timezone.now())
    services.send(waiting.delivery)
    assert outcome() == ("skipped", "read")
    assert only().maybe_twice
    assert mailoutbox == []


def test_an_error_before_the_mail_is_written_says_nothing_about_a_mail_in_somebody_elses_hands(
    waiting, monkeypatch, mailoutbox
):
    """The task came twice, and the second worker lost its database while the first one talks to the mail server."""
    began_at = timezone.now()
    Delivery.objects.update(began_at=began_at, due_at=began_at + sending.LEASE)

    def no_database(*_args):
        raise OperationalError

    monkeypatch.setattr(sending, "_begin", no_database)
    with pytest.raises(OperationalError):
        tasks.send_delivery(waiting.delivery)
    assert (only().began_at, only().due_at) == (began_at, began_at + sending.LEASE)
    assert (only().attempts, only().maybe_twice) == (0, False)
    monkeypatch.undo()
    # Nobody sends it beside the first one.
    assert services.send(waiting.delivery) is False


def test_what_a_dead_worker_may_have_sent_and_cannot_be_written_now_still_says_that_it_may_have_left(
    waiting, dies, monkeypatch, mailoutbox
):
    with pytest.raises(DiesAfterwards):
        services.send(waiting.delivery)
    monkeypatch.undo()
    Delivery.objects.update(began_at=timezone.now() - sending.LEASE)

    def broken(_sending):
        raise ValueError

    monkeypatch.setattr("notifications.compose.message", broken)
    with pytest.raises(ValueError):  # noqa: PT011 - as bare as it comes
        tasks.send_delivery(waiting.delivery)
    monkeypatch.undo()
    assert services.send(waiting.delivery) is True
    assert only().maybe_twice


def test_a_worker_that_was_taken_for_dead_and_hears_an_error_then_leaves_the_mail_to_who_took_over(
    waiting, monkeypatch, mailoutbox
):
    taken_over = timezone.now() + dt.timedelta(minutes=1)

    def late_answer(_backend, messages):
        Delivery.objects.update(began_at=taken_over, maybe_twice=True)
        raise AWAY

    monkeypatch.setattr(LOCMEM, late_answer)
    tasks.send_delivery(waiting.delivery)
    assert (only().began_at, only().attempts) == (taken_over, 0)


def test_a_worker_whose_clock_is_a_little_ahead_is_not_taken_for_dead(waiting, mailoutbox):
    Delivery.objects.update(began_at=timezone.now() + dt.timedelta(minutes=3))
    assert services.send(waiting.delivery) is False


def test_a_database_that_restarts_while_the_mail_leaves_does_not_make_it_leave_again(waiting, monkeypatch, mailoutbox):
    """Its connections are lost between the server's answer and the note of it."""
    settle, failures = sending._settle, iter([OperationalError, OperationalError])

    def restarting(*args):
        for failure in failures:
            raise failure
        settle(*args)

    monkeypatch.setattr(sending, "_settle", restarting)
    monkeypatch.setattr(sending, "_DATABASE_PAUSES", (0, 0, 0))
    monkeypatch.setattr("notifications.services.sending.connection.close", lambda: None)
    assert services.send(waiting.delivery) is True
    assert outcome() == ("sent", "")
    assert len(mailoutbox) == 1


# --- a mail server that refuses, hangs or is away --------------------------------------------------------------


@pytest.fixture
def server(monkeypatch):
    """`server(error)`: from now on each mail meets that error."""

    def fails_with(error):
        def fail(_backend, messages):
            raise error

        monkeypatch.setattr(LOCMEM, fail)

    return fails_with


NO_SUCH_USER = smtplib.SMTPRecipientsRefused({"alder@example.org": (550, b"5.1.1 No such user")})
NO_SUCH_USER_BARE = smtplib.SMTPRecipientsRefused({"alder@example.org": (551, b"unknown")})
NOT_FROM_YOU = smtplib.SMTPRecipientsRefused({"alder@example.org": (550, b"5.7.1 We take no mail from you")})
COME_LATER = smtplib.SMTPRecipientsRefused({"alder@example.org": (450, b"4.2.0 Greylisted")})
NOT_THIS = smtplib.SMTPDataError(554, b"5.6.0 Not this")
BUSY = smtplib.SMTPDataError(451, b"4.3.2 Busy")
AWAY = ConnectionRefusedError()


def try_once(waiting):
    """One task; the error is logged where it is the server's, and raised where it is ours."""
    tasks.send_delivery(waiting.delivery)
    return only()


@pytest.mark.parametrize(
    ("error", "sure"),
    [
        (NOT_FROM_YOU, True),
        (COME_LATER, True),
        (NOT_THIS, True),
        (BUSY, True),
        (AWAY, True),
        (socket.gaierror(), True),
        (TimeoutError(), True),
        (smtplib.SMTPAuthenticationError(535, b"no"), True),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed: timed out"), False),
        (ConnectionResetError(), False),
    ],
    ids=repr,
)
def test_what_a_server_did_not_take_waits_and_whether_it_may_have_is_known(
    waiting, server, monkeypatch, mailoutbox, error, sure
):
    server(error)
    delivery = try_once(waiting)
    assert outcome() == ("waiting", "")
    assert delivery.maybe_twice is not sure
    assert timezone.now() + dt.timedelta(seconds=50) < delivery.due_at < timezone.now() + dt.timedelta(seconds=80)
    monkeypatch.undo()
    # Nobody has to wait for a worker that said what happened.
    assert services.send(waiting.delivery) is True
    assert outcome() == ("sent", "")
    assert len(mailoutbox) == 1
    assert only().maybe_twice is not sure


def test_a_task_that_runs_out_of_time_while_a_server_hangs_leaves_the_mail_waiting(waiting, server):
    server(SoftTimeLimitExceeded())
    with pytest.raises(SoftTimeLimitExceeded):
        tasks.send_delivery(waiting.delivery)
    assert outcome() == ("waiting", "")
    assert only().maybe_twice


@pytest.mark.parametrize(("error", "status"), [(NO_SUCH_USER, "5.1.1"), (NO_SUCH_USER_BARE, "551")], ids=repr)
def test_an_address_that_is_gone_ends_it_at_once(waiting, server, member, error, status):
    server(error)
    try_once(waiting)
    assert outcome() == ("skipped", "bounced")
    assert Wishes.objects.get(member=member).bounced_at
    assert Return.objects.get().status == status


@pytest.mark.parametrize("error", [NOT_FROM_YOU, NOT_THIS], ids=repr)
def test_a_mail_that_is_refused_is_tried_several_times_and_then_says_why_it_never_left(waiting, server, member, error):
    server(error)
    pauses = []
    while only().state == Delivery.State.WAITING:
        delivery = try_once(waiting)
        pauses.append(delivery.due_at - timezone.now())
    assert all(later > earlier for earlier, later in pairwise(pauses[:-1]))
    assert only().attempts == sending.MOST_RETRIES + 1
    assert outcome() == ("skipped", "refused")
    assert not Wishes.objects.filter(member=member, bounced_at__isnull=False).exists()


@pytest.mark.parametrize("error", [AWAY, BUSY, COME_LATER], ids=repr)
def test_while_no_server_takes_anything_a_mail_is_tried_until_it_is_of_no_use(
    waiting, server, monkeypatch, mailoutbox, error
):
    server(error)
    for _try in range(30):
        try_once(waiting)
    assert outcome() == ("waiting", "")
    assert only().due_at < timezone.now() + sending.LONGEST_PAUSE * 1.3
    Event.objects.update(created_at=timezone.now() - REPLIED_TO_YOU.useful_for)
    try_once(waiting)
    assert outcome() == ("skipped", "too_late")


def test_a_mail_that_cannot_be_written_is_given_up_and_called_our_fault(waiting, monkeypatch):
    def broken(_sending):
        raise LookupError

    monkeypatch.setattr("notifications.compose.message", broken)
    for _try in range(sending.MOST_RETRIES + 1):
        with pytest.raises(LookupError):
            tasks.send_delivery(waiting.delivery)
    assert outcome() == ("skipped", "broken")
    assert not only().maybe_twice


def test_a_mail_that_is_being_tried_again_is_left_alone_by_the_sweep(worker, waiting, mailoutbox):
    services.postpone(Delivery, waiting.delivery, AWAY)
    with worker():
        tasks.sweep_outbox()
    assert mailoutbox == []


def test_a_mail_whose_next_try_is_due_is_sent_by_the_sweep(worker, waiting, mailoutbox):
    services.postpone(Delivery, waiting.delivery, AWAY)
    Delivery.objects.update(due_at=timezone.now() - dt.timedelta(minutes=1))
    with worker():
        tasks.sweep_outbox()
    assert len(mailoutbox) == 1


def test_what_was_settled_meanwhile_is_not_put_off(waiting, mailoutbox):
    services.send(waiting.delivery)
    assert services.postpone(Delivery, waiting.delivery, AWAY) is False
    assert outcome() == ("sent", "")


def test_a_log_names_no_address(waiting, server, caplog):
    server(NOT_FROM_YOU)
    try_once(waiting)
    assert "SMTPRecipientsRefused" in caplog.text
    assert "example.org" not in caplog.text


def test_tasks_about_what_is_gone_do_nothing(db):
    tasks.send_delivery(10**9)
    tasks.send_digest(10**9)
