"""Nothing of somebody beyond a block, anywhere (M7, invariant 4): made from the site's own list of addresses, of kinds
of news and of periodic tasks, so that what is new is looked through as well.

Two people talked with each other and a third, reacted to each other, quoted each other, and kept each other's words.
Then one of them blocks the other. Whatever either opens, sends, is mailed or takes along must hold nothing of the
other: no name, no address, no words, no id.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from forums.composing import quote
from forums.models import Bookmark, Level, Post, Reaction, Thread
from forums.services import following, search
from forums.services.posts import post_reply
from forums.services.reading import react
from members.models import Member
from members.services import block, exports, set_profile
from notifications import kinds
from notifications.models import Channel, Choice, Digest, Notice
from tests import factories
from tests.notifications.digests import wants_digest, words_of
from tests.supportsite.routes import own_routes

pytestmark = [pytest.mark.thorough, pytest.mark.filterwarnings("ignore:get_connection")]

# Where whoever blocked somebody finds whom, to take it back.
OWN_LIST = {"settings_people"}
# Where a note to oneself stays, whatever became of the post: under the address by which its reader kept that post.
OWN_NOTES = {"bookmarks"}


@dataclass
class Person:
    member: Member
    # A word that stands in everything that they write, and nowhere else.
    mark: str
    threads: list[Thread] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    # Ids of posts of the other that they bookmarked.
    kept: set[str] = field(default_factory=set)

    def traces(self) -> list[str]:
        named = [self.member.username, self.member.email, str(self.member.public_id), self.mark]
        return [*named, *self.ids()]

    def ids(self) -> list[str]:
        return [*[str(one.public_id) for one in self.threads], *[str(one.public_id) for one in self.posts]]


@dataclass
class World:
    blocker: Person
    blocked: Person
    third: Member
    shared: Thread
    quoting: Post

    def pair(self, side: str) -> tuple[Person, Person]:
        """The reader, and whom they must not meet."""
        return (self.blocker, self.blocked) if side == "blocker" else (self.blocked, self.blocker)


def traces_in(text: str, other: Person, *, asked: str = "") -> list[str]:
    """What of `other` is in an answer, beyond the address that was asked for."""
    text = text.replace(asked, "").lower() if asked else text.lower()
    return [trace for trace in other.traces() if trace.lower() in text]


@pytest.fixture
def world(db, worker) -> World:
    third = factories.MemberFactory(username="linden")
    shared = factories.ThreadFactory(author=third, title="A shared talk")
    people = [
        Person(factories.MemberFactory(username=name, email=f"{name}@example.org"), mark)
        for name, mark in (("mossgate", "zibeline"), ("thornfield", "quixote"))
    ]
    with worker():
        for person in people:
            _begin(person, shared)
        for person, other in (people, people[::-1]):
            _meet(person, other, shared)
        quoting = _third_quotes(third, shared, people)
    search.index_missing(limit=200)
    assert Notice.objects.filter(recipient__in=[person.member for person in people]).count() > 4
    block(blocker=people[0].member, blocked=people[1].member)
    for person in people:
        person.member.refresh_from_db()
    mail.outbox.clear()
    return World(people[0], people[1], third, shared, quoting)


def _begin(person: Person, shared: Thread) -> None:
    """A profile, a thread of their own, one behind a disguise, and words in the shared one."""
    member = person.member
    set_profile(member=member, pronouns="", about=f"I like {person.mark}.", shows_posts=True, avatar_seed=None)
    wants_digest(member, content_in_mail=True)
    for kind in kinds.known():
        Choice.objects.update_or_create(member=member, kind=kind.choice, defaults={"channel": Channel.MAIL})
    own = factories.ThreadFactory(author=member, board=shared.board, title=f"About {person.mark}")
    factories.ThreadFactory(author=member, board=shared.board, title="Behind a disguise", disguise=member.pk)
    words = factories.PostFactory(thread=shared, author=member, body=f"Words with {person.mark}.")
    person.threads, person.posts = [own], [words, own.posts.get(number=1)]
    following.set_board_level(member=member, board=shared.board, level=Level.ALL)
    following.set_thread_level(member=member, thread=shared, level=Level.ALL)


def _meet(person: Person, other: Person, shared: Thread) -> None:
    """Answers, reactions, bookmarks, drafts and follows, each way."""
    member = person.member
    answered = other.posts[0]
    body = f"@{other.member.username} I hear you."
    person.posts.append(_reply(member, shared, body, reply_to=answered.number))
    person.posts.append(_reply(member, other.threads[0], f"Thank you, says {person.mark}."))
    react_to = [other.posts[0], other.posts[1]]
    for post in react_to:
        react(member=member, post=post, kind=Reaction.Kind.HEARD, on=True)
        Bookmark.objects.create(member=member, post=post, note="kept")
        person.kept.add(str(post.public_id))
    factories.DraftFactory(member=member, thread=other.threads[0], body="A draft.")
    following.set_thread_level(member=member, thread=other.threads[0], level=Level.ALL)


def _reply(author: Member, thread: Thread, body: str, **more: Any) -> Post:
    return post_reply(author=author, thread=_fresh(thread), body=body, **more)


def _third_quotes(third: Member, shared: Thread, people: list[Person]) -> Post:
    body = "".join(quote(one.member.username, f"Words with {one.mark}.") for one in people)
    body += "I hear both, @mossgate and @thornfield."
    return _reply(third, shared, body)


# --- addresses ----------------------------------------------------------------------------------------------------

_PLACES = re.compile(r"<(?:(\w+):)?(\w+)>")


def addresses(world: World, me: Person, other: Person) -> Iterator[tuple[str, str]]:
    """Name and address of every page there is for members, filled with all that it could be about."""
    things = _things(world, me, other)
    for route in own_routes():
        if route.name in ("", "metrics", "account_logout"):
            continue
        places = [place[1] for place in _PLACES.findall(route.pattern)]
        for values in _fillings(places, things):
            try:
                yield route.name, reverse(route.name, kwargs=values)
            except NoReverseMatch:
                break


def _things(world: World, me: Person, other: Person) -> list[str]:
    """Ids of what either wrote, of the third's words, and of what was told to the reader."""
    told = Notice.objects.filter(recipient=me.member).values_list("public_id", flat=True)
    digests = Digest.objects.filter(member=me.member).values_list("public_id", flat=True)
    mine = [str(me.member.public_id), str(me.threads[0].public_id), str(me.posts[0].public_id)]
    shared = [str(world.shared.public_id), str(world.quoting.public_id)]
    theirs = [str(other.member.public_id), *other.ids()]
    return [*theirs, *mine, *shared, *map(str, told), *map(str, digests)]


def _fillings(places: list[str], things: list[str]) -> list[dict[str, Any]]:
    if not places:
        return [{}]
    fixed: dict[str, list[Any]] = {
        "kind": ["post", "profile"],
        "slug": ["a-shared-talk"],
        "seed": [7],
        "pk": [1],
        "page_id": [1],
    }
    filled: list[dict[str, Any]] = [{}]
    for place in places:
        values = things if place == "public_id" else fixed.get(place, ["x"])
        filled = [{**one, place: value} for one in filled for value in values]
    return filled


def answers(client: Client, address: str) -> Iterator[Any]:
    """To GET, and where it leads, and to an empty form; everything is as before afterwards."""
    session = client.cookies.output()
    for method, more in (("get", {"follow": True}), ("post", {})):
        client.cookies = SimpleCookie(session.removeprefix("Set-Cookie: "))
        before = transaction.savepoint_create()
        yield getattr(client, method)(address, **more)
        transaction.savepoint_rollback(before)
    client.cookies = SimpleCookie(session.removeprefix("Set-Cookie: "))


@pytest.mark.parametrize("side", ["blocker", "blocked"])
def test_no_address_of_the_site_shows_anything_of_the_other(world, sign_in, side, capsys):
    me, other = world.pair(side)
    client = sign_in(me.member)
    client.raise_request_exception = False
    leaks, visited, shown = [], 0, 0
    for name, address in addresses(world, me, other):
        if name in OWN_LIST and side == "blocker":
            continue
        for answer in answers(client, address):
            visited += 1
            shown += answer.status_code == 200
            text = "" if getattr(answer, "streaming", False) else answer.content.decode(errors="replace")
            told = text + " ".join(f"{key}: {value}" for key, value in answer.headers.items())
            found = traces_in(told, other, asked=address)
            if name in OWN_NOTES:
                found = [trace for trace in found if trace not in me.kept]
            if found:
                leaks.append(f"{answer.request['REQUEST_METHOD']} {name} {address}: {', '.join(found)}")
    with capsys.disabled():
        print(f"\n{visited} answers looked through as the {side}, {shown} of them pages.")  # noqa: T201 - the number is the point
    assert not leaks, "\n".join(leaks)
    assert visited > 500
    assert shown > 60


@pytest.mark.parametrize("side", ["blocker", "blocked"])
def test_no_search_list_or_way_of_asking_finds_the_other(world, sign_in, side):
    me, other = world.pair(side)
    client = sign_in(me.member)
    asked = [
        (reverse("search"), {"q": other.mark}),
        (reverse("search"), {"q": other.mark[:4]}),
        (reverse("search"), {"q": "words hear talk"}),
        (reverse("search"), {"q": other.member.username}),
        (reverse("board", args=[world.shared.board.slug]), {"support": world.shared.support_type}),
        (reverse("following"), {"show": "muted"}),
        (reverse("reply", args=[world.shared.public_id]), {"to": world.quoting.number, "quote": 1}),
        (reverse("reply", args=[world.shared.public_id]), {"to": other.posts[0].number, "quote": 1}),
        (reverse("jump", args=[world.shared.public_id]), {"number": other.posts[0].number}),
        (world.shared.get_absolute_url(), {"page": 1}),
    ]
    for address, query in asked:
        answer = client.get(address, query, follow=True)
        # What was typed is shown again.
        text = answer.text.replace(str(query.get("q")), "")
        found = [trace for trace in traces_in(text, other) if trace not in str(query.get("q", ""))]
        assert not found, f"{address} {query}: {found}"


# --- mails and tasks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["blocker", "blocked"])
def test_no_mail_tells_of_the_other(world, worker, side):
    me, other = world.pair(side)
    with worker():
        for person in (me, other):
            _post_on(person, world)
        post_reply(author=world.third, thread=_fresh(world.shared), body=_third_words(other))
    for name in sorted({str(entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()}):
        module, _dot, task = name.rpartition(".")
        with worker():
            getattr(import_module(module), task).apply()
    mine = [one for one in mail.outbox if me.member.email in one.to]
    # There is news for them all the same: the third spoke to both.
    assert mine
    for one in mine:
        sent = one.message().as_string() + one.body
        assert not traces_in(sent, other), one.subject
    digest = words_of(me.member, days=2)
    assert not traces_in(digest, other)


def _third_words(other: Person) -> str:
    return quote(other.member.username, f"Words with {other.mark}.") + "And you, @mossgate, @thornfield?"


def _post_on(person: Person, world: World) -> None:
    """They write on where the other wrote, and start something new on a board that the other follows."""
    post_reply(author=person.member, thread=_fresh(world.shared), body=f"@mossgate @thornfield {person.mark} again.")
    other_words = Post.objects.filter(author=world.third).first()
    assert other_words is not None
    react(member=person.member, post=other_words, kind=Reaction.Kind.HEARD, on=True)


def _fresh(thread: Thread) -> Thread:
    return Thread.objects.select_related("board", "author").get(pk=thread.pk)


@pytest.mark.parametrize("side", ["blocker", "blocked"])
def test_what_a_member_takes_along_holds_nothing_of_the_other(world, side):
    me, other = world.pair(side)
    file = io.BytesIO()
    exports.write(me.member, file)
    archive = zipfile.ZipFile(file)
    for name in archive.namelist():
        if side == "blocker" and "boundaries" in name:
            continue
        text = archive.read(name).decode(errors="replace")
        # One's own words stay as one wrote them, whomever they name.
        for own in (*me.posts, *me.threads):
            text = text.replace(getattr(own, "body", "") or "\0", "").replace(getattr(own, "body_html", "") or "\0", "")
        assert not traces_in(text, other), name
