"""The words of members that came with a case, erased when nobody can appeal any more."""

from django.db import transaction
from django.utils import timezone

from moderation.models import APPEAL_WINDOW, Appeal, Case, Decision, Flag, OutsideReport, Signal, StaffMessage

AT_ONCE = 200


def erase_words(*, limit: int = AT_ONCE) -> int:
    """Erase what was kept of words in cases that were decided for good, in batches. Says in how many cases.

    Those are the author's, also in an appeal and in answers to moderators. What was decided, why and by which rule
    stays, and so does what reporters and moderators wrote; who reported without an account is forgotten with the words.
    """
    erased = 0
    while done := _erase_some(limit):
        erased += done
    return erased


@transaction.atomic
def _erase_some(limit: int) -> int:
    """One batch: nine queries. Locks the cases."""
    cutoff = timezone.now() - APPEAL_WINDOW
    over = Case.objects.filter(state=Case.State.DECIDED, words_erased=False, decided_at__lt=cutoff)
    # An appeal may have changed a decision since; from then on that one can be appealed against.
    since = Decision.objects.filter(decided_at__gte=cutoff).values("case")
    disputed = Appeal.objects.filter(state=Appeal.State.OPEN).values("decision__case")
    final = over.exclude(pk__in=since).exclude(pk__in=disputed).order_by("decided_at", "id")
    ids = list(final.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    Flag.objects.filter(case__in=ids).exclude(snapshot="").update(snapshot="")
    Signal.objects.filter(case__in=ids).exclude(snapshot="").update(snapshot="", start=0, end=0)
    Decision.objects.filter(case__in=ids).exclude(snapshot="", options={}).update(snapshot="", options={})
    Appeal.objects.filter(decision__case__in=ids).exclude(text="").update(text="")
    StaffMessage.objects.filter(case__in=ids).exclude(answer="").update(answer="")
    OutsideReport.objects.filter(flags__case__in=ids).update(name="", email="")
    return Case.objects.filter(pk__in=ids).update(words_erased=True)
