"""The community guidelines, and words for moderators to begin with, as they come."""

import tomllib
from pathlib import Path

from moderation.models import Rule, Template

FILE = Path(__file__).resolve().parent.parent / "starter_rules.toml"
TEMPLATES = FILE.with_name("starter_templates.toml")


def load_starter_rules() -> int:
    """Add the guidelines where there are none at all; edited ones are never touched. Says how many were added."""
    if Rule.objects.exists():
        return 0
    rules = tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]
    return len(Rule.objects.bulk_create(Rule(position=position, **rule) for position, rule in enumerate(rules)))


def load_starter_templates() -> int:
    """The same for the templates of each purpose, whether in use or not."""
    there = set(Template.objects.values_list("purpose", flat=True).distinct())
    templates = tomllib.loads(TEMPLATES.read_text(encoding="utf-8"))["template"]
    missing = [(place, row) for place, row in enumerate(templates) if row["purpose"] not in there]
    return len(Template.objects.bulk_create(Template(position=place, **row) for place, row in missing))
