"""The kinds of news there are. An app above registers what it can tell; this app knows only recipients and targets."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from notifications.models.wishes import Channel

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrPromise

    from members.models import Member
    from notifications.models import Event


class Reached(NamedTuple):
    """One page of an audience: whom to tell, and the highest id that was looked at; None when nobody is left after."""

    told: Collection[int]
    up_to: int | None


# The next of those to tell, with ids above `after`, from looking at `limit` of them at most: (event, after, limit).
Audience = Callable[["Event", int, int], Reached]


def few(find: "Callable[[Event], Iterable[int]]") -> Audience:
    """An audience that is small enough to be asked for as a whole, a few hundred at most."""

    def page(event: "Event", after: int, limit: int) -> Reached:
        return page_of([pk for pk in find(event) if pk > after], limit)

    return page


def page_of(ids: Iterable[int], limit: int) -> Reached:
    """The first `limit` of `ids`, and how far they reach. Fewer of them are the last page."""
    page = sorted(set(ids))[:limit]
    return Reached(page, page[-1] if len(page) == limit else None)


class Sight(NamedTuple):
    """What the updates page says of a target: alone, and, where its kind can, for several in its group. `is_read`: its
    reader has read it where it stands."""

    line: Callable[[], str]
    grouped: Callable[[], str] | None
    is_read: bool


class Over(StrEnum):
    """Why something that is still there needs no telling any more."""

    READ = "read"
    MUTED = "muted"


def everybody(_member: "Member") -> bool:
    return True


def moderators(member: "Member") -> bool:
    return member.is_moderator


def curators(member: "Member") -> bool:
    return member.is_curator


class Topic(TextChoices):
    """Under which heading a kind stands among the choices."""

    TALK = "talk", _("Where people talk")
    RESOURCES = "resources", _("Articles")
    YOURS = "yours", _("Decisions, reports and your account")
    MODERATING = "moderating", _("Moderating")
    CURATING = "curating", _("Curating")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How one kind of news behaves.

    label: what members call it where they choose how far it goes; "" for what is not theirs to choose.
    like: the key of the kind whose choice counts for this one, too.
    audience: whom to tell, asked when the event is expanded, in pages; see `Audience` and `few`.
    visible: which of these targets the member may still see, in one query; asked again when shown, before each mail
        and for each digest. This and the next ones are queries that are not asked yet (core.later) wherever they can
        be, so that the updates page asks those of all kinds as one.
    over: which of these targets the member has read where they stand, or muted since, in one query; asked with
        `visible`. Without it nothing of the kind is over before its notice is read.
    untold: what is visible and not over, as a query that a digest narrows to its news; for kinds of which it has many.
    url: where the news leads, for a member who may see it.
    lines: a sentence about each target for the updates page, in one query. It may name the subject; mails do only
        for members who chose that.
    grouped: a sentence for several unread news with the same group, by one of their targets; in one query. Without
        it they stay rows of their own.
    sights: what the updates page says of those targets that the member may see and did not mute, for all kinds
        with the same function at once, by kind and target. The same as by the four above; for kinds of which a page
        has many.
    default, least: how far it goes where a member chose nothing, and how far it goes whatever they chose.
    presses: goes on in quiet hours and while its recipient is stepping back (decisions, the account's safety).
    useful_for: later than this after it happened, no mail leaves.
    for_whom: who finds it among their choices.
    topic: under which heading; what is for moderators or curators only stands under theirs.
    mail_line: what a mail says before its link; empty for the usual sentence. It stands in clear text on many
        servers, so it names nobody and no subject.
    digest_line: the same for one line of a digest.
    group: what the groups of its events are, such as "thread", so that a digest tells of each once.
    """

    key: str
    audience: Audience
    visible: "Callable[[Collection[int], Member], Collection[int]]"
    url: "Callable[[Event], str]"
    lines: "Callable[[Collection[int]], Mapping[int, str]]"
    over: "Callable[[Collection[int], Member], Mapping[int, Over]] | None" = None
    untold: "Callable[[Member], QuerySet[Any]] | None" = None
    grouped: "Callable[[Collection[int]], Mapping[int, str]] | None" = None
    sights: "Callable[[Mapping[str, Collection[int]], Member], Mapping[tuple[str, int], Sight]] | None" = None
    label: "str | StrPromise" = ""
    like: str = ""
    default: Channel = Channel.SITE
    least: Channel = Channel.NOTHING
    presses: bool = False
    useful_for: dt.timedelta = dt.timedelta(days=3)
    for_whom: "Callable[[Member], bool]" = everybody
    topic: Topic = Topic.TALK
    mail_line: "str | StrPromise" = ""
    digest_line: "str | StrPromise" = ""
    group: str = ""

    @property
    def choice(self) -> str:
        """By which what a member chose is kept."""
        return self.like or self.key

    @property
    def heading(self) -> Topic:
        if self.for_whom is moderators:
            return Topic.MODERATING
        return Topic.CURATING if self.for_whom is curators else self.topic

    def choices(self) -> Sequence[Channel]:
        """What a member may choose, the least first."""
        order = list(Channel)
        return order[order.index(self.least) :]

    def allowed(self, channel: str) -> Channel:
        """`channel`, or the least that this kind goes."""
        order = list(Channel)
        return max(Channel(channel), self.least, key=order.index)


USUAL_LINE = _("There is something new for you. It is behind this link, after you sign in:")

_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    if kind.key in _kinds:
        raise ValueError(f"The kind of news “{kind.key}” is registered twice.")
    _kinds[kind.key] = kind
    return kind


def get(key: str) -> Kind | None:
    """The kind, or None when the app that knew it is gone: old rows must not break a page."""
    return _kinds.get(key)


def known() -> Collection[Kind]:
    return _kinds.values()


def offered_to(member: "Member") -> list[Kind]:
    """Those that `member` can choose about, as they were registered."""
    return [kind for kind in _kinds.values() if kind.label and kind.for_whom(member)]


def all_choices() -> set[str]:
    """By which choices are kept, those of kinds that count for another one among them only once."""
    return {kind.choice for kind in _kinds.values()}
