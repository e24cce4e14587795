"""Windows of a thread that are kept finished: shared by readers to whom they say the same, and never a moment old.

That each page is the one that would be made for its reader now is looked at with every page that any test opens
(tests/conftest.py); here are the changes that must be seen at once, and how much is shared at all.
"""

import datetime as dt
import gzip
import re

import pytest
from django.utils import timezone

from forums.models import Board, Level, Post, Reaction, Thread, Visibility
from forums.services import following, visibility
from forums.views import thread_page
from members.models import Member
from members.services import boundaries
from tests import factories, pages

WORDS = "I know that kind of week."


@pytest.fixture
def readers(scene, sign_in):
    """Two browsers, whose members wrote nothing here and have read all of it."""
    clients = [sign_in(reader) for reader in factories.MemberFactory.create_batch(2)]
    for client in clients:
        client.get(scene.thread.get_absolute_url())
    return clients


@pytest.fixture
def made(monkeypatch):
    """How often the posts of a window were made into HTML for the readers, by now."""
    counted: list[int] = []
    joined = thread_page._joined

    def making(*given):
        counted.append(1)
        return joined(*given)

    monkeypatch.setattr(thread_page, "_joined", making)
    return counted


@pytest.fixture
def finished_pages_say_what_they_would_say_now(request):
    """Not where it is counted how often they are made."""
    if "made" not in request.fixturenames:
        request.getfixturevalue("compared_with_new_ones")


def test_a_window_is_made_once_for_readers_who_see_it_in_the_same_words(scene, readers, made):
    first, second = (client.get(scene.thread.get_absolute_url()) for client in readers)
    assert len(made) == 1
    assert WORDS in first.text
    assert WORDS in second.text
    tokens = [
        pages.soup(page).select_one(".post-actions [name=csrfmiddlewaretoken]")["value"] for page in (first, second)
    ]
    assert tokens[0] != tokens[1]
    for client, page in zip(readers, (first, second), strict=True):
        assert (
            client.post(pages.soup(page).select_one(".post-actions form")["action"], {"give": "heard"}).status_code
            < 400
        )


def test_who_takes_it_packed_reads_the_same(scene, readers):
    """Half of it was packed before anybody asked."""
    one, path = readers[0], scene.thread.get_absolute_url()
    for _again in range(2):
        packed = one.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert packed.headers["Content-Length"] == str(len(packed.content))
        assert without_tokens(gzip.decompress(packed.content).decode()) == without_tokens(one.get(path).text)


def without_tokens(text: str) -> str:
    """Tokens and the names of what will be sent differ each time."""
    return re.sub(r'(?<=value=")[\w-]{36,64}(?=")', "", text)


def test_their_names_and_forms_are_their_own(scene, readers):
    texts = [client.get(scene.thread.get_absolute_url()).text for client in readers]
    names = [Member.objects.get(pk=client.session["_auth_user_id"]).username for client in readers]
    for text, mine, other in zip(texts, names, reversed(names), strict=True):
        assert mine in text
        assert other not in text


def _edit(scene):
    Post.objects.filter(pk=scene.reply.pk).update(
        body="Another word.", body_html="<p>Another word.</p>", version=2, edited_at=timezone.now()
    )


CHANGES = {
    "hidden": lambda scene, _reader: visibility.set_visibility(post=scene.reply, visibility=Visibility.HIDDEN),
    "removed": lambda scene, _reader: visibility.set_visibility(post=scene.reply, visibility=Visibility.REMOVED),
    "folded": lambda scene, _reader: visibility.fold(scene.reply),
    "edited": lambda scene, _reader: _edit(scene),
    "erased": lambda scene, _reader: Post.objects.filter(pk=scene.reply.pk).update(body="", body_html=""),
    "held": lambda scene, _reader: Post.objects.filter(pk=scene.reply.pk).update(visibility=Visibility.HELD),
    "author-blocked": lambda scene, reader: boundaries.block(blocker=reader, blocked=scene.reply.author),
    "blocked-by-author": lambda scene, reader: boundaries.block(blocker=scene.reply.author, blocked=reader),
    "words-filtered": lambda _scene, reader: boundaries.add_filter(
        member=reader, phrase="that kind", whole_word=False, hides=True
    ),
    "thread-for-its-author": lambda scene, _reader: Thread.objects.filter(pk=scene.thread.pk).update(
        visibility=Visibility.HELD
    ),
    "board-for-moderators": lambda scene, _reader: Board.objects.filter(pk=scene.board.pk).update(
        audience=Board.Audience.STAFF
    ),
    "suspended": lambda _scene, reader: Member.objects.filter(pk=reader.pk).update(
        suspended_until=timezone.now() + dt.timedelta(days=1)
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_a_reader_must_not_see_any_more_is_gone_at_their_next_page(scene, readers, change):
    client = readers[0]
    assert WORDS in client.get(scene.thread.get_absolute_url()).text
    change(scene, Member.objects.get(pk=client.session["_auth_user_id"]))
    assert WORDS not in client.get(scene.thread.get_absolute_url(), follow=True).text


SEEN = {
    "a-name": lambda scene, _reader: Member.objects.filter(pk=scene.reply.author_id).update(username="newleaf"),
    "a-title": lambda scene, _reader: Thread.objects.filter(pk=scene.thread.pk).update(title="A newleaf"),
    "a-board": lambda scene, _reader: Board.objects.filter(pk=scene.board.pk).update(title="At the newleaf"),
    "a-reply": lambda scene, _reader: factories.PostFactory(thread=scene.thread, body="A newleaf."),
    "rules": lambda scene, _reader: Board.objects.filter(pk=scene.board.pk).update(guidelines="Be a newleaf."),
    "ones-own-name": lambda _scene, reader: Member.objects.filter(pk=reader.pk).update(username="newleaf"),
}


@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN)
def test_what_is_new_is_there_at_the_next_page(scene, readers, change):
    client = readers[0]
    assert "newleaf" not in client.get(scene.thread.get_absolute_url()).text
    change(scene, Member.objects.get(pk=client.session["_auth_user_id"]))
    assert "newleaf" in client.get(scene.thread.get_absolute_url()).text


def test_a_reaction_is_felt_and_ones_own_is_marked_for_oneself_alone(scene, readers):
    giver, other = readers
    reader = Member.objects.get(pk=giver.session["_auth_user_id"])
    Reaction.objects.create(post=scene.reply, member=reader, kind=Reaction.Kind.HEARD)
    pressed = [
        pages.soup(client.get(scene.thread.get_absolute_url())).select_one("#react-2-heard")["aria-pressed"]
        for client in (giver, other)
    ]
    assert pressed == ["true", "false"]
    assert "Others are here with this too" in pages.words(other.get(scene.thread.get_absolute_url()))


def test_a_mute_folds_it_for_oneself_alone(scene, readers):
    reader = Member.objects.get(pk=readers[0].session["_auth_user_id"])
    boundaries.mute(muter=reader, muted=scene.reply.author)
    said = ["By somebody you muted" in client.get(scene.thread.get_absolute_url()).text for client in readers]
    assert said == [True, False]


def test_following_is_ones_own(scene, readers):
    follower, other = readers
    before = other.get(scene.thread.get_absolute_url())
    reader = Member.objects.get(pk=follower.session["_auth_user_id"])
    following.set_thread_level(member=reader, thread=scene.thread, level=Level.ALL)
    now = [pages.words(client.get(scene.thread.get_absolute_url())) for client in (follower, other)]
    assert now[0] != now[1]
    assert now[1] == pages.words(before)


def test_who_moderates_sees_more_and_shares_it_with_no_member(scene, readers, sign_in, moderator):
    members, theirs = (
        readers[0].get(scene.thread.get_absolute_url()),
        sign_in(moderator).get(scene.thread.get_absolute_url()),
    )
    assert "Look after this thread" in theirs.text
    assert "Look after this thread" not in members.text
    assert "Look after this thread" not in readers[1].get(scene.thread.get_absolute_url()).text
