"""The community that measurements run on is one that the site could have, and every page that is measured opens."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models import Count, F, Max

from bench import loading, timeline, within
from bench.cast import Cast
from bench.explaining import Explainer
from bench.pages import Pages, unremarkable
from bench.shape import BIG, FOLLOWED, Shape
from bench.words import Writer
from forums.models import Board, BoardFollow, Post, ReadMark, SearchEntry, Thread
from forums.services import search
from moderation import screening
from notifications.models import Notice
from tests import database

pytestmark = pytest.mark.thorough

SHAPE = Shape(2000)
# What `ratios` in the JSON has at least.
KEYS = (
    "thread", "thread_deep", "board", "board_deep", "home", "waiting", "search", "notices", "queue", "case", "article",
    "help_now", "reply", "reaction", "flag", "draft",
)  # fmt: skip
MORE = (
    "thread_plain", "thread_many", "thread_visitor", "thread_unread", "search_common", "search_rare", "search_typo",
    "reply_long",
)  # fmt: skip


@pytest.fixture(scope="module")
def community(django_db_setup, django_db_blocker):
    """Loaded once, in a database of its own."""
    with django_db_blocker.unblock(), database.another_clone("community"):
        loading.fill(SHAPE, processes=1, say=lambda _line: None)
        loaded = {
            "posts": Post.objects.count(),
            "longest": Thread.objects.aggregate(longest=Max("last_number"))["longest"],
        }
        yield SimpleNamespace(loaded=loaded, pages=Pages(Cast(SHAPE)).all())


def test_it_has_the_size_that_was_asked_for(community):
    # Counted before the tests of the pages wrote here.
    assert community.loaded == {"posts": SHAPE.posts, "longest": SHAPE.long_thread}
    assert Thread.objects.filter(board=BIG).count() == SHAPE.big_board
    assert BoardFollow.objects.filter(board=FOLLOWED).count() == SHAPE.followers
    assert Thread.objects.waiting().count() > 0
    assert Notice.objects.exists()
    assert ReadMark.objects.exists()


def test_posts_are_numbered_without_gaps(community):
    counted = Thread.objects.annotate(posts_there=Count("posts"), highest=Max("posts__number"))
    assert not counted.exclude(posts_there=F("last_number"), highest=F("last_number")).exists()


def test_later_posts_were_written_later(community):
    at = list(Post.objects.order_by("pk").values_list("created_at", flat=True))
    assert at == sorted(at)


def test_threads_say_when_their_last_post_was_written(community):
    counted = Thread.objects.annotate(latest=Max("posts__created_at"))
    assert not counted.exclude(latest=F("last_post_at")).exists()


def test_search_reads_what_the_site_would_have_written_itself(community):
    before = dict(SearchEntry.objects.values_list("pk", "vector"))
    assert len(before) == Post.objects.count()
    search.reindex(after=0, batch=len(before))
    assert dict(SearchEntry.objects.values_list("pk", "vector")) == before


def test_the_same_seed_gives_the_same_history():
    small = Shape(600, seed=3)
    first, second = timeline.make(small), timeline.make(small)
    assert first == second
    assert first.post_author != timeline.make(Shape(600, seed=4)).post_author


def test_replies_that_are_measured_are_posted_at_once():
    writer = Writer(seed=5)
    asked_about = [words for _reply in range(3000) if screening.screen(words := unremarkable(writer, 80)).signals]
    assert asked_about == []


@pytest.mark.parametrize("name", [*KEYS, *MORE])
def test_a_page_that_is_measured_opens(community, name):
    """`count` leaves the process where it answers with anything else."""
    seen = within.count(community.pages[name], warm=0, counted=2)
    assert seen.queries >= (0 if name == "help_now" else 1)


def test_everything_that_is_measured_is_named_here(community):
    assert set(community.pages) == {*KEYS, *MORE}


def test_a_table_that_is_read_from_end_to_end_is_noticed(community):
    beside = connection.copy()
    try:
        explainer = Explainer("page", beside, {Post._meta.db_table})
        with connection.execute_wrapper(explainer):
            list(Post.objects.filter(body__contains="nobody wrote this"))
            list(Post.objects.filter(pk=1))
            Board.objects.filter(pk=1).update(position=1)
    finally:
        beside.close()
    whole, by_key, change = explainer.plans
    assert whole.whole == [Post._meta.db_table]
    assert whole.milliseconds is not None
    assert by_key.whole == []
    assert change.milliseconds is None
