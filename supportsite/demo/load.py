"""A small community to look at: six boards, some forty members, their threads, a small library, a moderators' desk.

Written in bulk, past the services, because it happened in the past and nobody is to be told about it; but for what
moderators do.
"""

import datetime as dt
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from core import markdown, text
from forums import disguise
from forums.models import Board, Gathering, Level, Post, Reaction, Thread, ThreadFollow
from forums.services import search
from members import consents
from members.models import Consent, Member
from members.services import set_curator
from moderation.services.starter import load_starter_rules, load_starter_templates
from resources.services.helplines import load_starter_helplines
from resources.services.starter import load_starter_articles
from supportsite.demo import desk, library, profiles
from supportsite.demo.people import PASSWORD, PSEUDONYMS

CONTENT = Path(__file__).resolve().parent / "content"
BOARD_ORDER = ("new-here", "today", "nights", "people", "work-and-study", "treatment")
SEED = 20  # The same community on every machine.


@dataclass(frozen=True)
class Loaded:
    boards: int
    members: int
    threads: int
    posts: int
    articles: int


@transaction.atomic
def load_demo() -> Loaded:
    """Fill an empty database. All or nothing, so that a start that is interrupted begins again."""
    chance = random.Random(SEED)  # noqa: S311 - nothing secret
    now = timezone.now()
    members = _members()
    load_starter_rules()
    load_starter_templates()
    load_starter_helplines()
    load_starter_articles()
    articles = library.fill(members)
    boards = [_board(position, slug, members, now) for position, slug in enumerate(BOARD_ORDER)]
    threads = [thread for board, rows in boards for thread in _threads(board, rows, members, now)]
    posts = Post.objects.bulk_create([post for thread, row in threads for post in _posts(thread, row, members, now)])
    search.index_missing(limit=len(posts))
    search.rebuild_words()
    _follow(posts)
    _react(posts, list(members.values()), chance)
    desk.fill(posts, members)
    profiles.fill(members)
    # With what screening keeps for the moderators.
    return Loaded(len(boards), len(members), Thread.objects.count(), Post.objects.count(), articles)


def _members() -> dict[str, Member]:
    password = make_password(PASSWORD)
    roles: dict[str, dict[str, bool]] = {
        "juniper": {"is_moderator": True},
        "linden": {"is_curator": True},
        "rowan": {"is_staff": True, "is_superuser": True, "is_moderator": True, "is_curator": True},
    }
    people = [
        Member(
            username=name,
            email=f"{name}@demo.invalid",
            password=password,
            joined_at=timezone.now() - dt.timedelta(days=desk.NEWCOMERS.get(name, 90)),
            welcomed_at=timezone.now(),
            agreed=consents.current(),
            **roles.get(name, {}),
        )
        for name in (*PSEUDONYMS, "hazelwood", *desk.NEWCOMERS, *roles)
    ]
    made = Member.objects.bulk_create(people)
    Consent.objects.bulk_create(
        Consent(member=member, kind=asked.kind, text_version=asked.version)
        for member in made
        for asked in consents.asked()
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=member, email=member.email, verified=True, primary=True) for member in made
    )
    for member in made:
        if member.is_curator:
            set_curator(member=member, is_curator=True)
    return {member.username: member for member in made}


def _board(
    position: int, slug: str, members: dict[str, Member], now: dt.datetime
) -> tuple[Board, list[dict[str, Any]]]:
    content = tomllib.loads((CONTENT / f"{slug}.toml").read_text(encoding="utf-8"))
    board = Board.objects.create(position=position, **content["board"])
    if "gathering" in content:
        _plan(board, content["gathering"], members, now)
    desk.add_replies(slug, content["thread"])
    return board, content["thread"]


def _plan(board: Board, row: dict[str, Any], members: dict[str, Member], now: dt.datetime) -> None:
    """A gathering that began yesterday: whatever the hour, its latest thread opens with the first beat."""
    Gathering.objects.create(
        **row | {"host": members[row["host"]]},
        board=board,
        time_zone=settings.TIME_ZONE,
        starts_on=timezone.localtime(now).date() - dt.timedelta(days=1),
    )


def _threads(
    board: Board, rows: Sequence[dict[str, Any]], members: dict[str, Member], now: dt.datetime
) -> Iterator[tuple[Thread, dict[str, Any]]]:
    made = Thread.objects.bulk_create(_thread(board, row, members, now) for row in rows)
    return zip(made, rows, strict=True)


def _thread(board: Board, row: dict[str, Any], members: dict[str, Member], now: dt.datetime) -> Thread:
    started = _started(row, now)
    answers = [reply for reply in row.get("reply", ()) if reply["author"] != row["author"]]
    last = row["reply"][-1]["hours_later"] if row.get("reply") else 0
    return Thread(
        board=board,
        author=members[row["author"]],
        title=row["title"],
        slug=Thread.slug_for(row["title"]),
        support_type=row["support_type"],
        content_notes=row.get("notes", []),
        no_reply_needed=row.get("no_reply_needed", False),
        disguise=disguise.choose(()) if row.get("anonymous") else None,
        pinned_until=now + dt.timedelta(days=row["pinned_days"]) if "pinned_days" in row else None,
        author_wrote_last=not row.get("reply") or row["reply"][-1]["author"] == row["author"],
        last_number=1 + len(row.get("reply", ())),
        created_at=started,
        last_post_at=_later(started, last, now),
        answered_at=_later(started, answers[0]["hours_later"], now) if answers else None,
    )


def _started(row: dict[str, Any], now: dt.datetime) -> dt.datetime:
    day = timezone.localtime(now) - dt.timedelta(days=row["days_ago"])
    started = day.replace(hour=row["hour"], minute=7 * len(row["title"]) % 60, second=0, microsecond=0)
    if started > now - dt.timedelta(hours=1):
        started -= dt.timedelta(days=1)
    return started.astimezone(dt.UTC)  # where an hour stays an hour when the clocks change


def _later(started: dt.datetime, hours: float, now: dt.datetime) -> dt.datetime:
    """When a reply was written; those that would lie ahead are moved into the hour just past, in their order."""
    then = started + dt.timedelta(hours=hours)
    return min(then, now - dt.timedelta(hours=1) + dt.timedelta(seconds=min(hours, 3000)))


def _posts(thread: Thread, row: dict[str, Any], members: dict[str, Member], now: dt.datetime) -> Iterator[Post]:
    opening = {"author": row["author"], "hours_later": 0, "body": row["body"]}
    for number, post in enumerate((opening, *row.get("reply", ())), start=1):
        body = text.normalise(post["body"])
        yield Post(
            thread=thread,
            number=number,
            author=members[post["author"]],
            body=body,
            body_html=markdown.render(body),
            reply_to=post.get("to"),
            created_at=_later(thread.created_at, post["hours_later"], now),
        )


def _follow(posts: Sequence[Post]) -> None:
    """Everybody follows what they wrote in, as those do who write here."""
    levels = {
        (post.author_id, post.thread_id): Level.ALL if post.author_id == post.thread.author_id else Level.REPLIES
        for post in posts
    }
    ThreadFollow.objects.bulk_create(
        ThreadFollow(member_id=member, thread_id=thread, level=level) for (member, thread), level in levels.items()
    )


def _react(posts: Sequence[Post], members: Sequence[Member], chance: random.Random) -> None:
    kinds = list(Reaction.Kind)
    reactions = [
        Reaction(post=post, member=member, kind=chance.choice(kinds))
        for post in posts
        for member in chance.sample(members, k=chance.choice([0, 0, 1, 1, 2, 3]))
        if member.pk != post.author_id
    ]
    Reaction.objects.bulk_create(reactions)
