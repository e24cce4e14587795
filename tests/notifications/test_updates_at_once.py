"""The updates page asks for all its news at once: that costs the same whatever they are, and shows no more."""

import pytest
from django.urls import reverse

from core.notes import ContentNote
from forums import glances
from forums.models import BoardFollow, Level, Post, Reaction, ReadMark, ThreadFollow, Visibility
from members.access.boundaries import boundaries_of
from members.models import Member
from members.services import boundaries
from notifications import kinds
from notifications.access import notices
from notifications.models import Event, Notice
from tests import database, factories
from tests.pages import words

UPDATES = reverse("notices")
ALL = list(kinds.known())


def tell(member, kind, target_id, **fields):
    event, _made = Event.objects.get_or_create(kind=kind.key, target_id=target_id, defaults=fields)
    return Notice.objects.create(event=event, recipient=member)


pytestmark = pytest.mark.django_db

# --- queries ----------------------------------------------------------------------------------------------------


def reader_of(role):
    member = factories.MemberFactory(username=f"reader-{role.replace(' ', '-')}")
    if role == "everything":
        Member.objects.filter(pk=member.pk).update(is_moderator=True, is_curator=True, is_staff=True)
    elif role == "who draws lines":
        boundaries.mute(muter=member, muted=factories.MemberFactory())
        boundaries.add_filter(member=member, phrase="winter", whole_word=False, hides=True)
        Member.objects.filter(pk=member.pk).update(hidden_notes=[ContentNote.LOSS])
    return Member.objects.get(pk=member.pk)


@pytest.mark.parametrize("role", ["member", "who draws lines", "everything"])
def test_a_page_with_every_kind_of_news_asks_no_more_than_one_with_three(sign_in, role, django_assert_max_num_queries):
    member = reader_of(role)
    thread = factories.ThreadFactory(author=member)
    browser = sign_in(member)
    # What lines somebody draws is asked once, and again after they change it.
    boundaries_of(member)
    about_it = {"posts": thread.posts.get().pk, "threads": thread.pk}
    for kind in ALL:
        lines = kind.lines
        there = about_it.get(lines.source.name) if isinstance(lines, glances.Lines) else None
        tell(member, kind, there or 10**9, group_id=7)
    assert member.notices.count() <= notices.NEW_AT_ONCE
    # who it is; the notices; news about posts, threads and reactions; all other news; what the member chose about
    # mails; and once, that what is gone is no news
    for most in (6, 5):
        with django_assert_max_num_queries(most):
            assert browser.get(UPDATES).status_code == 200
    gone = member.notices.filter(event__target_id=10**9, read_at=None)
    # That there is no curator is about nobody.
    assert set(gone.values_list("event__kind", flat=True)) <= {"no_curator"}


def test_a_page_without_news_asks_for_none(sign_in, member, django_assert_num_queries):
    browser = sign_in(member)
    with django_assert_num_queries(3):  # who it is, the notices, what the member chose about mails
        browser.get(UPDATES)


# --- who sees what ----------------------------------------------------------------------------------------------

AT_ONCE = [kind for kind in ALL if kind.sights is glances.sights]


@pytest.fixture
def much(member, other_member):
    """Targets of all sources, in every state that matters to somebody. By the name of their source."""
    foe, friend, loud = (factories.MemberFactory(username=name) for name in ("foe", "friend", "loud"))
    factories.BlockFactory(blocker=member, blocked=foe)
    factories.BlockFactory(blocker=foe, blocked=other_member)
    boundaries.mute(muter=member, muted=loud)
    boundaries.add_filter(member=member, phrase="winter", whole_word=False, hides=False)
    staff_only, archived = factories.BoardFactory(audience="staff"), factories.BoardFactory(is_archived=True)
    threads = [
        factories.ThreadFactory(author=author, **how)
        for author in (member, foe, friend, loud)
        for how in (
            {},
            {"disguise": 7},
            {"title": "Winter again"},
            {"content_notes": [ContentNote.LOSS]},
            {"visibility": Visibility.HELD},
            {"visibility": Visibility.HIDDEN},
            {"board": staff_only},
            {"board": archived},
        )
    ]
    for thread in threads:
        for author in (member, foe, loud):
            for how in ({}, {"body": "The winter is long."}, {"visibility": Visibility.HELD}):
                factories.PostFactory(thread=thread, author=author, **how)
        factories.PostFactory(thread=thread, author=thread.author, visibility=Visibility.REMOVED)
    joined = factories.ThreadFactory(author=friend, merged_into=threads[0])
    muted, half_read, of_muted_board = (factories.ThreadFactory(author=friend) for _many in range(3))
    for reader in (member, other_member):
        ThreadFollow.objects.update_or_create(member=reader, thread=muted, defaults={"level": Level.MUTE})
        BoardFollow.objects.create(member=reader, board=of_muted_board.board, level=Level.MUTE)
        ReadMark.objects.create(member=reader, thread=half_read, last_read_number=1)
    for thread in (joined, muted, half_read, of_muted_board):
        factories.PostFactory(thread=thread, author=member)
    for post in Post.objects.filter(author=member):
        for giver in (foe, friend, loud, post.thread.author):
            if giver != member:
                Reaction.objects.get_or_create(member=giver, post=post, kind=Reaction.Kind.HEARD)
    database.learn_sizes()
    return {
        source.name: set(source.all().values_list("pk", flat=True))
        for source in (glances.POSTS, glances.THREADS, glances.REACTIONS)
    }


@pytest.mark.parametrize("who", ["alder", "birch", "seedling", "hides notes", "moderator", "foe"])
def test_what_is_shown_is_what_each_kind_by_itself_would_show(much, newcomer, moderator, who):
    if who == "hides notes":
        Member.objects.filter(username="alder").update(hidden_notes=[ContentNote.LOSS])
    names = {"hides notes": "alder", "moderator": moderator.username}
    reader = Member.objects.get(username=names.get(who, who))
    targets = {kind.key: much[glances._lines_of(kind.key)[0].source.name] for kind in AT_ONCE}
    alone = said_of(notices._sights(targets, reader))
    assert said_of(glances.sights(targets, reader)) == alone
    assert {key for key, _target in alone} >= {"new_reply", "replied_to_you", "mentioned", "quoted", "new_thread"}
    assert any(is_read for _line, _grouped, is_read in alone.values()) or who in {"seedling", "foe", "moderator"}
    assert len(alone) < sum(map(len, targets.values()))


def said_of(sights):
    return {
        target: (sight.line(), sight.grouped() if sight.grouped else None, sight.is_read)
        for target, sight in sights.items()
    }


def test_a_block_or_a_mute_counts_at_the_next_look(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member, title="A very particular title")
    post = factories.PostFactory(thread=thread, author=other_member)
    reaction = Reaction.objects.create(member=other_member, post=thread.posts.get(number=1), kind=Reaction.Kind.HEARD)
    by_them = factories.ThreadFactory(author=other_member, board__title="Night watch")
    keys = {kind.key: kind for kind in AT_ONCE}
    for key, target in (("new_reply", post), ("reacted", reaction), ("new_thread", by_them)):
        tell(member, keys[key], target.pk)
    browser = sign_in(member)
    lines = ("Somebody replied in", "Somebody responded with", "a new thread on “Night watch”")
    assert [line in words(browser.get(UPDATES)) for line in lines] == [True] * 3
    Notice.objects.update(read_at=None)
    boundaries.mute(muter=member, muted=other_member)
    assert [line in words(browser.get(UPDATES)) for line in lines] == [False] * 3
    boundaries.unmute(muter=member, muted=other_member)
    assert [line in words(browser.get(UPDATES)) for line in lines] == [True] * 3
    boundaries.block(blocker=other_member, blocked=member)
    assert [line in words(browser.get(UPDATES)) for line in lines] == [False] * 3
