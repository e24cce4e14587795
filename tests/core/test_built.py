"""A query that is built once answers for whoever is asked about, as if it had been built for them."""

import datetime as dt

import pytest
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
