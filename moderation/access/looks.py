"""What staff saw: for whoever looks, and for whoever was looked at."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications.access
from core.notes import ContentNote
from core.pagination import Page, keyset_page
from members.models import KeywordFilter, Member
from moderation import registry
from moderation.access.watching import check_admin
from moderation.models import Case, Look

# What was asked for stands on its page for so long; whoever comes back later is asked again.
LOOK_LASTS = dt.timedelta(hours=1)
LOOKS_A_PAGE, SESSIONS_SHOWN = 20, 50
# What administrators are shown of anybody; the other doors stand where the words are.
DOORS_OF_ADMINS = (Look.Door.MAILS, Look.Door.ADDRESS, Look.Door.SESSIONS, Look.Door.FILTERS)
_IN_WORDS = {
    Look.Door.AUTHOR: _("A moderator saw that this is yours, where you are known by another name:"),
    Look.Door.ASKER: _("A moderator saw that you asked this, without a name:"),
    Look.Door.VERSIONS: _("A moderator read earlier versions that others cannot read:"),
    Look.Door.ADDRESS: _("An administrator saw your e-mail address."),
    Look.Door.SESSIONS: _("An administrator saw where you are signed in."),
    Look.Door.FILTERS: _("An administrator saw which words and content notes you would rather not meet."),
    Look.Door.MAILS: _("An administrator saw which mails you were sent, and not what was in them."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """`about`: the title of what it was, where it was one thing."""

    at: dt.datetime
    what: str
    about: str
    reason: str


def get_look(admin: Member, look_id: int) -> Look:
    """Their own, of within the hour. Raises Http404."""
    check_admin(admin)
    looks = Look.objects.select_related("member", "entry").filter(door__in=DOORS_OF_ADMINS)
    look = looks.filter(pk=look_id, entry__actor=admin, looked_at__gt=timezone.now() - LOOK_LASTS).first()
    if look is None:
        raise Http404
    return look


def seen_in(look: Look, cursor: str | None) -> Mapping[str, Any]:
    """What is shown for it, and nothing else. At most three queries."""
    member = look.member
    match look.door:
        case Look.Door.ADDRESS:
            addresses = EmailAddress.objects.filter(user=member).order_by("-primary", "id")
            return {"addresses": list(addresses.values("email", "primary", "verified"))}
        case Look.Door.SESSIONS:
            sessions = UserSession.objects.filter(user=member).order_by("-last_seen_at", "-id")
            shown = sessions.values("ip", "user_agent", "created_at", "last_seen_at")[:SESSIONS_SHOWN]
            return {"sessions": list(shown)}
        case Look.Door.FILTERS:
            phrases = KeywordFilter.objects.filter(member=member).order_by("folded", "id")
            return {
                "phrases": list(phrases.values("phrase", "hides")),
                "folded": _notes(member.folded_notes),
                "hidden": _notes(member.hidden_notes),
            }
    wishes = notifications.access.wishes_of(member)
    return {
        "wishes": wishes,
        "away": notifications.access.stepping_back_until(wishes, timezone.now()) is not None,
        "page": notifications.access.mails_of(member, cursor),
    }


def _notes(values: Iterable[str]) -> Sequence[str]:
    return [str(note.label) for note in ContentNote if note.value in values]


def told_to(member: Member) -> QuerySet[Look]:
    undecided = Case.objects.filter(author=OuterRef("member"), state=Case.State.OPEN)
    told = Q(withheld_until=None) | Q(withheld_until__lte=timezone.localdate())
    return Look.objects.filter(told, ~Exists(undecided), member=member)


def looks_at(member: Member, cursor: str | None) -> Page[Told]:
    """For the member: the newest first. None while a case about them is open, and none that the law keeps back.

    Two queries, and one for each kind of what was looked at.
    """
    page = keyset_page(told_to(member).select_related("entry"), order=["-id"], size=LOOKS_A_PAGE, cursor=cursor)
    titles = _titles(page.items)
    rows = [
        Told(
            look.looked_at,
            str(_IN_WORDS[Look.Door(look.door)]),
            titles.get((look.entry.subject_kind, look.entry.subject_id), ""),
            look.reason,
        )
        for look in page.items
    ]
    return Page(rows, page.next_cursor, page.is_first)


def _titles(looks: Iterable[Look]) -> dict[tuple[str, int], str]:
    """What was looked at, by kind and id; not the member themselves."""
    ids: dict[str, set[int]] = defaultdict(set)
    for look in looks:
        if look.door not in DOORS_OF_ADMINS and look.entry.subject_id is not None:
            ids[look.entry.subject_kind].add(look.entry.subject_id)
    kinds = [(name, kind, found) for name, found in ids.items() if (kind := registry.by_kind(name)) is not None]
    return {(name, pk): named.title for name, kind, found in kinds for pk, named in kind.names(list(found)).items()}
