"""Rows that come along in a row of another query are what they are when they are read by themselves."""

import datetime as dt

import pytest
from django.db.models import F, OuterRef

from core.carried import Carried, whole
from forums.models import Board, Post, Thread
from forums.models.search import SearchEntry
from moderation.models import Case, Flag
from tests import factories

THREADS = Carried(Thread, *whole(Thread, "board"), "author__username")
POSTS = Carried(Post, "number", "body", "created_at", "thread__board__title", "moved_to__number")


@pytest.fixture
def thread(db):
    thread = factories.ThreadFactory(
        title="A “quiet” \\ title\n\t☕",
        content_notes=["suicide"],
        disguise=7,
        pinned_until=dt.datetime(2026, 3, 5, 7, 11, 13, 123456, tzinfo=dt.UTC),
    )
    factories.PostFactory(thread=thread, body="")
    return Thread.objects.get(pk=thread.pk)


def test_every_field_comes_back_as_it_was(thread, django_assert_num_queries):
    with django_assert_num_queries(1):
        value = Board.objects.values_list(THREADS.one(Thread.objects.filter(board=OuterRef("pk"))), flat=True).get()
        (carried,) = THREADS.objects([value])
        assert carried == thread
        for field in Thread._meta.concrete_fields:
            assert getattr(carried, field.attname) == getattr(thread, field.attname), field
        for field in Board._meta.concrete_fields:
            getattr(carried.board, field.attname)
        assert carried.author.username
    assert carried.board == thread.board
    assert carried.author.email == thread.author.email


def test_rows_keep_their_order_and_what_stands_behind_them(thread, django_assert_num_queries):
    posts = Post.objects.filter(thread=OuterRef("pk")).order_by("-number")
    title = thread.board.title
    with django_assert_num_queries(1):
        values = Thread.objects.values_list(POSTS.all(posts, F("thread__title"), limit=1), flat=True).get()
        ((post, more),) = POSTS.with_more(values)
        assert (post.number, post.body, post.thread.board.title) == (2, "", title)
        assert post.moved_to is None
        assert list(more) == [thread.title]
    assert post.author_id == Post.objects.get(number=2).author_id


def test_where_there_is_no_row_there_is_no_object(thread):
    values = Board.objects.values_list(
        THREADS.one(Thread.objects.filter(board=OuterRef("pk"), title="")),
        POSTS.all(Post.objects.filter(thread__board=OuterRef("pk"), number=9)),
    ).get()
    assert THREADS.object(values[0]) is None
    assert POSTS.objects(values[1]) == POSTS.objects(None) == []


def test_a_link_that_may_be_empty_is(thread):
    flag = factories.flag(Post.objects.get(number=2))
    carried = Carried(Flag, "reporter__username", "outside__why")
    value = Case.objects.values_list(carried.one(Flag.objects.filter(case=OuterRef("pk"))), flat=True).get()
    found = carried.object(value)
    assert found is not None
    assert found.outside is None
    assert found.reporter is not None
    assert flag.reporter is not None
    assert found.reporter.username == flag.reporter.username


def test_what_json_cannot_keep_is_refused_before_anything_is_asked():
    with pytest.raises(TypeError, match="cannot be carried"):
        Carried(SearchEntry, "vector")
