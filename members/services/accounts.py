"""What roles an account has, and where it is signed in."""

import datetime as dt

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction

from members.models import Member

CURATORS_GROUP = "Curators"
SESSIONS_AT_ONCE = 500


@transaction.atomic
def set_curator(*, member: Member, is_curator: bool) -> bool:
    """Let `member` into the curators' pages, or out of them. Says whether anything changed."""
    group, _created = Group.objects.get_or_create(name=CURATORS_GROUP)
    if is_curator:
        member.groups.add(group)
    else:
        member.groups.remove(group)
    return bool(Member.objects.filter(pk=member.pk).exclude(is_curator=is_curator).update(is_curator=is_curator))


def end_sessions(*, member: Member) -> int:
    """Sign `member` out everywhere. Says of how many sessions. Two queries and one for those that allauth counts."""
    keys = list(UserSession.objects.filter(user=member).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_places(*, before: dt.datetime) -> int:
    """Forget where somebody signed in before then, and sign them out there: a session of which nothing says whose it is
    could be ended by nobody, neither on their page nor when they leave. In batches. Says how many."""
    gone = 0
    while batch := _end_some(before):
        gone += batch
    return gone


@transaction.atomic
def _end_some(before: dt.datetime) -> int:
    over = UserSession.objects.filter(last_seen_at__lt=before).order_by("pk")
    locked = over.select_for_update(skip_locked=True, of=("self",))
    keys = list(locked.values_list("session_key", flat=True)[:SESSIONS_AT_ONCE])
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
