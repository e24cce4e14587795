"""A query that is built once answers for whoever is asked about, as if it had been built for them."""

import datetime as dt

import pytest
from django.db import DataError, connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from core.built import Built
from forums.models import Thread
from members.models import Block, Member
from tests import factories

NOBODY = -987_654_321
NEVER = dt.datetime(1911, 3, 5, 7, 11, 13, tzinfo=dt.UTC)


def test_it_gives_the_rows_of_the_values_that_are_put_in(member, other_member, django_assert_num_queries):
    mine, theirs = (factories.ThreadFactory(author=author) for author in (member, other_member))
    since = factories.now() - dt.timedelta(days=1)
    threads = Thread.objects.filter(author=NOBODY, created_at__gt=NEVER).order_by("id").values_list("pk", "public_id")
    built = Built(lambda: threads, {"author": NOBODY, "since": NEVER}, always="author")
    for author, thread in ((member, mine), (other_member, theirs), (member, mine)):
        with django_assert_num_queries(1):
            assert built.rows({"author": author.pk, "since": since}) == [(thread.pk, thread.public_id)]
    assert built.rows({"author": member.pk, "since": factories.now() + dt.timedelta(days=1)}) == []


def test_it_is_planned_once_whatever_is_put_in(member):
    built = Built(lambda: Member.objects.filter(pk=NOBODY).values_list("username"), {"reader": NOBODY}, always="reader")
    for _time in range(3):
        assert built.rows({"reader": member.pk}) == [(member.username,)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            ['%%"members_member"."id" = $1%%'],
        )
        plans = cursor.fetchall()
    assert max(generic for generic, _custom in plans) >= 3
    assert not any(custom for _generic, custom in plans)


def test_inside_a_transaction_it_sees_what_was_written_there_and_goes_with_it(member):
    built = Built(lambda: Member.objects.filter(pk=NOBODY).values_list("username"), {"reader": NOBODY}, always="reader")
    with transaction.atomic():
        Member.objects.filter(pk=member.pk).update(username="newleaf")
        assert built.rows({"reader": member.pk}) == [("newleaf",)]
        transaction.set_rollback(True)
    assert built.rows({"reader": member.pk}) == [("alder",)]


def test_a_transaction_that_begins_with_it_and_is_undone_leaves_it_as_it_was(shared_database):
    member = factories.MemberFactory()
    built = Built(lambda: Member.objects.filter(pk=NOBODY).values_list("username"), {"reader": NOBODY}, always="reader")
    for _time in range(2):
        with transaction.atomic():
            assert built.rows({"reader": member.pk}) == [(member.username,)]
            Member.objects.filter(pk=member.pk).update(about="Gone in a moment.")
            transaction.set_rollback(True)
        assert built.rows({"reader": member.pk}) == [(member.username,)]
    assert not Member.objects.filter(about="Gone in a moment.").exists()


def test_what_a_connection_had_prepared_may_be_gone(shared_database):
    """As by DISCARD ALL."""
    member = factories.MemberFactory()
    built = Built(lambda: Member.objects.filter(pk=NOBODY).values_list("username"), {"reader": NOBODY}, always="reader")
    for _time in range(2):
        assert built.rows({"reader": member.pk}) == [(member.username,)]
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")


def test_what_postgresql_refuses_is_said_as_django_says_it(member):
    """Afterwards the transaction is as broken as after any other query."""
    built = Built(
        lambda: Member.objects.filter(pk=NOBODY).values_list(1 / F("avatar_seed")), {"reader": NOBODY}, always="reader"
    )
    Member.objects.filter(pk=member.pk).update(avatar_seed=0)
    with pytest.raises(DataError, match="division by zero"), transaction.atomic():
        built.rows({"reader": member.pk})
    assert Member.objects.get(pk=member.pk).avatar_seed == 0


def test_the_same_rows_have_the_same_mark_and_others_another_one(member, other_member):
    built = Built(
        lambda: Member.objects.filter(pk=NOBODY).values_list("username", "about"), {"reader": NOBODY}, always="reader"
    )
    marks = [built.find({"reader": reader.pk}).mark() for reader in (member, member, other_member)]
    assert marks[0] == marks[1] != marks[2]
    before = built.find({"reader": member.pk}).mark(leaving=1)
    Member.objects.filter(pk=member.pk).update(about="Something else.")
    after = built.find({"reader": member.pk})
    assert after.mark() != marks[0]
    assert after.mark(leaving=1) == before
    assert after.raw(1) == ["Something else."]


@pytest.mark.parametrize(
    "query",
    [
        lambda: Member.objects.filter(is_active=True),
        lambda: Member.objects.filter(pk=NOBODY, username=f"about {NOBODY}"),
        lambda: Member.objects.filter(pk=NOBODY, hidden_notes=[str(NOBODY)]),
        lambda: Member.objects.filter(pk=NOBODY, joined_at__gt=NEVER - dt.timedelta(hours=1)),
        lambda: Member.objects.filter(pk=NOBODY, joined_at__date=NEVER.date()),
        lambda: Member.objects.filter(pk=NOBODY, joined_at__gt=Greatest(NEVER.replace(hour=9), "seen_on")),
    ],
    ids=["not-named", "within-words", "within-a-list", "an-hour-before", "the-day-of-it", "in-an-expression"],
)
def test_a_query_in_which_values_could_not_be_put_is_refused(db, query):
    with pytest.raises(ValueError, match="cannot be asked"):
        Built(lambda: query().values_list("pk"), {"reader": NOBODY, "since": NEVER}, always="reader")


@pytest.mark.parametrize(
    "rule",
    [
        lambda: {"author__in": list(Block.objects.filter(blocker=NOBODY).values_list("blocked", flat=True))},
        lambda: {"board__in": [1] if Block.objects.filter(blocker=NOBODY).exists() else []},
        lambda: {"author": Member(pk=NOBODY), "title": Member.from_db("default", ["id"], [NOBODY]).username},
    ],
    ids=["a-list", "a-branch", "a-field"],
)
def test_what_the_database_says_of_nobody_is_not_built_into_an_answer_for_everybody(db, rule):
    """As a rule would that fetches whom the reader blocked before it writes its query."""
    with pytest.raises(RuntimeError, match="ask the database nothing"):
        Built(
            lambda: Thread.objects.filter(**rule(), posts__author=NOBODY).values_list("pk"),
            {"reader": NOBODY},
            always="reader",
        )
    # Others may ask again.
    assert not Block.objects.exists()
