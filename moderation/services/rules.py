"""The community guidelines: admins change them, and every version is kept."""

import itertools
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify

from core.ordering import move_beside
from members.models import Member
from moderation.models import Rule, RuleVersion
from moderation.services import audit

# Addresses beside those of the rules.
RESERVED = {"new", "move"}


class RuleChangedError(Exception):
    """Somebody else changed the rule meanwhile."""


def _check_admin(actor: Member) -> None:
    if not (actor.is_staff or actor.is_superuser):
        raise PermissionDenied


def current_version(rule: Rule) -> RuleVersion:
    """The rule as it reads now; kept with each decision that rests on it. Written when it is not there yet."""
    kept, _made = RuleVersion.objects.get_or_create(
        rule=rule,
        version=rule.version,
        defaults={"title": rule.title, "text": rule.text, "is_active": rule.is_active},
    )
    return kept


@transaction.atomic
def change_rule(*, actor: Member, rule: Rule, version: int, title: str, text: str, is_active: bool) -> bool:
    """Write a new version. Says whether anything changed. Locks the rule.

    Raises:
        RuleChangedError: `version` is not the one that stands.
    """
    _check_admin(actor)
    locked = Rule.objects.select_for_update().get(pk=rule.pk)
    if locked.version != version:
        raise RuleChangedError
    current_version(locked)
    if (locked.title, locked.text, locked.is_active) == (title, text, is_active):
        return False
    locked.title, locked.text, locked.is_active = title, text, is_active
    locked.version += 1
    locked.save(update_fields=["title", "text", "is_active", "version"])
    _keep(locked, actor)
    return True


@transaction.atomic
def add_rule(*, actor: Member, title: str, text: str) -> Rule:
    """A new rule at the end, with an address made from its title. Locks all rules."""
    _check_admin(actor)
    rules = list(Rule.objects.select_for_update(no_key=True).order_by("id"))
    last = max((rule.position for rule in rules), default=-1)
    slug = _free_slug(title, taken={rule.slug for rule in rules})
    rule = Rule.objects.create(slug=slug, title=title, text=text, position=last + 1)
    _keep(rule, actor)
    return rule


def _free_slug(title: str, *, taken: Collection[str]) -> str:
    wanted = slugify(title)[:40].strip("-") or "guideline"
    numbered = (f"{wanted}-{number}" for number in itertools.count(2))
    return next(slug for slug in itertools.chain([wanted], numbered) if slug not in {*taken, *RESERVED})


def _keep(rule: Rule, actor: Member) -> None:
    RuleVersion.objects.create(
        rule=rule, version=rule.version, title=rule.title, text=rule.text, is_active=rule.is_active, changed_by=actor
    )
    audit.record(actor=actor, verb="change-rule", rule=rule.pk, version=rule.version)


@transaction.atomic
def move_rule(*, actor: Member, rule: Rule, beside: Rule, before: bool) -> bool:
    """Put `rule` directly before or after another; say whether that changed the order. Locks all rules."""
    _check_admin(actor)
    order = move_beside(Rule.objects.all(), moved=rule, beside=beside, before=before)
    if not order:
        return False
    audit.record(actor=actor, verb="move-rule", rule=rule.pk, order=[each.slug for each in order])
    return True
