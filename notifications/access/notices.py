"""Which news a member may see."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from core.pagination import Page, keyset_page
from members.models import Member
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


@dataclass(frozen=True, slots=True)
class Updates:
    """One page: what is new, and, once that is at its end, what was read before.

    is_first: the first page of all. more_new, more_earlier: cursors. done: unread notices that are no news any more,
    because what they are about may no longer be seen, was read where it stands, or is muted.
    """

    is_first: bool
    new: Sequence[Row]
    earlier: Sequence[Row]
    more_new: str | None
    more_earlier: str | None
    done: Sequence[Notice]


def updates_for(member: Member, cursor: str | None, *, of_new: bool) -> Updates:
    """Newest first. `cursor` goes on in what is new, or in what was read before.

    Unread ones of one kind in one group are one row, where the newest of them stands. A group that goes on beyond a
    page is a row again on the next. Two queries, and three a kind of news, four where some are one row.
    """
    nothing: Page[Notice] = Page([], None)
    notices = Notice.objects.filter(recipient=member).select_related("event")
    new = earlier = nothing
    if of_new or not cursor:
        new = keyset_page(notices.filter(read_at=None), order=["-id"], size=NEW_AT_ONCE, cursor=cursor)
    if new.is_last:
        rest = None if of_new else cursor
        earlier = keyset_page(notices.filter(read_at__isnull=False), order=["-id"], size=PAGE_SIZE, cursor=rest)
    if cursor and (new.is_first if of_new else earlier.is_first):
        # Somebody has tampered with it.
        return updates_for(member, None, of_new=False)
    seen = _seen(member, [*new.items, *earlier.items])
    return Updates(
        is_first=not cursor,
        new=_rows([notice for notice in new.items if _is_new(notice, seen)], seen),
        earlier=[_row(notice, seen, new=False) for notice in _read_before(new, earlier, seen)],
        more_new=new.next_cursor,
        more_earlier=earlier.next_cursor,
        done=[notice for notice in new.items if not _is_new(notice, seen)],
    )


_Target = tuple[str, int]
_Group = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Of the targets of some notices: a sentence about each that is shown, and which were read where they stand."""

    lines: Mapping[_Target, str]
    read: Collection[_Target]


def _seen(member: Member, notices: Sequence[Notice]) -> _Seen:
    lines: dict[_Target, str] = {}
    read: set[_Target] = set()
    for key, ids in _targets(notices).items():
        if (kind := kinds.get(key)) is None:
            continue
        visible = kind.visible(ids, member)
        over = kind.over(visible, member) if kind.over and visible else {}
        wanted = [target_id for target_id in visible if over.get(target_id) != kinds.Over.MUTED]
        lines |= {(key, target_id): line for target_id, line in kind.lines(wanted).items()}
        read |= {(key, target_id) for target_id, why in over.items() if why == kinds.Over.READ}
    return _Seen(lines, read)


def _is_new(notice: Notice, seen: _Seen) -> bool:
    target = _target(notice)
    return notice.read_at is None and target in seen.lines and target not in seen.read


def _read_before(new: Page[Notice], earlier: Page[Notice], seen: _Seen) -> list[Notice]:
    """With those that were read where they stand, as far as this page goes back."""
    if not new.is_last:
        return []
    last = 0 if earlier.is_last else earlier.items[-1].pk
    met = [notice for notice in new.items if _target(notice) in seen.read and notice.pk > last]
    found = [notice for notice in (*met, *earlier.items) if _target(notice) in seen.lines]
    return sorted(found, key=attrgetter("pk"), reverse=True)


def _rows(new: Sequence[Notice], seen: _Seen) -> list[Row]:
    lines = _grouped_lines(_several(new))
    rows: dict[_Group | UUID, Row] = {}
    for notice in new:
        group = _group(notice)
        if group in lines:
            rows.setdefault(group, Row(notice.public_id, lines[group], new=True, at=notice.created_at, together=True))
        else:
            rows[notice.public_id] = _row(notice, seen, new=True)
    return list(rows.values())


def _row(notice: Notice, seen: _Seen, *, new: bool) -> Row:
    return Row(notice.public_id, seen.lines[_target(notice)], new, notice.created_at)


def _targets(notices: Sequence[Notice]) -> Mapping[str, set[int]]:
    targets: dict[str, set[int]] = defaultdict(set)
    for notice in notices:
        targets[notice.event.kind].add(notice.event.target_id)
    return targets


def _target(notice: Notice) -> _Target:
    return notice.event.kind, notice.event.target_id


def _group(notice: Notice) -> _Group | None:
    """What it may stand in one row with; None for what stands alone."""
    kind = kinds.get(notice.event.kind)
    if kind is None or kind.grouped is None or notice.event.group_id is None:
        return None
    return kind.key, notice.event.group_id


def _several(new: Sequence[Notice]) -> Mapping[_Group, int]:
    """The newest target of each group of several."""
    groups: dict[_Group, list[int]] = defaultdict(list)
    for notice in new:
        if (group := _group(notice)) is not None:
            groups[group].append(notice.event.target_id)
    return {group: targets[0] for group, targets in groups.items() if len(targets) > 1}


def _grouped_lines(newest: Mapping[_Group, int]) -> dict[_Group, str]:
    by_kind: dict[str, dict[int, _Group]] = defaultdict(dict)
    for group, target_id in newest.items():
        by_kind[group[0]][target_id] = group
    lines: dict[_Group, str] = {}
    for key, groups in by_kind.items():
        kind = kinds.get(key)
        if kind is not None and kind.grouped is not None:
            lines |= {groups[target_id]: line for target_id, line in kind.grouped(groups).items()}
    return lines


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
