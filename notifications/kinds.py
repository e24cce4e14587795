"""The kinds of news there are. An app above registers what it can tell; this app knows only recipients and targets."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from members.models import Member
    from notifications.models import Event


@dataclass(frozen=True)
class Kind:
    """How one kind of news behaves.

    audience: ids of the members to tell, asked once, when the event is expanded.
    visible: which of these targets the member may still see, in one query; asked again when shown and before
        each mail.
    url: where the news leads, for a member who may see it.
    lines: a sentence about each target for the updates page, in one query. It may name the subject; mails never do.
    mail_now: whether members get a mail at once.
    mail_line: what that mail says before its link; empty for the usual sentence. It stands in clear text on many
        servers, so it names nobody and no subject.
    """

    key: str
    audience: "Callable[[Event], Iterable[int]]"
    visible: "Callable[[Collection[int], Member], Collection[int]]"
    url: "Callable[[Event], str]"
    lines: "Callable[[Collection[int]], Mapping[int, str]]"
    mail_now: bool = False
    mail_line: "str | StrPromise" = ""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    if kind.key in _kinds:
        raise ValueError(f"The kind of news “{kind.key}” is registered twice.")
    _kinds[kind.key] = kind
    return kind


def get(key: str) -> Kind | None:
    """The kind, or None when the app that knew it is gone: old rows must not break a page."""
    return _kinds.get(key)
