"""How long a limit lasts, and which one an author's earlier ones suggest. A person always decides."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.carried import Carried
from moderation import registry
from moderation.models import Case, Sanction, SanctionKind

type Choices = list[tuple[str, str | list[tuple[str, str]]]]
DAY = 24
# What can be chosen beside an action: a kind and its hours; None is without end.
STEPS: Sequence[tuple[SanctionKind, Sequence[int | None]]] = (
    (SanctionKind.HELD_FIRST, (7 * DAY, 30 * DAY)),
    (SanctionKind.SILENCED, (DAY, 72, 7 * DAY, 30 * DAY)),
    (SanctionKind.SUSPENDED, (DAY, 72, 7 * DAY, 30 * DAY, None)),
    (SanctionKind.NO_FLAGS, (30 * DAY,)),
)
_NAMES = {
    SanctionKind.HELD_FIRST: gettext_lazy("posts read first"),
    SanctionKind.SILENCED: gettext_lazy("silenced"),
    SanctionKind.SUSPENDED: gettext_lazy("suspended"),
    SanctionKind.NO_FLAGS: gettext_lazy("reporting withdrawn"),
}
_LADDER: Sequence[tuple[SanctionKind, int | None]] = (
    (SanctionKind.HELD_FIRST, 7 * DAY),
    (SanctionKind.SILENCED, DAY),
    (SanctionKind.SILENCED, 72),
    (SanctionKind.SUSPENDED, DAY),
    (SanctionKind.SUSPENDED, 72),
    (SanctionKind.SUSPENDED, 7 * DAY),
    (SanctionKind.SUSPENDED, 30 * DAY),
    (SanctionKind.SUSPENDED, None),
)
# After so long without a limit one begins at the foot again.
FORGOTTEN = dt.timedelta(days=365)
LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sentence for the moderator, and the step that it names, as the form has it; "" where it names none."""

    sentence: str
    step: str = ""


def sanction_step(kind: str, hours: int | None) -> str:
    """As the form names a limit: its kind and its hours, 0 for without end."""
    return f"{kind}:{hours or 0}" if kind else ""


def read_step(step: str) -> tuple[SanctionKind | None, int | None]:
    kind, _colon, hours = step.partition(":")
    return (SanctionKind(kind), int(hours) or None) if kind else (None, None)


def step_choices(
    *, is_alias: bool, fits: Callable[[SanctionKind, int | None], bool] = lambda _kind, _hours: True
) -> Choices:
    """For a select: nothing first, then a group for each kind of limit with the steps that are fit to be offered.

    Under an alias nobody's posts are read first: what is held from then on, under the name, would tell whose it is.
    """
    groups: Choices = [("", _("No limit on the account"))]
    for kind, lengths in STEPS:
        if is_alias and kind == SanctionKind.HELD_FIRST:
            continue
        name = str(_NAMES[kind])
        label = name[:1].upper() + name[1:]
        if fitting := [hours for hours in lengths if fits(kind, hours)]:
            groups.append((label, [(sanction_step(kind, hours), f"{label}, {in_words(hours)}") for hours in fitting]))
    return groups


def in_words(hours: int | None) -> str:
    """For how long."""
    if hours is None:
        return _("without end")
    if hours <= 72:
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = round(hours / DAY)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def suggestion(case: Case, *, known: bool) -> Suggestion | None:
    """What the author's last limit suggests, as far as moderators know that it was the same person.

    None where nobody can tell (the subject is gone). One query.
    """
    if not known:
        return None
    found = Case.objects.filter(pk=case.pk).values_list(registry.naming(), limits_before())
    naming, limits = found.get()
    named = registry.named(case.subject_kind, naming)
    return suggested(named.alias if named else None, limits)


# A limit, and behind it how its decision's subject is called.
_LIMIT = Carried(Sanction, "kind", "starts_at", "ends_at", "decision__case__subject_kind")


def limits_before() -> ArraySubquery:
    """Of the author, in a query about cases: what `suggested` needs."""
    set_before = Sanction.objects.filter(
        member=OuterRef("author_id"), kind__in=[kind for kind, _hours in _LADDER], decision__replaced_by=None
    )
    # What an appeal took back does not count.
    return _LIMIT.all(set_before.order_by("-id"), registry.naming("decision__case__"), limit=LOOKED_AT)


def suggested(alias: registry.Alias | None, limits: Sequence[Sequence[Any]]) -> Suggestion:
    """No query."""
    last = _last(alias, limits)
    if last is None or timezone.now() - last.starts_at > FORGOTTEN:
        if alias:
            return Suggestion(_("No limit was set on this account lately. A warning comes first."))
        return Suggestion(_("No limit was set on this account lately. A warning, or posts read first, come first."))
    step = _after(last)
    when = date_format(localtime(last.starts_at), "F Y")
    before = _("Last time: %(what)s in %(when)s.") % {"what": _described(last), "when": when}
    if step is None:
        return Suggestion(before)
    kind, hours = step
    following = in_words(hours) if kind == last.kind else f"{_NAMES[kind]}, {in_words(hours)}"
    sentence = before + " " + _("The next step would be: %(step)s.") % {"step": following}
    return Suggestion(sentence, sanction_step(kind, hours))


def _last(alias: registry.Alias | None, limits: Sequence[Sequence[Any]]) -> Sanction | None:
    """A limit that came with a decision about another name of the author tells nothing here: see `history_of`."""
    for limit, (naming,) in _LIMIT.with_more(limits):
        if limit.decision is None:
            if alias is None:
                return limit
            continue
        named = registry.named(limit.decision.case.subject_kind, naming)
        # Of what is gone nobody can tell which name its author had there.
        if named is not None and named.alias == alias:
            return limit
    return None


def _described(sanction: Sanction) -> str:
    name = str(_NAMES[SanctionKind(sanction.kind)])
    hours = _hours(sanction)
    if hours is None:
        return _("%(what)s without end") % {"what": name}
    return _("%(what)s for %(long)s") % {"what": name, "long": in_words(hours)}


def _hours(sanction: Sanction) -> int | None:
    if sanction.ends_at is None:
        return None
    return round((sanction.ends_at - sanction.starts_at).total_seconds() / 3600)


def _after(last: Sanction) -> tuple[SanctionKind, int | None] | None:
    """The first step of the ladder above `last`; None at its top."""
    reached = _height(SanctionKind(last.kind), _hours(last))
    return next((step for step in _LADDER if _height(*step) > reached), None)


def _height(kind: SanctionKind, hours: int | None) -> float:
    """In hours of suspension. A silence counts a seventh of its length: after one that was longer than those on the
    ladder, a suspension of a day would be a step down."""
    match kind:
        case SanctionKind.SUSPENDED:
            return hours or float("inf")
        case SanctionKind.SILENCED:
            return (hours or 30 * DAY) / 7
        case _:
            # A longer reading of posts beforehand is no higher step than a shorter one.
            return 0
