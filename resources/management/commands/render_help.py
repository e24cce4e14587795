from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from resources.help_pages import UnfitPageError
from resources.services.rendering import render_help


class Command(BaseCommand):
    help = (
        "Makes the page that always answers (/help-now/), for every country and language, where what is shown is not "
        "what curators keep. Run it at every deploy. If it fails, the last good pages stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="also where nothing has changed")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            made = render_help(anew=options["anew"])
        except (UnfitPageError, OSError, DatabaseError) as error:
            raise CommandError(f"The pages were not made, and those before are shown. {error}") from error
        self.stdout.write(f"Made the pages in {settings.HELP_DIR}." if made else "The pages are as they should be.")
