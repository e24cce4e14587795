from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from members.services import retention


class Command(BaseCommand):
    help = "Remove what nobody needs any more, as each night does. Prints numbers only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Remove nothing; say what would go.")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        for key, number in retention.purge(dry_run=options["dry_run"]).items():
            self.stdout.write(f"{key}: {'unknown before it is done' if number < 0 else number}")
