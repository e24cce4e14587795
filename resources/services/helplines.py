"""Keeping lines to call or text. Whatever changes here is on the page that always answers soon after."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from members.models import Member
from moderation.services import audit
from resources import helplines
from resources.access.helplines import lines_kept
from resources.helplines_csv import Wanted, changes
from resources.models import HelpCountry, Helpline, HelplineChannel

# So long a comparison with the source counts, unless a curator says otherwise.
REVIEW_EVERY = dt.timedelta(days=182)
# What readers rely on. A change of one of these by somebody who does not confirm it makes a line unverified.
FACTS = frozenset(
    {"country", "name", "who_for", "hours", "opening", "hours_tz", "languages", "cost", "source", "channels"}
)
_RIGHTS = {"helpline": ("add", "change", "delete", "view"), "helpcountry": ("add", "change", "view")}


def let_curators_in(group: Group) -> None:
    """The rights to keep lines and countries. Safe to run again."""
    codes = [f"{right}_{model}" for model, rights in _RIGHTS.items() for right in rights]
    group.permissions.add(*Permission.objects.filter(content_type__app_label="resources", codename__in=codes))


@transaction.atomic
def load_starter_helplines() -> int:
    """Fill an empty table with the lines that the site comes with, none of them verified; says how many.

    Only an empty one: what a curator took out does not come back with the next version.
    """
    if HelpCountry.objects.exists():
        return 0
    shipped = helplines.shipped()
    HelpCountry.objects.bulk_create(
        HelpCountry(
            code=country.code,
            name=country.name,
            emergency_display=country.emergency_display,
            emergency_dial=country.emergency_dial,
            emergency_note=country.emergency_note,
        )
        for country in shipped.values()
    )
    found = [(country, place, line) for country in shipped.values() for place, line in enumerate(country.helplines)]
    rows = Helpline.objects.bulk_create(_row(country.code, place, line) for country, place, line in found)
    HelplineChannel.objects.bulk_create(
        HelplineChannel(helpline=row, position=place, kind=way.kind, display=way.display, dial=way.dial, body=way.body)
        for row, (_country, _place, line) in zip(rows, found, strict=True)
        for place, way in enumerate(line.channels)
    )
    show_soon()
    return len(rows)


def _row(country: str, place: int, line: helplines.Helpline) -> Helpline:
    return Helpline(
        country_id=country,
        position=place,
        name=line.name,
        who_for=line.who_for,
        hours=line.hours,
        opening=line.opening.as_json(),
        hours_tz=line.hours_tz,
        languages=list(line.languages),
        cost=line.cost,
        source=line.source,
        review_by=line.review_by,
    )


@transaction.atomic
def note_helpline(
    *, actor: Member, line: Helpline, changed: Collection[str], confirmed: bool, is_new: bool = False
) -> None:
    """After `actor` has written `line`: whether it is verified now, the log, and the page.

    `changed` names its fields. `confirmed` says that they compared every one of them with the source; without that, a
    line whose facts changed is unverified again.
    """
    today = timezone.localdate()
    if confirmed:
        line.verified_on, line.verified_by = today, actor
        if line.review_by is None or line.review_by <= today:
            line.review_by = today + REVIEW_EVERY
    elif is_new or not FACTS.isdisjoint(changed):
        line.verified_on = line.verified_by = None
    Helpline.objects.filter(pk=line.pk).update(
        verified_on=line.verified_on, verified_by=line.verified_by, review_by=line.review_by, changed_at=Now()
    )
    if changed or is_new:
        _record(actor, "helpline-add" if is_new else "helpline-change", line, changes=sorted(changed))
    if confirmed:
        _record(actor, "helpline-verify", line, until=str(line.review_by))
    show_soon()


@transaction.atomic
def remove_helpline(*, actor: Member | None, line: Helpline) -> None:
    """Take `line` away for good."""
    _record(actor, "helpline-remove", line)
    line.delete()
    show_soon()


@transaction.atomic
def note_country(*, actor: Member, country: HelpCountry, changed: Collection[str], is_new: bool) -> None:
    """After `actor` has written `country`: the log, and the page."""
    verb = "help-country-add" if is_new else "help-country-change"
    audit.record(actor=actor, verb=verb, country=country.code, title=country.name, changes=sorted(changed))
    show_soon()


@dataclass
class BroughtIn:
    """What a table did, or would do: the names of the lines, by their row."""

    added: list[Wanted] = field(default_factory=list)
    changed: list[tuple[Wanted, Sequence[str]]] = field(default_factory=list)
    unchanged: list[Wanted] = field(default_factory=list)


@transaction.atomic
def bring_in(*, actor: Member | None, lines: Iterable[Wanted], dry_run: bool = False) -> BroughtIn:
    """Add the lines that are missing, and change those that are not as wanted; none is taken away.

    What is added or changed in its facts is unverified. `actor` is None for whoever works on the server itself. With
    `dry_run` nothing is written.
    """
    kept = {(str(line.country_id), line.name): line for line in lines_kept()}
    done = BroughtIn()
    for wanted in lines:
        line = kept.get(wanted.key)
        if line is None:
            done.added.append(wanted)
        elif found := changes(line, wanted):
            done.changed.append((wanted, found))
        else:
            done.unchanged.append(wanted)
    if not dry_run and (done.added or done.changed):
        _write(actor, done, kept)
        show_soon()
    return done


def _write(actor: Member | None, done: BroughtIn, kept: Mapping[tuple[str, str], Helpline]) -> None:
    for wanted in done.added:
        line = Helpline.objects.create(country_id=wanted.country, **wanted.fields)
        _set_channels(line, wanted)
        _record(actor, "helpline-add", line, changes=[])
    for wanted, found in done.changed:
        line = kept[wanted.key]
        # Nothing counts as compared for ever.
        is_unverified = not FACTS.isdisjoint(found) or wanted.fields.get("review_by", line.review_by) is None
        fresh = {"verified_on": None, "verified_by": None} if is_unverified else {}
        Helpline.objects.filter(pk=line.pk).update(**wanted.fields, **fresh, changed_at=Now())
        if "channels" in found:
            _set_channels(line, wanted)
        _record(actor, "helpline-change", line, changes=sorted(found))


def _set_channels(line: Helpline, wanted: Wanted) -> None:
    HelplineChannel.objects.filter(helpline=line).delete()
    HelplineChannel.objects.bulk_create(
        HelplineChannel(helpline=line, position=place, kind=way.kind, display=way.display, dial=way.dial, body=way.body)
        for place, way in enumerate(wanted.ways)
    )


def _record(actor: Member | None, verb: str, line: Helpline, **details: Any) -> None:
    audit.record(actor=actor, verb=verb, country=str(line.country_id), title=line.name, **details)


def show_soon() -> None:
    """Have the page made anew once this transaction has come true."""
    from resources import tasks

    transaction.on_commit(tasks.show_help_soon)
