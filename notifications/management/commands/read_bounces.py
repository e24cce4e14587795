import imaplib
import mailbox
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications import services


class Command(BaseCommand):
    help = (
        "Reads mails that came back to the mailbox that RETURNS_MAILBOX names. Those about mails of this site are "
        "noted and removed; everything else stays, marked as read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mailbox", default=settings.RETURNS_MAILBOX, help="another one, named the same way")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["mailbox"]:
            raise CommandError("RETURNS_MAILBOX is not set. .env.example says what it looks like.")
        try:
            collected = services.collect_returns(mailbox=options["mailbox"])
        except (OSError, mailbox.Error, imaplib.IMAP4.error) as error:
            raise CommandError(f"The mailbox could not be read ({type(error).__name__}).") from error
        self.stdout.write(f"{collected.known} noted and removed, {collected.unknown} left where they are.")
