"""News about posts, threads and reactions, of which the updates page shows many: asked for in one query.

What is there for somebody, what is over, and what is said of it, is the same as where each kind of news is asked for by
itself (forums/news*.py); only that it is asked at once, and built and prepared once (forums.asked).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, F, Q, QuerySet, TextField, Value, When

from core.later import ByKey
from forums import hearing
from forums.access.thread_rows import one_of
from forums.asked import found
from forums.models import Level, Post, Reaction, Thread
from members import filters
from members.access.boundaries import Boundaries
from members.kept import lines_of
from members.models import Member
from notifications import kinds

_NO_TEXT = Value("", output_field=TextField())
_NO = Value(False, output_field=BooleanField())  # noqa: FBT003 - Django's own


class Said(NamedTuple):
    """What there is to say of one target: `detail` is a board's title, or the kind of a reaction."""

    title: str
    notes_of_thread: Sequence[str]
    notes_of_board: Sequence[str]
    detail: str

    @property
    def notes(self) -> list[str]:
        return [*self.notes_of_thread, *self.notes_of_board]

    @property
    def place(self) -> str:
        return hearing.place(self.title, self.notes)


@dataclass(frozen=True, eq=False, kw_only=True)
class Source:
    """What news can be about.

    here: those that a member meets in news, but for their filters.
    thread, board: where their keys are, from a target.
    is_read: which of them a member has read where they stand, of rows with `hearing.with_wishes`.
    said: the columns of `Said`. looked_at: author, title and HTML, in which filters look for words; where the author is
        the reader, they do not.
    """

    name: str
    all: Callable[[], QuerySet[Any, Any]]
    here: Callable[[Member], QuerySet[Any, Any]]
    thread: str
    board: str
    is_read: Any = _NO
    said: tuple[Any, ...]
    looked_at: tuple[Any, ...]

    def lines(self, say: Callable[[Said], str]) -> "Lines":
        return Lines(self, say)

    def rows(self, reader: Member, ids: list[int], *, filters_words: bool) -> QuerySet[Any, Any]:
        here = self.here(reader).filter(one_of(ids))
        wished = hearing.with_wishes(here, reader, thread=self.thread, board=self.board)
        looked_at = self.looked_at if filters_words else ()
        return wished.values_list(Value(self.name), "pk", "level", self.is_read, *self.said, *looked_at)


@dataclass(frozen=True)
class Lines:
    """A sentence about each of some targets of a source."""

    source: Source
    say: Callable[[Said], str]

    def __call__(self, ids: Collection[int]) -> Mapping[int, str]:
        rows = self.source.all().filter(pk__in=ids).values_list("pk", *self.source.said)
        return ByKey(rows, lambda *said: self.say(Said(*said)))


def _is(condition: Q) -> Case:
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


POSTS = Source(
    name="posts",
    all=Post.objects.all,
    here=hearing.posts_for,
    thread="thread_id",
    board="thread__board_id",
    is_read=_is(Q(read__gte=F("number"))),
    said=("thread__title", "thread__content_notes", "thread__board__content_notes", _NO_TEXT),
    looked_at=(
        "author_id",
        Case(When(number=1, then=F("thread__title")), default=_NO_TEXT, output_field=TextField()),
        "body_html",
    ),
)
THREADS = Source(
    name="threads",
    all=Thread.objects.all,
    here=hearing.threads_for,
    thread="pk",
    board="board_id",
    is_read=_is(Q(read__gte=1)),
    said=("title", "content_notes", "board__content_notes", "board__title"),
    looked_at=("author_id", "title", _NO_TEXT),
)
REACTIONS = Source(
    name="reactions",
    all=Reaction.objects.all,
    here=hearing.reactions_for,
    thread="post__thread_id",
    board="post__thread__board_id",
    said=("post__thread__title", "post__thread__content_notes", "post__thread__board__content_notes", "kind"),
    looked_at=("post__author_id", _NO_TEXT, _NO_TEXT),
)
_SOURCES = {source.name: source for source in (POSTS, THREADS, REACTIONS)}


def sights(targets: Mapping[str, Collection[int]], member: Member) -> dict[tuple[str, int], kinds.Sight]:
    """For kinds whose `lines`, and `grouped`, are `Lines`. One query."""
    about: dict[str, list[tuple[str, Collection[int]]]] = defaultdict(list)
    for key, ids in targets.items():
        about[_lines_of(key)[0].source.name].append((key, ids))
    wanted = {name: list({pk for _key, ids in about[name] for pk in ids}) for name in _SOURCES if name in about}
    drawn = lines_of(member)
    seen: dict[tuple[str, int], kinds.Sight] = {}
    for name, pk, level, is_read, *rest in found(_rows, member, wanted, filters_words=bool(drawn.filters)):
        if level == Level.MUTE or _is_filtered(drawn, member, rest[_SAID:]):
            continue
        said = Said(*rest[:_SAID])
        for key, ids in about[name]:
            if pk in ids:
                one, several = _lines_of(key)
                together = partial(several.say, said) if several else None
                seen[key, pk] = kinds.Sight(partial(one.say, said), together, is_read)
    return seen


_SAID = len(Said._fields)


def _rows(reader: Member, *, filters_words: bool, **wanted: list[int]) -> QuerySet[Any, Any]:
    first, *others = [_SOURCES[name].rows(reader, ids, filters_words=filters_words) for name, ids in wanted.items()]
    return first.union(*others, all=True) if others else first


def _is_filtered(drawn: Boundaries, member: Member, looked_at: Sequence[Any]) -> bool:
    if not looked_at or looked_at[0] == member.pk:
        return False
    _author, title, html = looked_at
    return bool(drawn.look(title, filters.readable(html)))


def _lines_of(key: str) -> tuple[Lines, Lines | None]:
    kind = kinds.get(key)
    if kind is None or not isinstance(kind.lines, Lines) or not isinstance(kind.grouped, Lines | None):
        raise TypeError(f"“{key}” cannot be asked for together with news about posts, threads and reactions.")
    return kind.lines, kind.grouped
