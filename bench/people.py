"""Members and staff, and whom they would rather not meet."""

import datetime as dt
import random
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from bench.copying import copy, go_on_counting, insert
from bench.shape import Shape
from core.notes import ContentNote
from members.models import Block, Member
from members.services import set_curator
from notifications.models import Rhythm, Wishes

_NAMES = ("ash", "aspen", "beech", "birch", "cedar", "elder", "hazel", "heath", "ivy", "juniper", "larch", "maple",
          "oak", "pine", "rowan", "sage", "thistle", "yew")  # fmt: skip
_COLUMNS = (
    "id", "username", "email", "joined_at", "seen_on", "folded_notes", "hidden_notes", "low_energy", "password",
    "is_moderator", "is_staff", "is_superuser",
)  # fmt: skip


def fill(shape: Shape, *, began: dt.datetime, now: dt.datetime) -> None:
    """Who wrote most has the lowest key. Everybody joined before the first post, so that none of them is new."""
    more = agreed()
    copy(Member, (*_COLUMNS, *more), _members(shape, began - dt.timedelta(days=30), now, list(more.values())))
    go_on_counting(Member)
    members = Member._meta.db_table
    insert(
        EmailAddress,
        {"user_id": "id", "email": "email", "verified": "true", "primary": "true"},
        f"FROM {members} ORDER BY id",
    )
    for key in shape.curators:
        set_curator(member=Member.objects.get(pk=key), is_curator=True)
    Authenticator.objects.bulk_create(
        Authenticator(user_id=key, type=Authenticator.Type.TOTP, data={"secret": "bench"})
        for key in (shape.admin, *shape.moderators, *shape.curators)
    )
    _blocks(shape)
    _wishes()
    # One for each member, as on a site that has run for a while.
    insert(
        Session,
        {
            "session_key": "md5(id::text)",
            "session_data": "repeat('x', 180)",
            "expire_date": "now() + interval '9 days'",
        },
        f"FROM {members} ORDER BY md5(id::text)",
    )


def agreed() -> dict[str, str]:
    """What members agreed to when they joined, on a site that asks for it."""
    if not any(field.column == "agreed" for field in Member._meta.concrete_fields):
        return {}
    return {"agreed": import_module("members.consents").current()}


def _members(shape: Shape, joined: dt.datetime, now: dt.datetime, more: list[str]) -> Iterator[str]:
    chance = random.Random(shape.seed + 7)
    notes, today = ContentNote.values, now.date()
    for key in range(1, shape.curators.stop):
        name = f"{_NAMES[key % len(_NAMES)]}{key}"
        admin, moderates = key == shape.admin, key in shape.moderators or key == shape.admin
        hidden = [notes[key % len(notes)]] if key % 10 == 0 and key <= shape.members else []
        folded = [note for note in notes[:2] if note not in hidden]
        values: list[Any] = [
            key, name, f"{name}@example.org", joined, today - dt.timedelta(days=int(chance.expovariate(0.05))),
            "{" + ",".join(folded) + "}", "{" + ",".join(hidden) + "}", "f", "!",
            moderates, admin, admin, *more,
        ]  # fmt: skip
        yield "\t".join(map(str, values))


def _blocks(shape: Shape) -> None:
    """A tenth of the members blocked somebody, most of them somebody who writes much."""
    chance = random.Random(shape.seed + 8)
    pairs = set()
    for key in range(5, shape.members + 1, 10):
        for _nth in range(chance.randint(1, 4)):
            other = int(shape.members * chance.random() ** 3) + 1
            if other != key:
                pairs.add((key, other))
    copy(Block, ("blocker_id", "blocked_id"), (f"{here}\t{there}" for here, there in sorted(pairs)))


def _wishes() -> None:
    """Every fifth member gets digests; none of them is due while pages are measured."""
    insert(
        Wishes,
        {
            "member_id": "id",
            "rhythm": f"'{Rhythm.DAILY}'",
            "digest_hour": "id %% 24",
            "next_digest_at": "now() + interval '30 days'",
        },
        f"FROM {Member._meta.db_table} WHERE id %% 5 = 0",
    )
