from typing import Any

from django.core.management.base import BaseCommand

from moderation.services.starter import load_starter_rules, load_starter_templates
from resources.services.helplines import load_starter_helplines
from resources.services.starter import load_starter_articles


class Command(BaseCommand):
    help = (
        "Loads the community guidelines, the moderators’ templates, the helplines and the starter articles, and "
        "prepares the library. Lines and articles say that nobody here has checked them until somebody has. Never "
        "overwrites what somebody edited or took down, so it can run at every deploy."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        rules = load_starter_rules()
        templates = load_starter_templates()
        articles = load_starter_articles()
        lines = load_starter_helplines()
        shelf = f"{lines} helplines and {articles} articles"
        self.stdout.write(f"Added {rules} guidelines, {templates} templates, {shelf}.")
