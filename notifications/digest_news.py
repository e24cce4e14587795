"""The digest's first part: news that nobody has read yet and no mail has told."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Member
from notifications import digests, kinds
from notifications.asking import ask
from notifications.digests import Item
from notifications.kinds import Kind
from notifications.models import Delivery, Notice, Sending

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# Whoever has more unread news than that finds the rest on the page of updates.
LOOKED_AT = 60
# A mail that was given up for one of these leaves its news for the digest.
_GIVEN_UP = (
    Sending.Reason.TOO_LATE, Sending.Reason.TOO_MANY, Sending.Reason.REFUSED, Sending.Reason.BROKEN,
)  # fmt: skip

_Group = tuple[str, int]


class _Notice(NamedTuple):
    """What a digest needs of a notice and its event."""

    pk: int
    public_id: UUID
    kind: str
    target_id: int
    group_id: int | None


_FIELDS = ("pk", "public_id", "event__kind", "event__target_id", "event__group_id")


def _news(reader: Member, since: dt.datetime, limit: int) -> Sequence[Item]:
    """One query, and one or two for kinds without `untold`; their lines are asked for later.

    What is about one thing is one line: the replies in a thread, whatever kinds they are of.
    """
    rows = [_Notice(*row) for row in ask(_untold, reader, since, as_query=_as_query())]
    notices = [(kind, notice) for notice in rows if (kind := kinds.get(notice.kind)) is not None]
    still = _still_news(notices, reader)
    groups: dict[_Group, list[tuple[Kind, _Notice]]] = defaultdict(list)
    for kind, notice in notices:
        if notice.target_id in still[kind.key]:
            groups[_group(kind, notice)].append((kind, notice))
    first = list(groups.values())[:limit]
    lines = _Lines([group[0] for group in first], {group[0][1].pk for group in first if len(group) > 1})
    return [_item(*group[0], lines) for group in first]


def _as_query() -> tuple[str, ...]:
    """The keys of the kinds that say in the query itself what of them is still news."""
    return tuple(kind.key for kind in kinds.known() if kind.untold)


def _untold(reader: Member, since: dt.datetime, *, as_query: tuple[str, ...]) -> QuerySet[Any, Any]:
    """Unread news for the digest, the newest first, less what was mailed or still waits to be."""
    newest = Notice.objects.filter(recipient=reader, read_at=None).order_by("-id").values("pk")[:LOOKED_AT]
    mails = Delivery.objects.filter(notice=OuterRef("pk"))
    given_up = mails.filter(state=Sending.State.SKIPPED, reason__in=_GIVEN_UP)
    notices = Notice.objects.filter(Q(in_digest=True) | Exists(given_up), pk__in=newest, created_at__gt=since)
    untold = notices.exclude(Exists(mails.filter(state__in=[Sending.State.WAITING, Sending.State.SENT])))
    return untold.filter(_still(reader, as_query)).order_by("-id").values_list(*_FIELDS)


def _still(reader: Member, as_query: tuple[str, ...]) -> Q:
    """Of notices: still news, as far as their kinds can say so in the same query."""
    alike: dict[Callable[[Member], QuerySet[Any]], list[str]] = defaultdict(list)
    for key in as_query:
        if (kind := kinds.get(key)) and kind.untold:
            alike[kind.untold].append(key)
    still = ~Q(event__kind__in=as_query)
    for targets, keys in alike.items():
        still |= Q(Exists(targets(reader).filter(pk=OuterRef("event__target_id"))), event__kind__in=keys)
    return still


def _still_news(notices: Iterable[tuple[Kind, _Notice]], reader: Member) -> Mapping[str, Collection[int]]:
    """By the key of each kind, those targets that `reader` may see and has neither read nor muted meanwhile.

    Kinds that ask the same are asked together, in one or two queries; those that said so before are not asked again.
    """
    asked: dict[Any, tuple[dict[str, Kind], set[int]]] = defaultdict(lambda: ({}, set()))
    for kind, notice in notices:
        alike, targets = asked[kind.untold or (kind.visible, kind.over)]
        alike[kind.key] = kind
        targets.add(notice.target_id)
    still: dict[str, Collection[int]] = {}
    for alike, targets in asked.values():
        kind = next(iter(alike.values()))
        # A query knows nothing of the words that a member filters.
        known = kind.untold and not reader.boundaries_mark
        still |= dict.fromkeys(alike, targets if known else _still_among(targets, kind, reader))
    return still


def _still_among(targets: Collection[int], kind: Kind, reader: Member) -> Collection[int]:
    visible = set(kind.visible(targets, reader))
    return visible - set(kind.over(visible, reader)) if kind.over and visible else visible


def _group(kind: Kind, notice: _Notice) -> _Group:
    """News of a kind that has a sentence for several is one line, and of kinds that share it."""
    if kind.grouped is None or notice.group_id is None:
        return f"notice of {kind.key}", notice.pk
    return kind.group or kind.key, notice.group_id


class _Lines:
    """The sentences, by kind and target. Asked for when the first is read, which a mail without contents never does."""

    def __init__(self, news: Sequence[tuple[Kind, _Notice]], grouped: Collection[int]) -> None:
        self._news, self._grouped = news, grouped

    def of(self, kind: Kind, target_id: int) -> str:
        return self._all.get((kind.key, target_id), str(_plain(kind)))

    @cached_property
    def _all(self) -> Mapping[tuple[str, int], str]:
        """Kinds that say the same are asked together."""
        asked: dict[Callable[[Collection[int]], Mapping[int, str]], set[tuple[str, int]]] = defaultdict(set)
        for kind, notice in self._news:
            together = kind.grouped if notice.pk in self._grouped else None
            asked[together or kind.lines].add((kind.key, notice.target_id))
        lines: dict[tuple[str, int], str] = {}
        for tell, keys in asked.items():
            said = tell({target for _kind, target in keys})
            lines |= {(key, target): said[target] for key, target in keys if target in said}
        return lines


_when_read = lazy(_Lines.of, str)


def _item(kind: Kind, newest: _Notice, lines: _Lines) -> Item:
    group_id = newest.group_id
    return Item(
        line=_when_read(lines, kind, newest.target_id),
        plain=str(_plain(kind)),
        url=reverse("notice", args=[newest.public_id]),
        about=(kind.group, group_id) if kind.group and group_id is not None else None,
    )


def _plain(kind: Kind) -> "str | StrPromise":
    return kind.digest_line or _("There is something new for you.")


NEWS = digests.register(
    digests.Section(key="news", title=gettext_lazy("For you"), order=10, items=_news, most=7, rest="notices")
)
