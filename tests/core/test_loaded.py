"""Objects from rows that were asked for by hand are those that Django makes."""

import pytest

from core.loaded import loaded
from forums.models import Thread
from members.models import Member
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_is_what_django_makes_of_the_row(member):
    names = [field.attname for field in Member._meta.concrete_fields]
    row = Member.objects.values_list(*names).get(pk=member.pk)
    ours, theirs = loaded(Member, names, row), Member.from_db("default", names, row)
    assert ours == theirs
    assert {name: getattr(ours, name) for name in names} == {name: getattr(theirs, name) for name in names}
    assert (ours._state.adding, ours._state.db) == (theirs._state.adding, theirs._state.db)


def test_what_was_left_out_is_asked_for(django_assert_num_queries):
    thread = factories.ThreadFactory()
    found = loaded(Thread, ["id", "board_id"], [thread.pk, thread.board_id])
    with django_assert_num_queries(1):
        assert found.title == thread.title
    with django_assert_num_queries(1):
        assert found.board == thread.board


def test_it_can_be_saved():
    thread = factories.ThreadFactory()
    found = loaded(Thread, ["id"], [thread.pk])
    found.title = "Another one"
    found.save(update_fields=["title"])
    thread.refresh_from_db()
    assert thread.title == "Another one"


def test_names_without_values_are_a_mistake():
    with pytest.raises(ValueError, match="shorter"):
        loaded(Thread, ["id", "title"], [1])
