"""Queries that are asked before they are needed: never for anybody else, nor for longer than one page."""

import pytest
from django.db import connection
from django.urls import reverse

from core import ahead, prepared
from core.built import Built
from forums.models import Post, Visibility
from members.models import Member
from members.services import boundaries
from members.stand_in import READER
from tests import factories


@pytest.fixture(autouse=True)
def learnt(monkeypatch):
    fresh = ahead._Learnt()
    monkeypatch.setattr(ahead, "_LEARNT", fresh)
    return fresh


@pytest.fixture
def trips(monkeypatch):
    """How many queries went to PostgreSQL with each message."""
    went: list[int] = []
    alone, piped = prepared._Statements._ask, prepared._Statements._piped

    def one(*given):
        went.append(1)
        return alone(*given)

    def several(statements, asked):
        went.append(len(asked))
        return piped(statements, asked)

    monkeypatch.setattr(prepared._Statements, "_ask", one)
    monkeypatch.setattr(prepared._Statements, "_piped", several)
    return went


def built(*names: str) -> Built:
    return Built(
        lambda: Member.objects.filter(pk=READER).values_list("pk", *names), {"reader": READER}, always="reader"
    )


FIRST, SECOND, THIRD = ("username",), ("about",), ("pronouns",)


def opened(member: Member, *columns: tuple[str, ...], reader: Member | None = None) -> list[object]:
    """A page that asks for these, one after the other, by somebody who was taken for `reader`."""
    with ahead.of_page():
        ahead.expect("/there/", reader=(reader or member).pk)
        return [built(*each).rows({"reader": member.pk})[0][1] for each in columns]


def test_a_page_that_was_opened_before_asks_everything_at_once(member, other_member, trips):
    opened(member, FIRST, SECOND, THIRD)
    assert trips == [1, 1, 1]
    trips.clear()
    Member.objects.filter(pk=other_member.pk).update(about="Reads at night.")
    assert opened(other_member, FIRST, SECOND, THIRD) == [other_member.username, "Reads at night.", ""]
    assert trips == [3]


def test_each_page_asks_anew(member):
    opened(member, FIRST, SECOND)
    opened(member, FIRST, SECOND)
    Member.objects.filter(pk=member.pk).update(about="Something else.")
    assert opened(member, FIRST, SECOND) == [member.username, "Something else."]


def test_who_was_taken_for_somebody_else_gets_what_is_theirs(member, other_member):
    Member.objects.filter(pk=member.pk).update(about="Mine.")
    opened(member, FIRST, SECOND)
    assert opened(other_member, FIRST, SECOND, reader=member) == [other_member.username, ""]


def test_what_nobody_asked_for_is_gone_with_the_page(member, trips):
    opened(member, FIRST, SECOND)
    opened(member, FIRST)
    trips.clear()
    Member.objects.filter(pk=member.pk).update(about="Something else.")
    assert built(*SECOND).rows({"reader": member.pk}) == [(member.pk, "Something else.")]
    assert trips == [1]


def done(member: Member, target: Member, *columns: tuple[str, ...]) -> list[object]:
    """Something that `member` does to `target`, which changes them once they are found."""
    with ahead.of_page():
        ahead.expect_deed("there/<int:target>/", reader=member.pk, given={"target": target.pk})
        first = built("username").rows({"reader": member.pk})[0][1]
        found = []
        for each in columns:
            found.append(built(*each).rows({"reader": target.pk})[0][1])
            Member.objects.filter(pk=target.pk).update(about=f"Done by {first}.")
        return found


def test_what_a_deed_is_done_to_is_asked_with_who_does_it(member, other_member, moderator, trips):
    done(member, other_member, SECOND)
    trips.clear()
    assert done(other_member, moderator, SECOND) == [moderator.about]
    assert trips == [2]


def test_nothing_is_guessed_that_a_deed_may_have_changed(member, other_member, moderator):
    for actor in (member, moderator, member):
        before = Member.objects.get(pk=other_member.pk).about
        assert done(actor, other_member, SECOND, SECOND, SECOND) == [before, *[f"Done by {actor.username}."] * 2]


def fails(member: Member) -> None:
    with ahead.of_page():
        ahead.expect("/there/", reader=member.pk)
        built(*FIRST).rows({"reader": member.pk})
        raise RuntimeError


def test_a_page_that_fails_leaves_nothing_either(member):
    opened(member, FIRST, SECOND)
    with pytest.raises(RuntimeError):
        fails(member)
    Member.objects.filter(pk=member.pk).update(about="Something else.")
    assert built(*SECOND).rows({"reader": member.pk}) == [(member.pk, "Something else.")]


def test_what_is_asked_twice_is_asked_twice(member):
    opened(member, FIRST, SECOND, SECOND)
    with ahead.of_page():
        ahead.expect("/there/", reader=member.pk)
        built(*FIRST).rows({"reader": member.pk})
        built(*SECOND).rows({"reader": member.pk})
        Member.objects.filter(pk=member.pk).update(about="Something else.")
        assert built(*SECOND).rows({"reader": member.pk}) == [(member.pk, "Something else.")]


def test_a_guess_that_fails_fails_nothing(shared_database, trips):
    member = factories.MemberFactory()
    opened(member, FIRST, SECOND)
    opened(member, FIRST, SECOND)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert opened(member, FIRST, SECOND) == [member.username, ""]
    trips.clear()
    assert opened(member, FIRST, SECOND) == [member.username, ""]
    assert trips == [2]


def test_only_so_many_addresses_are_remembered(member, learnt, monkeypatch):
    monkeypatch.setattr(ahead, "_MOST", 3)
    for nth in range(5):
        with ahead.of_page():
            ahead.expect(f"/{nth}/", reader=member.pk)
            built(*FIRST).rows({"reader": member.pk})
            built(*SECOND).rows({"reader": member.pk})
    assert [bool(learnt.of(f"/{nth}/", {"reader": member.pk})) for nth in range(5)] == [False, False, True, True, True]


def test_what_somebody_makes_long_is_not_remembered(member, learnt):
    address = f"/there/?q={'a' * 1000}"
    with ahead.of_page():
        ahead.expect(address, reader=member.pk)
        built(*FIRST).rows({"reader": member.pk})
        built(*SECOND).rows({"reader": member.pk})
    assert learnt.of(address, {"reader": member.pk}) == []


def test_a_thread_that_was_opened_before_goes_to_the_database_once(scene, sign_in, trips):
    path = scene.thread.get_absolute_url()
    readers = [sign_in(reader) for reader in factories.MemberFactory.create_batch(2)]
    for client in readers:
        client.get(path)
        client.get(path)
    trips.clear()
    assert readers[0].get(path).text
    assert trips == [3]


def test_what_changed_since_is_seen_by_the_next_page(scene, sign_in):
    path, reader = scene.thread.get_absolute_url(), factories.MemberFactory()
    client = sign_in(reader)
    words = "I know that kind of week."
    assert words in client.get(path).text
    assert words in client.get(path).text
    boundaries.block(blocker=reader, blocked=scene.reply.author)
    assert words not in client.get(path).text
    boundaries.unblock(blocker=reader, blocked=scene.reply.author)
    assert words in client.get(path).text
    Post.objects.filter(pk=scene.reply.pk).update(visibility=Visibility.HIDDEN)
    assert words not in client.get(path).text


def test_somebody_whose_account_was_closed_reads_none_of_what_was_asked(scene, sign_in):
    path, reader = scene.thread.get_absolute_url(), factories.MemberFactory()
    client = sign_in(reader)
    client.get(path)
    client.get(path)
    reader.is_active = False
    reader.save()
    assert client.get(path, follow=True).redirect_chain[0][0].startswith(reverse("account_login"))
