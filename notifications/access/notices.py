"""Which news a member may see."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.http import Http404
from django.utils import timezone

from core.built import BuiltByRules
from core.later import ask_together
from core.pagination import Page, page_of, where_it_ended
from members.models import Member
from members.stand_in import READER
from notifications import kinds
from notifications.access.wishes import away
from notifications.models import Event, Notice, Wishes

PAGE_SIZE = 20
# News that is new is looked through further, because much of it may be one row.
NEW_AT_ONCE = 60


def has_news(member: Member) -> bool:
    """Whether anything is unread; while `member` is stepping back, whether anything is that does not wait.

    No query where the member's row was loaded for a page, else one of three look-ups in an index; never a number.
    """
    if member.is_lit is None:
        member.is_lit = Member.objects.filter(lit(timezone.now()), pk=member.pk).exists()
    return member.is_lit


def lit(now: dt.datetime) -> Q:
    """The same as a condition of queries over members."""
    unread = Notice.objects.filter(recipient=OuterRef("pk"), read_at=None)
    stepping_back = Wishes.objects.filter(away(now), member=OuterRef("pk"))
    return Exists(unread.filter(presses=True)) | (Exists(unread) & ~Exists(stepping_back))


def get_notice_for(member: Member, public_id: UUID) -> Notice:
    """Raises Http404 when it is somebody else's."""
    notice = Notice.objects.filter(recipient=member, public_id=public_id).select_related("event").first()
    if notice is None:
        raise Http404
    return notice


def notice_named(member: Member, public_id: str) -> Notice | None:
    """One of theirs, if what came with a form names one."""
    try:
        return Notice.objects.filter(recipient=member, public_id=UUID(public_id)).first()
    except ValueError:
        return None


def is_visible(notice: Notice, member: Member) -> bool:
    """Whether `member` may still see what the notice is about. One query."""
    kind = kinds.get(notice.event.kind)
    return kind is not None and bool(kind.visible([notice.event.target_id], member))


# --- a page of updates ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """`together`: it stands for all unread news of its kind and group, up to the notice that it names."""

    public_id: UUID
    line: str
    new: bool
    at: dt.datetime
    together: bool = False


class Told(NamedTuple):
    """A notice of a page."""

    id: int
    public_id: UUID
    created_at: dt.datetime
    is_new: bool
    kind: str
    target_id: int
    group_id: int | None

    @property
    def target(self) -> "_Target":
        return self.kind, self.target_id


@dataclass(frozen=True, slots=True)
class Updates:
    """One page: what is new, and, once that is at its end, what was read before.

    is_first: the first page of all. more_new, more_earlier: cursors. done: ids of unread notices that are no news any
    more, because what they are about may no longer be seen, was read where it stands, or is muted.
    """

    is_first: bool
    new: Sequence[Row]
    earlier: Sequence[Row]
    more_new: str | None
    more_earlier: str | None
    done: Sequence[int]


def updates_for(member: Member, cursor: str | None, *, of_new: bool) -> Updates:
    """Newest first. `cursor` goes on in what is new, or in what was read before.

    Unread ones of one kind in one group are one row, where the newest of them stands. A group that goes on beyond a
    page is a row again on the next. Three queries at most, whatever kinds of news there are: the notices, those that
    are many (`Kind.sights`), and all others.
    """
    after = where_it_ended(Notice.objects.all(), _NEWEST, cursor)
    is_first = after is None
    of_new = of_new and not is_first
    rows = _NOTICES.rows({"reader": member.pk, "key": after and after[0]}, is_first=is_first, of_new=of_new)
    told = sorted((Told(*row) for row in rows), reverse=True)
    new = page_of([one for one in told if one.is_new], _NEWEST, NEW_AT_ONCE, is_first=is_first)
    earlier = page_of([one for one in told if not one.is_new], _NEWEST, PAGE_SIZE, is_first=is_first)
    if not new.is_last:
        earlier = Page([], None)
    seen = _seen(member, [*new.items, *earlier.items])
    still_new = [one for one in new.items if one.target in seen and not seen[one.target].is_read]
    return Updates(
        is_first=is_first,
        new=_rows(still_new, seen),
        earlier=[_row(one, seen, new=False) for one in _read_before(new, earlier, seen)],
        more_new=new.next_cursor,
        more_earlier=earlier.next_cursor,
        done=[one.id for one in new.items if one.target not in seen or seen[one.target].is_read],
    )


_NEWEST = ["-id"]
# Nobody has a notice with this number.
_KEY = -(2**40) - 7001


def _page_of_notices(*, is_first: bool, of_new: bool) -> QuerySet[Any, Any]:
    """The first page has both, and so has the last one of what is new."""
    if is_first:
        return _notices(is_new=True).union(_notices(is_new=False), all=True)
    if of_new:
        return _notices(is_new=True, pk__lt=_KEY).union(_notices(is_new=False), all=True)
    return _notices(is_new=False, pk__lt=_KEY)


def _notices(*, is_new: bool, **after: int) -> QuerySet[Any, Any]:
    """Found by an index that has nothing but who and which, so that those that are too old are not looked at."""
    most = (NEW_AT_ONCE if is_new else PAGE_SIZE) + 1
    newest = (
        Notice.objects.filter(recipient=READER, read_at__isnull=is_new, **after).order_by("-id").values("pk")[:most]
    )
    event = ("event__kind", "event__target_id", "event__group_id")
    return Notice.objects.filter(pk__in=newest).values_list("id", "public_id", "created_at", Value(is_new), *event)


_NOTICES = BuiltByRules(_page_of_notices, {"reader": READER, "key": _KEY}, always="reader")


_Target = tuple[str, int]
_Group = tuple[str, int]


def _seen(member: Member, told: Sequence[Told]) -> Mapping[_Target, kinds.Sight]:
    """What is said of each target that `member` may still see, and has not muted since."""
    alike: dict[Any, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one in told:
        if (kind := kinds.get(one.kind)) is not None:
            alike[kind.sights or _sights][one.kind].add(one.target_id)
    seen: dict[_Target, kinds.Sight] = {}
    for ask, targets in alike.items():
        seen |= ask(targets, member)
    return seen


def _sights(targets: Mapping[str, Collection[int]], member: Member) -> Mapping[_Target, kinds.Sight]:
    """Of kinds of which there are few. One query, as far as they leave asking to it."""
    asked = [(kind, _asked(kind, ids, member)) for key, ids in targets.items() if (kind := kinds.get(key)) is not None]
    ask_together(query for _kind, queries in asked for query in queries)
    seen: dict[_Target, kinds.Sight] = {}
    for kind, (visible, over, lines, grouped) in asked:
        for pk in visible:
            if pk in lines and over.get(pk) != kinds.Over.MUTED:
                together = partial(grouped.__getitem__, pk) if pk in grouped else None
                is_read = over.get(pk) == kinds.Over.READ
                seen[kind.key, pk] = kinds.Sight(partial(lines.__getitem__, pk), together, is_read)
    return seen


_Asked = tuple[Collection[int], Mapping[int, kinds.Over], Mapping[int, str], Mapping[int, str]]


def _asked(kind: kinds.Kind, ids: Collection[int], member: Member) -> _Asked:
    over = kind.over(ids, member) if kind.over else {}
    return kind.visible(ids, member), over, kind.lines(ids), kind.grouped(ids) if kind.grouped else {}


def _read_before(new: Page[Told], earlier: Page[Told], seen: Mapping[_Target, kinds.Sight]) -> list[Told]:
    """With those that were read where they stand, as far as this page goes back."""
    if not new.is_last:
        return []
    last = 0 if earlier.is_last else earlier.items[-1].id
    met = [one for one in new.items if one.id > last and one.target in seen and seen[one.target].is_read]
    found = [*met, *(one for one in earlier.items if one.target in seen)]
    return sorted(found, key=attrgetter("id"), reverse=True)


def _rows(new: Sequence[Told], seen: Mapping[_Target, kinds.Sight]) -> list[Row]:
    """Several of a group are one row, with the sentence about the newest."""
    sizes = Counter(_group(one, seen) for one in new)
    rows: dict[_Group | UUID, Row] = {}
    for one in new:
        group, together = _group(one, seen), seen[one.target].grouped
        if group is not None and together is not None and sizes[group] > 1:
            if group not in rows:
                rows[group] = Row(one.public_id, together(), new=True, at=one.created_at, together=True)
        else:
            rows[one.public_id] = _row(one, seen, new=True)
    return list(rows.values())


def _row(one: Told, seen: Mapping[_Target, kinds.Sight], *, new: bool) -> Row:
    return Row(one.public_id, seen[one.target].line(), new, one.created_at)


def _group(one: Told, seen: Mapping[_Target, kinds.Sight]) -> _Group | None:
    """What it may stand in one row with; None for what stands alone."""
    return (one.kind, one.group_id) if one.group_id is not None and seen[one.target].grouped is not None else None


def notices_together(notice: Notice) -> QuerySet[Notice]:
    """The unread ones of its recipient, of its kind and in its group, up to `notice`, and itself."""
    event = notice.event
    alike = Q(event__kind=event.kind, event__group_id=event.group_id) if event.group_id is not None else Q(pk=notice.pk)
    return Notice.objects.filter(alike, recipient=notice.recipient_id, read_at=None, pk__lte=notice.pk)


def where_it_begins(notice: Notice, member: Member) -> Event | None:
    """The oldest news that an unread row with `notice` as its newest stands for and that `member` may still see
    and has not read.

    None when there is none. Three queries. Looks no further than a page of the updates does.
    """
    kind = kinds.get(notice.event.kind)
    if kind is None:
        return None
    group = notices_together(notice).select_related("event").order_by("-id")[:NEW_AT_ONCE]
    events = [one.event for one in group]
    visible = kind.visible([event.target_id for event in events], member) if events else ()
    over = kind.over(visible, member) if kind.over and visible else {}
    return next((one for one in reversed(events) if one.target_id in visible and one.target_id not in over), None)
