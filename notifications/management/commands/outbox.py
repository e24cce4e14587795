import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications import access

_FORMAT = "{:<8} {:<16} {:>9} {:>12} {:>12}"


class Command(BaseCommand):
    help = (
        "Shows what waits to be told, and for how long. Ends with 1 when something has waited for longer than "
        "OUTBOX_LATE_MINUTES without need."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--late", type=int, default=settings.OUTBOX_LATE_MINUTES, help="minutes, instead")

    def handle(self, *_args: Any, **options: Any) -> None:
        rows = access.waiting()
        if not rows:
            self.stdout.write("Nothing waits.")
            return
        self.stdout.write(_FORMAT.format("what", "held by", "waiting", "oldest", "late by"))
        for row in rows:
            held = row.reason or "-"
            self.stdout.write(_FORMAT.format(row.what, held, row.count, _spoken(row.oldest), _spoken(row.late)))
        limit = dt.timedelta(minutes=options["late"])
        if any(row.late > limit for row in rows):
            raise CommandError(f"Something has waited for more than {options['late']} minutes. Do worker and beat run?")


def _spoken(length: dt.timedelta) -> str:
    seconds = int(length.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s" if seconds else "-"
