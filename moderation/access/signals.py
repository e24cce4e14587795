"""What screening noticed about something, for whoever tells its author."""

from django.db.models import Model, QuerySet

from moderation import registry
from moderation.models import Case, Signal
from moderation.screening import Action


def held_for(subject: Model) -> set[tuple[str, str]]:
    """Kinds and rules of what keeps `subject` from readers until a person has looked. One query."""
    signals = _open_signals(subject).filter(action=Action.HOLD)
    return set(signals.values_list("kind", "rule"))


def _open_signals(subject: Model) -> QuerySet[Signal]:
    kind = registry.of(subject).kind
    return Signal.objects.filter(case__subject_kind=kind, case__subject_id=subject.pk, case__state=Case.State.OPEN)
