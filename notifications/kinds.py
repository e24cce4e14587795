"""The kinds of news there are. An app above registers what it can tell; this app knows only recipients and targets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from members.models import Member
    from notifications.models import Event


@dataclass(frozen=True)
class Kind:
    """How one kind of news behaves.

    audience: ids of the members to tell, asked once, when the event is expanded.
    wanted: whether this member may still see the target; asked again when shown and before each mail.
    url: where the news leads, for a member who may see it.
    line: one sentence for the updates page. It may name the subject; mails never do.
    """

    key: str
    audience: "Callable[[Event], Iterable[int]]"
    wanted: "Callable[[Event, Member], bool]"
    url: "Callable[[Event], str]"
    line: "Callable[[Event], str]"
    mail_now: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    if kind.key in _kinds:
        raise ValueError(f"The kind of news “{kind.key}” is registered twice.")
    _kinds[kind.key] = kind
    return kind


def get(key: str) -> Kind | None:
    """The kind, or None when the app that knew it is gone: old rows must not break a page."""
    return _kinds.get(key)
