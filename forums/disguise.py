"""The name that an author has in a thread that is anonymous to members (M1).

It is drawn by chance and kept with the thread, so it is steady there, tells nothing about the person, and is
another one in each of their threads. Pseudonyms have no spaces, so nobody can be called like a disguise.
"""

import random
from collections.abc import Container
from dataclasses import dataclass
from uuid import UUID

from members import names
from members.models import AVATARS

_FIRST = (
    "Amber", "Autumn", "Bright", "Calm", "Candle", "Cedar", "Clear", "Cloudy", "Copper", "Cosy", "Dawn", "Distant",
    "Early", "Ember", "Evening", "Faint", "Gentle", "Golden", "Grey", "Hazel", "Hidden", "Hushed", "Indigo", "Ivory",
    "Kind", "Late", "Little", "Lunar", "Mellow", "Misty", "Morning", "Mossy", "Northern", "Open", "Pale", "Patient",
    "Pearl", "Plain", "Quiet", "Rainy", "Resting", "Russet", "Sandy", "Silver", "Slow", "Snowy", "Soft", "Southern",
    "Spring", "Starry", "Steady", "Still", "Summer", "Tender", "Velvet", "Violet", "Warm", "Wandering", "Western",
    "Winter", "Woven", "Yellow",
)  # fmt: skip
_SECOND = (
    "Acorn", "Anchor", "Apple", "Badger", "Bay", "Bell", "Birch", "Blackbird", "Boat", "Bridge", "Brook", "Cloud",
    "Clover", "Coast", "Cove", "Crane", "Creek", "Cricket", "Cypress", "Daisy", "Deer", "Dove", "Feather", "Fern",
    "Field", "Finch", "Fox", "Garden", "Gate", "Hare", "Harbour", "Hedgehog", "Heron", "Hill", "Island", "Juniper",
    "Kettle", "Kite", "Lake", "Lantern", "Lark", "Leaf", "Lighthouse", "Linden", "Lynx", "Maple", "Meadow", "Moth",
    "Oak", "Orchard", "Otter", "Owl", "Path", "Pebble", "Pine", "Pond", "Poppy", "Quilt", "Rain", "Reed", "River",
    "Robin", "Rook", "Seal", "Shell", "Shore", "Sparrow", "Squirrel", "Starling", "Stone", "Swallow", "Swan", "Teapot",
    "Thistle", "Tide", "Valley", "Willow", "Wren",
)  # fmt: skip
NAMES = len(_FIRST) * len(_SECOND)
_chance = random.SystemRandom()


def choose(used: Container[int | None]) -> int:
    """A number by chance that the author has in none of their other threads, `used`, as long as there is one."""
    for _attempt in range(1000):
        if (number := _chance.randrange(NAMES)) not in used:
            return number
    return _chance.randrange(NAMES)


def name_for(number: int) -> str:
    first, second = divmod(number % NAMES, len(_SECOND))
    return f"{_FIRST[first]} {_SECOND[second]}"


@dataclass(frozen=True, slots=True)
class Shown:
    """How somebody is shown in one thread."""

    name: str
    avatar: int
    is_disguised: bool = False
    has_left: bool = False


def shown(*, name: str, public_id: UUID, disguise: int | None, avatar_seed: int | None = None) -> Shown:
    """Somebody by their pseudonym, or by the disguise of the thread's author where `disguise` is one.

    avatar_seed: the picture that they chose, where the avatar is going to be shown.
    """
    if disguise is None and names.has_left(name):
        return Shown(names.shown(name), 0, has_left=True)
    if disguise is None:
        return Shown(name, public_id.int % AVATARS if avatar_seed is None else avatar_seed)
    return Shown(name_for(disguise), disguise % AVATARS, is_disguised=True)
