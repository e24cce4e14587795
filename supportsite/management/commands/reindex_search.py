from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from forums.services import search


class Command(BaseCommand):
    help = (
        "Indexes every post for search anew, after SEARCH_LANGUAGE was changed. People can read, write and search "
        "meanwhile; run it again if it was stopped."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        last: int | None = 0
        while last is not None:
            last = search.reindex(after=last)
        words = search.rebuild_words()
        self.stdout.write(
            f"Every post is indexed in “{settings.SEARCH_LANGUAGE}”; {words} words are known for typing mistakes."
        )
