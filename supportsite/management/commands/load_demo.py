from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.models import Member
from supportsite.demo.load import load_demo
from supportsite.demo.people import PASSWORD, SIGN_INS


class Command(BaseCommand):
    help = "Fills an empty database with a small demo community, and prints how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sign-ins", action="store_true", help="only print the sign-ins, if the demo is there")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("The demo's passwords are public, so it is loaded only with SITE_MODE=local.")
        if not options["sign_ins"] and not Member.objects.exists():
            made = load_demo()
            self.stdout.write(
                f"Loaded the demo: {made.boards} boards, {made.members} members, {made.threads} threads, "
                f"{made.posts} posts, {made.articles} articles. The help lines come unverified."
            )
        if Member.objects.filter(username=SIGN_INS[0].username, email__endswith="@demo.invalid").exists():
            self._print_sign_ins()

    def _print_sign_ins(self) -> None:
        self.stdout.write(f"Sign in to the demo with the password {PASSWORD} as")
        for sign_in in SIGN_INS:
            self.stdout.write(f"  {sign_in.username:<8} {sign_in.role}")
