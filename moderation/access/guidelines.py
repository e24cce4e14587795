"""The community guidelines as they stand and as they were. Visitors read them, too."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from core.changes import Piece, changes
from moderation.models import Rule, RuleVersion


@dataclass(frozen=True, slots=True)
class Guideline:
    """A rule, since when it reads so (None: from the beginning), and by whom, for administrators alone."""

    rule: Rule
    changed_at: dt.datetime | None
    changed_by: str


def guidelines(*, retired: bool = False) -> Sequence[Guideline]:
    """In their order; with `retired`, those that are no longer in force stand last. Two queries."""
    found = list(Rule.objects.filter(Q() if retired else Q(is_active=True)).order_by("-is_active", "position", "id"))
    versions = RuleVersion.objects.select_related("changed_by").filter(rule__in=found).order_by("version")
    latest = {version.rule_id: version for version in versions}
    return [_guideline(rule, latest.get(rule.pk)) for rule in found]


def _guideline(rule: Rule, version: RuleVersion | None) -> Guideline:
    # The first version may have been written down only when the second came.
    if version is None or version.version != rule.version or version.changed_by is None:
        return Guideline(rule, None, "")
    return Guideline(rule, version.changed_at, version.changed_by.shown_name)


def get_rule(slug: str) -> Rule:
    """Also one that was retired: earlier decisions rest on it. Raises Http404."""
    rule = find_rule(slug)
    if rule is None:
        raise Http404
    return rule


def find_rule(slug: str) -> Rule | None:
    return Rule.objects.filter(slug=slug).first()


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What one version made of the one before. `retired` and `restored`: whether it left force, or came back."""

    version: int
    at: dt.datetime
    by: str
    title: Sequence[Piece] | None
    text: Sequence[Piece] | None
    retired: bool
    restored: bool


def changes_of(rule: Rule) -> Sequence[RuleChange]:
    """The latest first. One query; administrators change a rule a few times in its life."""
    versions = list(RuleVersion.objects.select_related("changed_by").filter(rule=rule).order_by("-version"))
    return [_change(before, after) for after, before in itertools.pairwise(versions)]


def _change(before: RuleVersion, after: RuleVersion) -> RuleChange:
    return RuleChange(
        version=after.version,
        at=after.changed_at,
        by=after.changed_by.shown_name if after.changed_by else "",
        title=changes(before.title, after.title) if before.title != after.title else None,
        text=changes(before.text, after.text) if before.text != after.text else None,
        retired=before.is_active and not after.is_active,
        restored=after.is_active and not before.is_active,
    )
