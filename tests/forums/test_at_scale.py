"""The pages that people open most ask the database as often at 10,000 rows as at one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums import access
from forums.models import Board, Thread
from forums.services import search
from tests import factories

pytestmark = pytest.mark.thorough

MANY = 10_000

_THREADS = """
INSERT INTO forums_thread (board_id, author_id, title, slug, support_type, content_notes, state, visibility,
    no_reply_needed, last_number, created_at, last_post_at, author_wrote_last, merged_offset, title_before)
SELECT %s, %s, 'A quiet lantern ' || n, 'a-quiet-lantern', 'listening', '{}', 'open', 'visible',
    false, 1, now() - n * interval '1 minute', now() - n * interval '1 minute', true, 0, ''
FROM generate_series(1, %s) n
"""
_OPENINGS = """
INSERT INTO forums_post (thread_id, number, author_id, body, body_html, visibility, created_at, version)
SELECT id, 1, author_id, 'A lantern for tonight.', '<p>A lantern for tonight.</p>', 'visible', created_at, 1
FROM forums_thread WHERE board_id = %s
"""
_REPLIES = """
INSERT INTO forums_post (thread_id, number, author_id, body, body_html, visibility, created_at, version)
SELECT %s, n, %s, 'The lantern is lit.', '<p>The lantern is lit.</p>', 'visible', now(), 1
FROM generate_series(2, %s) n
"""


@pytest.fixture(scope="module")
def village(django_db_setup, django_db_blocker):
    """A board with one thread of one post, and one with 10,000 threads, the newest of which has 10,000 posts."""
    from tests import database

    with django_db_blocker.unblock(), database.another_clone("village"):
        writer, reader = factories.MemberFactory(username="scribe"), factories.MemberFactory(username="guest")
        small, large = factories.BoardFactory(slug="hamlet"), factories.BoardFactory(slug="town")
        factories.ThreadFactory(board=small, author=writer, title="A lantern alone")
        with connection.cursor() as cursor:
            cursor.execute(_THREADS, [large.pk, writer.pk, MANY])
            cursor.execute(_OPENINGS, [large.pk])
            longest = Thread.objects.filter(board=large).latest("last_post_at")
            cursor.execute(_REPLIES, [longest.pk, writer.pk, MANY])
            Thread.objects.filter(pk=longest.pk).update(last_number=MANY)
        search.index_missing(limit=3 * MANY)
        yield reader
        connection.close()


@pytest.fixture
def asked(village, django_db_blocker, sign_in):
    """How many queries the reader's request makes. A first look at anything is left out of the count."""
    with django_db_blocker.unblock():
        browser = sign_in(village)

        def count(address: str, data: dict[str, str] | None = None) -> int:
            with CaptureQueriesContext(connection) as queries:
                answer = browser.get(address) if data is None else browser.post(address, data)
            assert answer.status_code in (200, 302), address
            return len(queries)

        yield count


def _short_and_long() -> tuple[Thread, Thread]:
    return Thread.objects.get(board__slug="hamlet"), Thread.objects.get(last_number__gte=MANY)


def test_a_board(asked):
    small, large = (Board.objects.get(slug=slug).get_absolute_url() for slug in ("hamlet", "town"))
    asked(small)
    assert asked(small) == asked(large) == asked(f"{large}?support=listening")


def test_a_thread_at_its_beginning_in_its_depth_and_at_its_end(asked):
    short, long = _short_and_long()
    for thread in (short, long):
        asked(thread.get_absolute_url() + "?page=9999")  # what is read costs no mark any more
    pages = [short.get_absolute_url(), *(f"{long.get_absolute_url()}?page={page}" for page in (1, 250, 500))]
    counts = {asked(page) for page in pages}
    assert len(counts) == 1
    assert counts.pop() <= 8


def test_the_waiting_list(asked, village):
    many = asked(reverse("waiting"))
    everything = Thread.objects.exclude(board__slug="hamlet")
    everything.update(no_reply_needed=True)
    try:
        assert asked(reverse("waiting")) == many
    finally:
        everything.update(no_reply_needed=False)


def test_a_search(asked):
    found_in_one = asked(reverse("search") + "?q=alone")
    assert found_in_one == asked(reverse("search") + "?q=lantern")


def test_the_composer(asked):
    short, long = _short_and_long()
    replies = [reverse("reply", args=[thread.public_id]) for thread in (short, long)]
    assert asked(replies[0]) == asked(replies[1])
    boards = [reverse("new_thread", args=[slug]) for slug in ("hamlet", "town")]
    assert asked(boards[0]) == asked(boards[1])


def test_a_posted_reply(asked):
    _short, long = _short_and_long()
    other, short = factories.ThreadFactory(board__slug="attic"), factories.ThreadFactory(board__slug="workshop")
    # The process may still know what another test's administrators watched for: the first one is not counted.
    _other, first, second = (
        asked(reverse("reply", args=[thread.public_id]), {"body": "I have a match."}) for thread in (other, short, long)
    )
    assert first == second


def test_the_home_page_and_the_boards(asked):
    for name in ("home", "boards"):
        many = asked(reverse(name))
        hidden = Thread.objects.filter(board__slug="town")
        hidden.update(visibility="hidden")
        try:
            assert asked(reverse(name)) == many
        finally:
            hidden.update(visibility="visible")


def test_what_the_pages_show_is_bounded(village, django_db_blocker):
    with django_db_blocker.unblock():
        page = access.threads_page(village, Board.objects.get(slug="town"), None)
        assert len(page.items) == access.THREADS_A_PAGE
