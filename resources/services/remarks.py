"""What readers tell curators about a page. In private, both ways."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone

import notifications.services
from core import text
from members.models import Member
from moderation import asking, screening
from moderation.screening import CRISIS, Verdict
from moderation.services import cases
from resources.access import reading
from resources.models import ArticlePage, Remark
from resources.news_reading import CORRECTION, CORRECTION_ANSWERED

# All corrections are one row among a curator's news.
_SHELF = 0


def screen(words: str) -> Verdict:
    """Danger, as in posts, and nothing else: only curators read it. No query."""
    verdict = screening.screen(words)
    return Verdict(verdict.of_kind(CRISIS), verdict.severity)


def _screened(words: str, asked: Collection[str] | None, *, reach_out: bool) -> Verdict:
    """Raises AskFirstError."""
    verdict = screen(words)
    asking.check(verdict, words, asked)
    return verdict.plus(screening.asks_for_help()) if reach_out else verdict


@transaction.atomic
def give_opinion(
    *,
    member: Member,
    article: ArticlePage,
    helped: bool,
    words: str | None = None,
    asked: Collection[str] | None = None,
    reach_out: bool = False,
) -> bool:
    """Whether `article` helped, and `words` about it; None leaves the words as they are. Says whether anything changed.

    One opinion a member: another one takes the place of the first, and is new to curators again. Locks its row. Words
    of danger open a case for moderators, as with posts; `asked` and `reach_out` are as there.

    Raises:
        AskFirstError: there is danger in them that their author was not `asked` about.
    """
    kind = Remark.Kind.HELPED if helped else Remark.Kind.DID_NOT
    said = text.normalise(words) if words is not None else None
    verdict = _screened(said or "", asked, reach_out=reach_out)
    before = Remark.objects.filter(page=article, member=member, kind__in=reading.OPINIONS).exists()
    # Of two presses at once the second finds the row of the first.
    Remark.objects.bulk_create([Remark(page=article, member=member, kind=kind, text=said or "")], ignore_conflicts=True)
    mine = Remark.objects.select_for_update().get(page=article, member=member, kind__in=reading.OPINIONS)
    changed = mine.kind != kind or (said is not None and mine.text != said)
    if changed:
        mine.kind, mine.text = kind, mine.text if said is None else said
        mine.seen_at, mine.seen_by, mine.at = None, None, timezone.now()
        mine.save(update_fields=["kind", "text", "seen_at", "seen_by", "at"])
    # What its author only looked at again is known already.
    if (said and (changed or not before)) or reach_out:
        cases.open_for_signals(subject=mine, verdict=verdict)
    return changed


def take_back_opinion(*, member: Member, article: ArticlePage) -> bool:
    """Says whether there was one. Its words go with it. One query."""
    mine = Remark.objects.filter(page=article, member=member, kind__in=reading.OPINIONS)
    deleted, _by_model = mine.delete()
    return bool(deleted)


@transaction.atomic
def suggest_correction(
    *,
    member: Member,
    article: ArticlePage,
    words: str,
    submission: UUID | None,
    asked: Collection[str] | None = None,
    reach_out: bool = False,
) -> Remark:
    """Tell curators what is wrong with `article`. The same `submission` twice tells it once.

    Words of danger open a case for moderators, as in `give_opinion`, which says what is raised, too.
    """
    said = {"page": article, "kind": Remark.Kind.CORRECTION, "text": text.normalise(words)}
    verdict = _screened(text.normalise(words), asked, reach_out=reach_out)
    is_new = True
    if submission is None:
        remark = Remark.objects.create(member=member, **said)
    else:
        remark, is_new = Remark.objects.get_or_create(member=member, submission=submission, defaults=said)
    if is_new:
        cases.open_for_signals(subject=remark, verdict=verdict)
    notifications.services.record(kind=CORRECTION, target_id=remark.pk, actor=member, group_id=_SHELF)
    return remark


@transaction.atomic
def mark_seen(*, curator: Member, remark: Remark, answer: str = "") -> bool:
    """A curator has read it; `answer`, to a correction, goes to whoever wrote it. Says whether anything changed.

    Locks the row: of two curators at once the first answers, and the second changes nothing. An answer stays as it
    was given.
    """
    reading.check_curates(curator)
    locked = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    answer = text.normalise(answer) if locked.kind == Remark.Kind.CORRECTION else ""
    if locked.answer or (locked.seen_at and not answer):
        return False
    locked.seen_by, locked.seen_at, locked.answer = curator, timezone.now(), answer
    locked.save(update_fields=["seen_by", "seen_at", "answer"])
    if answer and locked.member_id:
        notifications.services.record(kind=CORRECTION_ANSWERED, target_id=locked.pk, actor=curator)
    return True
