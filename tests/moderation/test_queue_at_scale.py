"""The queue at 10,000 open cases: as many queries as at one, and an index for each way to look at it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from moderation.access.queue import Narrowing, Which, narrowed
from moderation.access.waiting import waiting_in_words, waiting_now
from moderation.models import Priority, Source
from tests import factories

MANY = 10_000

_POSTS = """
INSERT INTO forums_post (thread_id, number, author_id, body, body_html, visibility, created_at, version)
SELECT %s, n, %s, 'The lantern is lit.', '<p>The lantern is lit.</p>', 'visible', now(), 1
FROM generate_series(2, %s) n
"""
_CASES = """
INSERT INTO moderation_case (subject_kind, subject_id, author_id, priority, source, state, opened_at, due_at, version,
    handed_over_at, second_wanted_by_id, quiet_until, claimed_by_id, lease_until)
SELECT 'post', id, author_id, 1 + number %% 4, CASE WHEN number %% 40 = 0 THEN 'outside' ELSE 'report' END, 'open',
    now(), now() + (number - 300) * interval '1 minute', 1,
    CASE WHEN number %% 500 = 0 THEN now() END,
    CASE WHEN number %% 700 = 0 THEN %s END,
    CASE WHEN number %% 400 = 0 THEN now() + interval '1 day' END,
    CASE WHEN number = 9 THEN %s END, CASE WHEN number = 9 THEN now() + interval '20 minutes' END
FROM forums_post WHERE thread_id = %s AND number > 1
"""


@pytest.fixture(scope="module")
def full(django_db_setup, django_db_blocker):
    """Ten thousand open cases, and the moderator who looks at them."""
    from tests import database

    with django_db_blocker.unblock(), database.another_clone("queue"):
        moderator, colleague = factories.MemberFactory.create_batch(2, is_moderator=True)
        thread = factories.ThreadFactory()
        with connection.cursor() as cursor:
            cursor.execute(_POSTS, [thread.pk, thread.author_id, MANY + 1])
            cursor.execute(_CASES, [colleague.pk, moderator.pk, thread.pk])
        database.learn_sizes()
        yield moderator
        connection.close()


VIEWS = [
    *(Narrowing(which) for which in Which),
    Narrowing(priority=Priority.CRISIS),
    Narrowing(source=Source.OUTSIDE),
    Narrowing(Which.UNCLAIMED, Priority.OTHER, Source.REPORT),
]


@pytest.mark.parametrize("asked", VIEWS, ids=lambda asked: str(dict(asked.asked)))
def test_each_view_is_read_from_an_index(full, django_db_blocker, asked):
    clock = "quiet_until" if asked.which == Which.LATER else "due_at"
    with django_db_blocker.unblock():
        plan = narrowed(full, asked).order_by("priority", clock, "id")[:31].explain()
    assert "Seq Scan on moderation_case" not in plan, plan
    assert "moderation_case" in plan
    assert "Index" in plan


def test_how_many_wait_is_read_from_the_heads_of_the_classes(full, django_db_blocker):
    with django_db_blocker.unblock(), CaptureQueriesContext(connection) as queries:
        waiting = waiting_now(full)
        assert waiting_in_words(waiting).startswith("100+ cases wait, 100+ of them overdue.")
        (asked,) = queries.captured_queries
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + asked["sql"])
            ((plan,),) = cursor.fetchall()
    assert [each.count for each in waiting] == [101] * 4
    rows = [node["Actual Rows"] for node in scans(plan[0]["Plan"], "moderation_case")]
    assert len(rows) == 4
    assert max(rows) <= 101


def scans(node, table):
    found = [node] if node.get("Relation Name") == table else []
    return found + [each for below in node.get("Plans", []) for each in scans(below, table)]


def test_each_view_asks_as_often_as_an_empty_one(full, django_db_blocker, sign_in):
    counts = {}
    with django_db_blocker.unblock():
        browser = sign_in(full)
        for asked in VIEWS:
            with CaptureQueriesContext(connection) as queries:
                page = browser.get(reverse("queue"), dict(asked.asked))
            assert page.text.count("<article") > (0 if asked.which == Which.MINE else 1)
            counts[str(asked.asked)] = len(queries)
    assert len(set(counts.values())) == 1, counts


def test_a_page_deep_in_the_queue_and_its_news_cost_no_more(full, django_db_blocker, sign_in):
    with django_db_blocker.unblock():
        browser = sign_in(full)
        address = reverse("queue")
        with CaptureQueriesContext(connection) as first:
            page = browser.get(address)
        # The requests that follow empty the log of queries.
        asked = len(first)
        for _step in range(20):
            page = browser.get(address + f"?after={page.context['page'].next_cursor}")
        with CaptureQueriesContext(connection) as deep:
            browser.get(address + f"?after={page.context['page'].next_cursor}")
        assert len(deep) == asked
        assert not any(word in query["sql"] for query in deep for word in ("OFFSET", "COUNT("))
