"""Several queries in one message to PostgreSQL mean what they mean one after the other."""

import os
import socket
from functools import partial
from threading import Event

import pytest
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from psycopg.pq import TransactionStatus

from core.patience import heard
from core.prepared import ask_in_turn
from forums.models import Bookmark
from members.models import Member
from tests import factories
from tests.at_once import at_once, until_somebody_waits

LOCK = "SELECT id FROM members_member WHERE id = %s FOR NO KEY UPDATE"
READ = "SELECT about FROM members_member WHERE id = %s"
WRITE = "UPDATE members_member SET about = %s WHERE id = %s RETURNING id"
FAIL = "SELECT 1 / (id - %s) FROM members_member WHERE id = %s"
ORPHAN = "INSERT INTO forums_bookmark (member_id, post_id, note) VALUES (%s, 0, '') RETURNING id"


@pytest.fixture
def writer(shared_database) -> Member:
    made: Member = factories.MemberFactory(about="Before.")
    return made


def about(member: Member) -> str:
    return Member.objects.get(pk=member.pk).about


def in_transaction() -> bool:
    return bool(connection.connection.info.transaction_status != TransactionStatus.IDLE)


def seen_elsewhere(member: Member) -> str:
    """On another connection."""
    return at_once(partial(about, member))[0]


def test_what_was_waited_for_is_seen_by_the_next(writer):
    is_locked = Event()

    def first() -> None:
        with transaction.atomic():
            ask_in_turn([(LOCK, [writer.pk])])
            is_locked.set()
            until_somebody_waits()
            ask_in_turn([(WRITE, ["Meanwhile.", writer.pk])])

    def second() -> str:
        is_locked.wait()
        with transaction.atomic():
            _locked, found = ask_in_turn([(LOCK, [writer.pk]), (READ, [writer.pk])])
        (row,) = found.rows()
        return str(row[0])

    assert at_once(first, second)[1] == "Meanwhile."


def test_the_last_of_a_transaction_is_committed_with_it(writer):
    with transaction.atomic(durable=True):
        done: list[str] = []
        transaction.on_commit(lambda: done.append(seen_elsewhere(writer)))
        (made,) = ask_in_turn([(WRITE, ["After.", writer.pk])], is_last=True)
        assert made.rows() == [(writer.pk,)]
        assert not in_transaction()
        assert done == []
    assert done == ["After."]


@pytest.mark.parametrize("buffer", [None, 4096])
def test_long_words_arrive_however_little_the_way_there_takes_at_once(writer, buffer):
    words = "\N{HERB}" * 200_000
    connection.ensure_connection()
    if buffer is not None:
        with socket.socket(fileno=os.dup(connection.connection.fileno())) as way:
            way.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
    with transaction.atomic():
        told = ask_in_turn([("SELECT length(%s), %s", [words, words])] * 3, is_last=True)
    assert [each.rows() for each in told] == [[(200_000, words)]] * 3


def test_what_somebody_let_go_of_is_prepared_again(writer):
    asked = [(READ, [writer.pk]), (LOCK, [writer.pk])]
    ask_in_turn(asked)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert ask_in_turn(asked)[0].rows() == [("Before.",)]
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(DatabaseError), transaction.atomic():
        ask_in_turn(asked)
    with transaction.atomic():
        assert ask_in_turn(asked)[0].rows() == [("Before.",)]


def test_whoever_commits_says_that_it_waits(writer):
    said: list[str] = []
    with heard(lambda: said.append("waits")), transaction.atomic():
        ask_in_turn([(LOCK, [writer.pk])])
        assert said == []
        ask_in_turn([(WRITE, ["After.", writer.pk])], is_last=True)
        assert said == ["waits"]


def test_what_is_not_said_to_be_the_last_can_be_taken_back(writer):
    with transaction.atomic():
        ask_in_turn([(LOCK, [writer.pk]), (WRITE, ["After.", writer.pk])])
        transaction.set_rollback(True)
    assert about(writer) == "Before."


@pytest.mark.parametrize("inner", [transaction.atomic, partial(transaction.atomic, savepoint=False)])
def test_the_last_of_an_inner_block_ends_no_transaction(writer, inner):
    with transaction.atomic():
        with inner():
            ask_in_turn([(WRITE, ["After.", writer.pk])], is_last=True)
        assert in_transaction()
        transaction.set_rollback(True)
    assert about(writer) == "Before."


def test_where_one_fails_nothing_is_done(writer):
    again = [(WRITE, ["After.", writer.pk]), (FAIL, [writer.pk, writer.pk]), (WRITE, ["Last.", writer.pk])]
    for _time in range(2):
        with pytest.raises(DataError, match="division by zero"), transaction.atomic():
            ask_in_turn(again, is_last=True)
        assert about(writer) == "Before."


def test_what_the_commit_refuses_is_said_as_django_says_it(writer):
    with pytest.raises(IntegrityError), transaction.atomic():
        ask_in_turn([(ORPHAN, [writer.pk])], is_last=True)
    assert not in_transaction()
    assert not Bookmark.objects.exists()
    assert about(writer) == "Before."


def test_without_a_transaction_they_are_one(writer):
    written, fails = (WRITE, ["After.", writer.pk]), (FAIL, [writer.pk, writer.pk])
    with pytest.raises(DataError):
        ask_in_turn([written, fails])
    assert about(writer) == "Before."
    _written, found = ask_in_turn([written, (READ, [writer.pk])], is_last=True)
    assert found.rows() == [("After.",)]
    assert seen_elsewhere(writer) == "After."
