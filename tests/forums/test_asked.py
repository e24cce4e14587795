"""A list that was written for one reader answers each of those with the same rules as if it was written for them."""

import datetime as dt

import pytest
from django.utils import timezone

from forums import access
from forums.asked import ask
from forums.models import Level, Thread
from forums.services import following
from tests import factories


def titles(reader, board):
    return {row["title"] for row in access.threads_page(reader, board, None).items}


def test_each_reader_gets_their_own_rows_and_a_new_line_counts_at_once(member, other_member, moderator):
    board = factories.BoardFactory()
    theirs = factories.ThreadFactory(board=board, author=other_member, title="A walk in the rain")
    held = factories.ThreadFactory(board=board, author=member, title="Not read yet", visibility="held")
    third = factories.MemberFactory()
    for _again in range(2):
        assert titles(member, board) == {theirs.title, held.title}
        assert titles(other_member, board) == titles(third, board) == {theirs.title}
        assert titles(moderator, board) == {theirs.title, held.title}
    factories.BlockFactory(blocker=other_member, blocked=member)
    assert titles(member, board) == {held.title}
    assert titles(third, board) == {theirs.title}
    theirs.visibility = "hidden"
    theirs.save()
    assert titles(third, board) == set()


def test_what_somebody_chose_for_a_thread_is_theirs_alone(member, other_member):
    post = factories.PostFactory()
    for reader, level in ((member, Level.MUTE), (other_member, Level.ALL)):
        following.set_thread_level(member=reader, thread=post.thread, level=level)
    seen = {}
    for reader in (member, other_member, member):
        (row,) = access.threads_page(reader, post.thread.board, None).items
        mark = access.mark_of(row)
        seen[reader.username] = mark.level if mark else None
    assert seen == {"alder": Level.MUTE, "birch": Level.ALL}


def test_a_query_that_reads_the_clock_while_it_is_written_is_refused(member):
    def lately(reader):
        since = timezone.now() - dt.timedelta(hours=1)
        return Thread.objects.filter(author=reader, created_at__gt=since).values_list("pk")

    with pytest.raises(ValueError, match="clock"):
        ask(lately, member, {})
