import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.models import Member
from resources import helplines, helplines_csv, phones
from resources.access.helplines import as_shown, lines_kept
from resources.models import HelpCountry, Helpline
from resources.services.helplines import bring_in

# Some ten thousand lines.
TABLE_MAX = 5_000_000


class Command(BaseCommand):
    help = "Lines to call or text: what is to be checked, and all of them as a table to fill in with a spreadsheet."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("check", help="list what nobody has confirmed, what is overdue, and what cannot be right")
        export = verbs.add_parser("export", help="write all lines as CSV")
        export.add_argument("file", nargs="?", type=Path, help="instead of standard output")
        bring = verbs.add_parser(
            "import", help="add and change lines from CSV, all or none; nothing is removed, and nothing is verified"
        )
        bring.add_argument("file", type=Path)
        bring.add_argument("--dry-run", action="store_true", help="say what would happen, and do nothing")
        bring.add_argument("--by", default="", help="pseudonym of the curator whom the log names")

    def handle(self, *_args: Any, **options: Any) -> None:
        match options["verb"]:
            case "check":
                self._check()
            case "export":
                self._export(options["file"])
            case "import":
                self._import(options["file"], by=options["by"], dry_run=options["dry_run"])

    def _check(self) -> None:
        """Ends with 1 where a line is overdue or cannot be right: a line that is new is no reason for an alarm."""
        lines = lines_kept()
        bad = 0
        for line in lines:
            found = _findings(line)
            bad += any(serious for _words, serious in found)
            for words, _serious in found:
                self.stdout.write(f"{line.country_id}  {line.name}: {words}")
        with_lines = {line.country_id for line in lines if line.is_shown}
        for country in HelpCountry.objects.exclude(pk__in=with_lines).order_by("pk"):
            self.stdout.write(f"{country.pk}  {country.name}: has no line that is shown")
        if bad:
            raise CommandError(f"{bad} of {len(lines)} lines are overdue or cannot be right.")

    def _export(self, file: Path | None) -> None:
        text = helplines_csv.write(lines_kept())
        if file:
            # With a mark at its beginning, without which spreadsheets mistake the accents.
            file.write_text(text, encoding="utf-8-sig", newline="")
        else:
            self.stdout.write(text, ending="")

    def _import(self, file: Path, *, by: str, dry_run: bool) -> None:
        actor = Member.objects.filter(username=by, is_curator=True).first() if by else None
        if by and actor is None:
            raise CommandError(f"There is no curator called “{by}”. Nothing was imported.")
        codes = set(HelpCountry.objects.values_list("pk", flat=True))
        table = helplines_csv.read(_text(file), countries=codes)
        if table.errors:
            for error in table.errors:
                self.stderr.write(str(error))
            raise CommandError(
                f"Nothing was imported. Put right what is said above ({len(table.errors)}), and run it again."
            )
        done = bring_in(actor=actor, lines=table.lines, dry_run=dry_run)
        for wanted in done.added:
            self.stdout.write(f"row {wanted.row}: adds {wanted.country} {wanted.fields['name']}")
        for wanted, found in done.changed:
            self.stdout.write(
                f"row {wanted.row}: changes {wanted.country} {wanted.fields['name']} ({', '.join(found)})"
            )
        said = f"{len(done.added)} added, {len(done.changed)} changed, {len(done.unchanged)} as they were."
        self.stdout.write(f"Nothing was written. It would be: {said}" if dry_run else said)


def _text(file: Path) -> str:
    try:
        with nullcontext(sys.stdin) if str(file) == "-" else file.open(encoding="utf-8-sig", newline="") as source:
            text = source.read(TABLE_MAX + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read as UTF-8 text. Nothing was imported. ({error})") from error
    if len(text) > TABLE_MAX:
        raise CommandError(f"{file} is longer than any table of lines. Nothing was imported.")
    return text


def _findings(line: Helpline) -> Sequence[tuple[str, bool]]:
    """What is to be said of it, each with whether it is serious."""
    shown = as_shown(line)
    found: list[tuple[str, bool]] = []
    if line.verified_on is None:
        found.append(("unverified", False))
    elif shown.overdue:
        found.append((f"overdue since {line.review_by}", True))
    if line.review_by and line.review_by < helplines.today() and line.verified_on is None:
        found.append((f"was to be checked by {line.review_by}", True))
    for way in shown.channels:
        words = phones.problem(kind=way.kind, display=way.display, dial=way.dial, country=str(line.country_id))
        if words:
            found.append((words, True))
    if not shown.channels and str(line.country_id) != helplines.ELSEWHERE:
        found.append(("has no way to reach it", True))
    return found
