import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.screening.evaluation import UnreadableFileError, evaluate, names


class Command(BaseCommand):
    help = "Measures the screening on labelled texts, and prints numbers only. docs/screening.md says what they mean."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", required=True, type=Path, help=f"folder that holds any of {', '.join(names())}")
        parser.add_argument("--json", action="store_true", help="print the measures as one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["data"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder. Name the one that holds the labelled texts.")
        try:
            found = evaluate(folder)
        except UnreadableFileError as error:
            raise CommandError(f"{error} Nothing was measured.") from error
        for name in found.skipped:
            self.stderr.write(f"Skipped {name}: it is not there.")
        if options["json"]:
            self.stdout.write(json.dumps({name: round(value, 4) for name, value in found.measures.items()}, indent=2))
            return
        for name, value in found.measures.items():
            self.stdout.write(f"{name:<36} {value:8.4f}")
