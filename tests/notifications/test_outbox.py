"""From what happened to who was told: once each, whatever is retried, and never whom it does not concern."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import enqueuing
from forums.models import BoardFollow, Level, Thread
from forums.news import NEW_REPLY, NEW_THREAD, REPLIED_TO_YOU
from members.models import Member
from moderation.models import AuditEntry
from notifications import kinds, services, tasks
from notifications.models import Channel, Delivery, Event, Notice
from notifications.services import outbox
from supportsite.celery import app as celery_app
from tests import factories
from tests.at_once import at_once
from tests.database import learn_sizes


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


def test_who_was_answered_gets_a_mail_and_who_follows_along_does_not(
    worker, reply, member, other_member, newcomer, mailoutbox
):
    reply()
    with worker():
        reply(author=newcomer, reply_to=2)
    assert told() == ["alder", "birch"]
    assert [sent.to for sent in mailoutbox] == [[other_member.email]]


@pytest.mark.parametrize(
    ("channel", "notices", "mails", "in_digest"),
    [
        (Channel.NOTHING, 0, 0, False),
        (Channel.SITE, 1, 0, False),
        (Channel.DIGEST, 1, 0, True),
        (Channel.MAIL, 1, 1, False),
    ],
)
def test_a_kind_goes_as_far_as_its_recipient_chose(
    worker, reply, choose, member, mailoutbox, channel, notices, mails, in_digest
):
    choose(member, REPLIED_TO_YOU, channel)
    with worker():
        reply()
    assert len(told()) == notices
    assert len(mailoutbox) == Delivery.objects.count() == mails
    assert Notice.objects.filter(in_digest=True).exists() == in_digest


def test_nobody_is_told_of_their_own_words(worker, reply, member, other_member, mailoutbox):
    with worker():
        reply(author=member)
        reply(author=other_member, reply_to=2)
        reply(author=other_member, reply_to=3)
    assert told() == ["alder", "alder"]
    assert len(mailoutbox) == 1


def test_a_double_submit_is_one_piece_of_news(reply, other_member):
    submission = other_member.public_id
    first = reply(submission=submission)
    again = reply(submission=submission)
    assert again.event == first.event
    assert sorted(Event.objects.values_list("kind", flat=True)) == [NEW_REPLY.key, REPLIED_TO_YOU.key]


def test_recording_the_same_news_twice_is_one_event(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        assert services.record(kind=NEW_REPLY, target_id=7)
        assert not services.record(kind=NEW_REPLY, target_id=7)
        assert services.record_several(news=[REPLIED_TO_YOU, NEW_REPLY], target_id=7) == 1
    assert len(waiting) == 2
    assert sorted(Event.objects.values_list("kind", flat=True)) == [NEW_REPLY.key, REPLIED_TO_YOU.key]


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


def test_an_event_that_was_spread_is_not_spread_again_whatever_is_chosen_later(reply, choose, member):
    event = reply().event
    assert len(services.expand(event)) == 1
    Notice.objects.all().delete()
    assert services.expand(event) == []
    assert told() == []


def test_two_processes_that_expand_the_same_event_tell_once(shared_database):
    post = factories.PostFactory()
    event = Event.objects.create(kind=REPLIED_TO_YOU.key, target_id=post.pk, actor=post.author)
    at_once(*[partial(services.expand, event)] * 3)
    assert Notice.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_whoever_finds_an_event_in_other_hands_does_not_wait_for_them(shared_database):
    post = factories.PostFactory()
    event = Event.objects.create(kind=REPLIED_TO_YOU.key, target_id=post.pk, actor=post.author)

    def look_again():
        try:
            return services.expand(event)
        finally:
            connection.close()

    with transaction.atomic():
        Event.objects.select_for_update().get(pk=event.pk)
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(look_again).result(timeout=30) == []
    assert len(services.expand(event)) == 1


# --- crowds --------------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(db):
    """The news of a thread on a board that thousands follow, as they do others."""
    board, *_others = factories.BoardFactory.create_batch(8)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO members_member (password, username, email, is_superuser, is_active, is_staff, is_moderator,"
            " is_curator, folded_notes, hidden_notes, low_energy, follow_on_posting)"
            " SELECT '', 'crowd' || n, 'crowd' || n || '@example.org', false, true, false, false, false, '{}', '{}',"
            " false, true FROM generate_series(1, %s) n",
            [CROWD],
        )
        cursor.execute(
            "INSERT INTO forums_boardfollow (member_id, board_id, level)"
            " SELECT member.id, board.id, 'all' FROM members_member member, forums_board board"
            " WHERE username LIKE 'crowd%'",
        )
    learn_sizes()
    thread = factories.ThreadFactory(board=board)
    return Event.objects.create(kind=NEW_THREAD.key, target_id=thread.pk, actor=thread.author)


CROWD = 3_000


class PulledThePlugError(Exception):
    pass


def test_a_crowd_is_told_in_batches_that_cost_the_same_and_go_on_where_a_dead_worker_stopped(crowd, monkeypatch):
    costs = []

    def one_batch():
        with CaptureQueriesContext(connection) as asked:
            batch = services.expand_batch(crowd.pk)
        costs.append(len(asked))
        return batch

    assert one_batch().goes_on
    assert Notice.objects.count() == outbox.BATCH
    tell = outbox._tell

    def die_behind_the_notices(*args):
        tell(*args)
        raise PulledThePlugError

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_tell", die_behind_the_notices)
        with pytest.raises(PulledThePlugError):
            services.expand_batch(crowd.pk)
    # The second batch never was.
    assert Notice.objects.count() == outbox.BATCH
    before = set(Notice.objects.values_list("pk", flat=True))
    while one_batch().goes_on:
        pass
    assert Notice.objects.filter(pk__in=before).count() == outbox.BATCH
    assert sorted(Notice.objects.values_list("recipient", flat=True)) == sorted(
        Member.objects.filter(username__startswith="crowd").values_list("pk", flat=True)
    )
    assert len(set(costs[:-1])) == 1
    crowd.refresh_from_db()
    assert crowd.expanded_at


def test_the_next_of_a_crowd_are_found_in_an_index_and_not_by_sorting_all(crowd):
    with CaptureQueriesContext(connection) as asked:
        NEW_THREAD.audience(crowd, 0, outbox.BATCH)
    (query,) = [one["sql"] for one in asked.captured_queries if '"forums_boardfollow"."level" = ' in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + query)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    # By that of the board, or by one of the members where most of them follow it.
    assert "Index" in plan
    assert "Sort" not in plan
    assert "Seq Scan" not in plan


def test_a_task_lets_others_have_their_turn_and_comes_back_for_the_rest(crowd, worker, monkeypatch):
    monkeypatch.setattr(outbox, "BATCH", 100)
    monkeypatch.setattr(tasks, "BATCHES_AT_A_TIME", 4)
    asked_again: list[int] = []
    monkeypatch.setattr(tasks.expand_event, "delay", asked_again.append)
    tasks.expand_event(crowd.pk)
    assert Notice.objects.count() == 400
    assert asked_again == [crowd.pk]
    crowd.refresh_from_db()
    assert crowd.expanded_at is None
    # The message is lost with the broker; the sweep finds the event, once its time is over.
    assert services.due_events(before=timezone.now(), limit=10) == []
    assert services.due_events(before=timezone.now() + outbox.LEASE, limit=10) == [crowd.pk]


def test_who_begins_to_follow_while_a_crowd_is_told_breaks_nothing(crowd):
    board = Thread.objects.get(pk=crowd.target_id).board
    services.expand_batch(crowd.pk)
    early, late = (factories.MemberFactory(pk=pk, username=f"pk{pk}") for pk in (-5, 10**9))
    for somebody in (early, late):
        BoardFollow.objects.create(member=somebody, board=board, level=Level.ALL)
    services.expand(crowd)
    assert Notice.objects.filter(recipient=late).count() == 1
    assert Notice.objects.count() == CROWD + 1


def test_one_name_stands_for_one_kind():
    with pytest.raises(ValueError, match="twice"):
        kinds.register(NEW_REPLY)


def test_news_of_a_kind_that_nobody_knows_any_more_is_put_aside(db):
    event = Event.objects.create(kind="forgotten", target_id=1, created_at=factories.now() - outbox.KNOWN_WITHIN)
    tasks.expand_event(event.pk)
    event.refresh_from_db()
    assert event.expanded_at
    assert told() == []


def test_a_worker_from_before_an_update_leaves_what_it_does_not_know_to_one_from_after_it(
    worker, reply, monkeypatch, mailoutbox
):
    event = reply().event
    with monkeypatch.context() as before_the_update:
        before_the_update.setattr(kinds, "_kinds", {})
        with worker():
            tasks.expand_event(event.pk)
    assert told() == []
    event.refresh_from_db()
    assert event.due_at > timezone.now()
    long_ago()
    with worker():
        tasks.sweep_outbox()
    assert told() == ["alder"]
    assert len(mailoutbox) == 1


def test_tasks_about_what_is_gone_do_nothing(db):
    tasks.expand_event(10**9)
    tasks.send_delivery(10**9)


@pytest.fixture
def waiting(reply):
    """A reply whose mail waits to be sent."""
    made = reply()
    (made.delivery,) = services.expand(made.event)
    return made


# --- when something is away ----------------------------------------------------------------------------------


@pytest.fixture
def broker_away():
    """The broker's address answers to nobody."""
    app: Any = celery_app
    app.conf.broker_write_url, before = "redis://127.0.0.1:9/0", app.conf.broker_write_url
    # Celery keeps its connections in these two and makes new ones where there are none.
    app.amqp._producer_pool = app._pool = None
    enqueuing.first_of.cache_clear()
    yield
    app.amqp._producer_pool = app._pool = None
    enqueuing.first_of.cache_clear()
    app.conf.broker_write_url = before


def long_ago():
    """Time passes: the sweep leaves alone what is younger than half a minute."""
    then = factories.now() - dt.timedelta(minutes=2)
    Event.objects.update(created_at=then, due_at=then)
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
def test_a_broker_that_gave_no_answer_keeps_nobody_waiting_again(
    reply, django_capture_on_commit_callbacks, monkeypatch, caplog
):
    with django_capture_on_commit_callbacks(execute=True):
        reply()
        reply()
    assert caplog.text.count("The broker does not answer") == 1
    # It is asked again after a while.
    later = time.monotonic() + tasks.BROKER_PAUSE_SECONDS
    monkeypatch.setattr("notifications.tasks.time.monotonic", lambda: later)
    with django_capture_on_commit_callbacks(execute=True):
        reply()
    assert caplog.text.count("The broker does not answer") == 2


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


def test_what_fails_each_time_is_put_off_and_does_not_keep_the_sweep_from_the_rest(reply):
    for target in range(10):
        # About nothing that is there: to spread this kind of news fails.
        Event.objects.create(kind="thread_cared_for", target_id=10_000 + target)
    failing = list(Event.objects.values_list("pk", flat=True))
    long_ago()
    pauses = []
    for _failure in range(3):
        for pk in failing:
            with pytest.raises(AuditEntry.DoesNotExist):
                tasks.expand_event(pk)
        pauses.append(Event.objects.get(pk=failing[0]).due_at - timezone.now())
    assert dt.timedelta(0) < pauses[0] < pauses[1] < pauses[2] < outbox.FARTHEST
    made = reply()
    Event.objects.filter(pk=made.event.pk).update(due_at=factories.now() - dt.timedelta(minutes=2))
    assert services.due_events(before=factories.now(), limit=4)[0] == made.event.pk


def test_an_event_that_fails_for_days_is_still_tried(db):
    event = Event.objects.create(kind="thread_cared_for", target_id=10_000, attempts=1000)
    for _failure in range(3):
        services.put_off(event.pk)
    event.refresh_from_db()
    assert event.due_at < timezone.now() + outbox.FARTHEST
    assert event.attempts == 1000


def test_the_sweep_leaves_alone_what_is_on_its_way(worker, reply, mailoutbox):
    reply()
    with worker():
        tasks.sweep_outbox()
    assert told() == []


def test_the_sweep_does_not_pile_up_tasks_for_a_worker_that_is_busy(waiting):
    long_ago()
    now = timezone.now()
    assert services.due(Delivery, before=now, limit=10) == [waiting.delivery]
    assert services.due(Delivery, before=now, limit=10) == []
    Event.objects.update(expanded_at=None)
    assert sorted(services.due_events(before=now, limit=10)) == sorted([waiting.event.pk, waiting.followed.pk])
    assert services.due_events(before=now, limit=10) == []


# --- clocks that are wrong ------------------------------------------------------------------------------------


def test_what_a_clock_that_ran_ahead_has_put_off_for_years_is_due(worker, reply, waiting, mailoutbox):
    """The machine's clock was years ahead for a while, and goes right again."""
    made = reply()
    years = factories.now() + dt.timedelta(days=1500)
    Event.objects.filter(expanded_at=None).update(due_at=years, created_at=years)
    Delivery.objects.update(due_at=years, began_at=years)
    with worker():
        tasks.sweep_outbox()
    assert told() == ["alder", "alder"]
    assert Event.objects.get(pk=made.event.pk).expanded_at
    # One mail tells of both.
    assert len(mailoutbox) == 1
    assert not Delivery.objects.filter(state="waiting").exists()


def test_a_clock_that_goes_back_tells_nobody_twice(worker, reply, mailoutbox, monkeypatch):
    with worker():
        reply()
    an_hour_ago = timezone.now() - dt.timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: an_hour_ago)
    with worker():
        tasks.sweep_outbox()
        for pk in Event.objects.values_list("pk", flat=True):
            tasks.expand_event(pk)
        for pk in Delivery.objects.values_list("pk", flat=True):
            tasks.send_delivery(pk)
    assert told() == ["alder"]
    assert len(mailoutbox) == 1
