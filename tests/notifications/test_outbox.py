"""From what happened to who was told: once each, whatever is retried, and never whom it does not concern."""

import datetime as dt
import smtplib
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from forums.models import Post
from forums.news import NEW_REPLY
from moderation.models import AuditEntry
from notifications import kinds, services, tasks
from notifications.models import Delivery, Event, Notice
from supportsite.celery import app as celery_app
from tests import factories
from tests.at_once import at_once


def told():
    return sorted(Notice.objects.values_list("recipient__username", flat=True))


def states():
    return sorted(Delivery.objects.values_list("state", "reason"))


# --- whom ----------------------------------------------------------------------------------------------------


def test_the_author_of_the_thread_is_told_of_a_reply(worker, reply, member, mailoutbox):
    with worker():
        reply()
    assert told() == ["alder"]
    assert [sent.to for sent in mailoutbox] == [[member.email]]
    assert states() == [("sent", "")]


def test_who_was_answered_is_told_too(worker, reply, member, other_member, newcomer, mailoutbox):
    reply()
    with worker():
        reply(author=newcomer, reply_to=2)
    assert told() == ["alder", "birch"]
    assert sorted(sent.to for sent in mailoutbox) == [[member.email], [other_member.email]]


def test_nobody_is_told_of_their_own_words(worker, reply, member, other_member, mailoutbox):
    with worker():
        reply(author=member)
        reply(author=other_member, reply_to=2)
        reply(author=other_member, reply_to=3)
    assert told() == ["alder", "alder"]
    assert len(mailoutbox) == 2


def test_a_double_submit_is_one_piece_of_news(reply, other_member):
    submission = other_member.public_id
    reply(submission=submission)
    reply(submission=submission)
    assert Event.objects.count() == 1


def test_recording_the_same_news_twice_is_one_event(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        first = services.record(kind=NEW_REPLY, target_id=7)
        assert services.record(kind=NEW_REPLY, target_id=7) == first
    assert len(waiting) == 1


def test_news_of_what_was_rolled_back_does_not_exist(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting, transaction.atomic():
        services.record(kind=NEW_REPLY, target_id=7)
        transaction.set_rollback(True)
    assert waiting == []
    assert not Event.objects.exists()


# --- once ----------------------------------------------------------------------------------------------------


def test_expanding_and_sending_twice_tells_once(reply, mailoutbox):
    event = reply().event
    for _again in range(2):
        for delivery in services.expand(event):
            services.send(delivery)
            services.send(delivery)
        tasks.expand_event(event.pk)
    assert told() == ["alder"]
    assert len(mailoutbox) == 1


def test_a_worker_that_died_after_the_notices_goes_on_with_the_mail(reply, mailoutbox):
    event = reply().event
    first = services.expand(event)
    Event.objects.update(expanded_at=None)
    assert services.expand(event) == first


def test_two_processes_that_expand_the_same_event_tell_once(shared_database):
    post = factories.PostFactory()
    event = Event.objects.create(kind=NEW_REPLY.key, target_id=post.pk, actor=post.author)
    at_once(*[partial(services.expand, event)] * 3)
    assert Notice.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_two_processes_that_send_the_same_delivery_send_one_mail(shared_database):
    post = factories.PostFactory()
    event = Event.objects.create(kind=NEW_REPLY.key, target_id=post.pk, actor=post.author)
    (delivery,) = services.expand(event)
    sent = at_once(*[partial(services.send, delivery)] * 3)
    assert sorted(sent) == [False, False, True]
    assert len(mail.outbox) == 1


def test_many_recipients_are_told_in_batches(db, monkeypatch):
    crowd = factories.MemberFactory.create_batch(5)
    everybody = kinds.Kind(
        key="to_everybody",
        audience=lambda event: [somebody.pk for somebody in crowd],
        visible=lambda targets, member: targets,
        url=lambda event: "/",
        lines=lambda targets: dict.fromkeys(targets, "News."),
    )
    monkeypatch.setitem(kinds._kinds, everybody.key, everybody)
    monkeypatch.setattr(services, "BATCH", 2)
    services.expand(Event.objects.create(kind="to_everybody", target_id=1))
    assert Notice.objects.count() == 5
    assert not Delivery.objects.exists()


def test_one_name_stands_for_one_kind():
    with pytest.raises(ValueError, match="twice"):
        kinds.register(NEW_REPLY)


def test_news_of_a_kind_that_nobody_knows_any_more_is_put_aside(db):
    event = Event.objects.create(kind="forgotten", target_id=1)
    tasks.expand_event(event.pk)
    event.refresh_from_db()
    assert event.expanded_at
    assert told() == []


def test_tasks_about_what_is_gone_do_nothing(db):
    tasks.expand_event(10**9)
    tasks.send_delivery(10**9)


# --- what is no longer wanted when the mail would leave ------------------------------------------------------


@pytest.fixture
def waiting(reply):
    """A reply whose mail waits to be sent."""
    made = reply()
    (made.delivery,) = services.expand(made.event)
    return made


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (lambda made, me: Post.objects.filter(pk=made.post.pk).update(visibility="hidden"), "no longer visible"),
        (lambda made, me: Post.objects.filter(pk=made.post.pk).update(visibility="held"), "no longer visible"),
        (lambda made, me: factories.BlockFactory(blocker=me, blocked=made.post.author), "no longer visible"),
        (lambda made, me: factories.BlockFactory(blocked=me, blocker=made.post.author), "no longer visible"),
        (lambda made, me: made.thread.board._meta.model.objects.update(audience="staff"), "no longer visible"),
        (lambda made, me: Notice.objects.update(read_at=factories.now()), "read on the site"),
        (lambda made, me: type(me).objects.filter(pk=me.pk).update(is_active=False), "no address"),
        (lambda made, me: type(me).objects.filter(pk=me.pk).update(email=""), "no address"),
    ],
    ids=["hidden", "held", "blocked", "blocked-by", "board-closed", "read", "account-closed", "address-gone"],
)
def test_a_mail_that_is_no_longer_wanted_is_skipped_and_says_why(waiting, member, mailoutbox, meanwhile, reason):
    meanwhile(waiting, member)
    assert services.send(waiting.delivery) is False
    assert mailoutbox == []
    (state, why) = states()[0]
    assert state == "skipped"
    assert why.startswith(reason)


def test_a_skipped_mail_does_not_leave_later(waiting, mailoutbox):
    Post.objects.filter(pk=waiting.post.pk).update(visibility="hidden")
    services.send(waiting.delivery)
    Post.objects.filter(pk=waiting.post.pk).update(visibility="visible")
    assert services.send(waiting.delivery) is False
    assert mailoutbox == []


# --- the mail ------------------------------------------------------------------------------------------------


def test_a_mail_does_not_say_what_it_is_about(worker, reply, member, settings, mailoutbox):
    with worker():
        made = reply()
    (sent,) = mailoutbox
    assert sent.subject == "You have an update"
    html = sent.alternatives[0].content
    notice = Notice.objects.get()
    for part in (sent.subject, sent.body, html, str(sent.message())):
        for secret in ("particular title", "Night watch", "birch", "comfort", "reply", "depress", made.thread.slug):
            assert secret not in part
    link = f"{settings.SITE_URL}/updates/{notice.public_id}/"
    assert link in sent.body
    assert f'href="{link}"' in html
    assert "Hello alder," in sent.body


def test_a_mail_brings_no_pictures_and_asks_no_third_party(worker, reply, settings, mailoutbox):
    with worker():
        reply()
    html = mailoutbox[0].alternatives[0].content
    assert "<img" not in html
    assert html.count("http") == html.count(settings.SITE_URL)


def test_the_same_notice_has_the_same_message_id_on_every_attempt(waiting, mailoutbox):
    services.send(waiting.delivery)
    Delivery.objects.update(state="waiting")
    services.send(waiting.delivery)
    first, second = (sent.message()["Message-ID"] for sent in mailoutbox)
    assert first == second == f"<{Notice.objects.get().public_id}@localhost>"
    assert mailoutbox[0].message()["Auto-Submitted"] == "auto-generated"


# --- when something is away ----------------------------------------------------------------------------------


@pytest.fixture
def broker_away():
    """The broker's address answers to nobody."""
    app: Any = celery_app
    app.conf.broker_write_url, before = "redis://127.0.0.1:9/0", app.conf.broker_write_url
    # Celery keeps its connections in these two and makes new ones where there are none.
    app.amqp._producer_pool = app._pool = None
    yield
    app.amqp._producer_pool = app._pool = None
    app.conf.broker_write_url = before


def long_ago():
    """Time passes: the sweep leaves alone what is younger than half a minute."""
    then = factories.now() - dt.timedelta(minutes=2)
    Event.objects.update(created_at=then)
    Event.objects.exclude(expanded_at=None).update(expanded_at=then)
    Delivery.objects.update(due_at=then)


@pytest.mark.usefixtures("broker_away")
def test_a_reply_is_posted_while_the_broker_is_away(reply, django_capture_on_commit_callbacks, caplog):
    with django_capture_on_commit_callbacks(execute=True):
        made = reply()
    assert made.post.number == 2
    assert made.event.expanded_at is None
    assert "The broker does not answer" in caplog.text


@pytest.mark.usefixtures("broker_away")
def test_a_sweep_while_the_broker_is_away_gives_up_quietly(reply, caplog):
    made = reply()
    services.expand(reply().event)
    long_ago()
    tasks.sweep_outbox()
    assert Event.objects.get(pk=made.event.pk).expanded_at is None
    assert caplog.text.count("The broker does not answer") == 1


def test_the_sweep_delivers_what_nobody_was_nudged_about(worker, reply, mailoutbox):
    reply()
    long_ago()
    with worker():
        tasks.sweep_outbox()
    assert told() == ["alder"]
    assert len(mailoutbox) == 1


def test_the_sweep_sends_what_a_dead_worker_left(worker, waiting, mailoutbox):
    long_ago()
    with worker():
        tasks.sweep_outbox()
    assert len(mailoutbox) == 1


def test_what_fails_each_time_does_not_keep_the_sweep_from_the_rest(reply):
    for target in range(10):
        # About nothing that is there: to spread this kind of news fails.
        Event.objects.create(kind="thread_cared_for", target_id=10_000 + target)
    Event.objects.update(created_at=factories.now() - dt.timedelta(days=1))
    made = reply()
    Event.objects.filter(pk=made.event.pk).update(created_at=factories.now() - dt.timedelta(minutes=2))
    swept = services.waiting_events(before=factories.now(), limit=4)
    assert made.event.pk in swept
    assert len(swept) == 4
    with pytest.raises(AuditEntry.DoesNotExist):
        services.expand(Event.objects.get(pk=swept[0]))


def test_the_sweep_leaves_alone_what_is_on_its_way(worker, reply, mailoutbox):
    reply()
    with worker():
        tasks.sweep_outbox()
    assert told() == []


class MailServerAway:
    """Refuses until it is told to recover."""

    def __init__(self, monkeypatch):
        self.tries = 0
        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", self.refuse)

    def refuse(self, messages):
        self.tries += 1
        raise smtplib.SMTPServerDisconnected


def test_a_mail_server_that_is_away_leaves_the_mail_waiting(waiting, monkeypatch, mailoutbox):
    with monkeypatch.context() as patch:
        MailServerAway(patch)
        with pytest.raises(smtplib.SMTPException):
            services.send(waiting.delivery)
        assert states() == [("waiting", "")]
    assert services.send(waiting.delivery) is True
    assert len(mailoutbox) == 1


def test_a_mail_is_tried_several_times_and_then_says_why_it_never_left(waiting, monkeypatch):
    server = MailServerAway(monkeypatch)
    pauses = []
    while Delivery.objects.get().state == Delivery.State.WAITING:
        tasks.send_delivery(waiting.delivery)
        pauses.append(Delivery.objects.get().due_at - timezone.now())
    assert server.tries == services.MOST_RETRIES + 1
    assert all(later > earlier for earlier, later in pairwise(pauses[:-1]))
    delivery = Delivery.objects.get()
    assert delivery.attempts == server.tries
    assert (delivery.state, delivery.reason) == ("skipped", "the mail server did not take it")


def test_a_mail_that_is_being_tried_again_is_left_alone_by_the_sweep(worker, waiting, mailoutbox):
    services.postpone(waiting.delivery)
    with worker():
        tasks.sweep_outbox()
    assert mailoutbox == []


def test_a_mail_whose_next_try_is_due_is_sent_by_the_sweep(worker, waiting, mailoutbox):
    services.postpone(waiting.delivery)
    long_ago()
    with worker():
        tasks.sweep_outbox()
    assert len(mailoutbox) == 1


def test_the_sweep_does_not_pile_up_tasks_for_a_worker_that_is_busy(waiting):
    long_ago()
    now = timezone.now()
    assert services.due_deliveries(before=now, limit=10) == [waiting.delivery]
    assert services.due_deliveries(before=now, limit=10) == []
