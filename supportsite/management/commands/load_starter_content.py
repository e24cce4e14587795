from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.models import Member
from moderation.services.starter import load_starter_rules, load_starter_templates
from resources.services.starter import load_starter_articles, prepare_library


class Command(BaseCommand):
    help = (
        "Loads the community guidelines and the moderators’ templates, and prepares the library; with --author and "
        "--reviewer also the starter articles. Never overwrites what somebody edited, so it can run at every deploy."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--author", help="pseudonym of the curator whose articles they become")
        parser.add_argument("--reviewer", help="pseudonym of the other curator, who has read them")

    def handle(self, *_args: Any, **options: Any) -> None:
        rules = load_starter_rules()
        templates = load_starter_templates()
        prepare_library()
        articles = 0
        if options["author"] or options["reviewer"]:
            author, reviewer = (self._curator(options[role]) for role in ("author", "reviewer"))
            if author == reviewer:
                raise CommandError("Author and reviewer are two people. Nothing was loaded.")
            articles = load_starter_articles(author=author, reviewer=reviewer)
        self.stdout.write(f"Added {rules} guidelines, {templates} templates and {articles} articles.")

    def _curator(self, username: str | None) -> Member:
        member = Member.objects.filter(username=username or "", is_curator=True).first()
        if member is None:
            raise CommandError(f"There is no curator called “{username}”. Name both with --author and --reviewer.")
        return member
