"""Who opens the pages: members with a session, and what they may do without meeting somebody they blocked."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.test import Client
from django.utils import timezone

from bench.shape import BOARDS, LONG, Shape
from forums.models import Draft, ReadMark, Thread, Visibility
from members.models import Block, Member

# As long as Django's own; the form sends the same.
CSRF = "BenchBenchBenchBenchBenchBenchBe"
READERS, WRITERS = 40, 300
SPREAD = 50
NO_NOTES = range(LONG + 1, BOARDS - 1)


class Cast:
    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.cookies: dict[int, str] = {}

    @cached_property
    def readers(self) -> Sequence[int]:
        """Members who write now and then."""
        return range(30, 30 + READERS)

    @cached_property
    def writers(self) -> Sequence[int]:
        first = 30 + READERS
        return range(first, min(first + WRITERS, self.shape.members))

    def come_in(self, keys: Iterable[int]) -> None:
        """A session for each, noted as here today already."""
        keys = [key for key in keys if key not in self.cookies]
        Member.objects.filter(pk__in=keys).update(seen_on=timezone.now().date())
        for member in Member.objects.filter(pk__in=keys):
            client = Client()
            client.force_login(member)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            self.cookies[member.pk] = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"

    def cookie(self, key: int) -> str:
        if key not in self.cookies:
            self.come_in([key])
        return self.cookies[key]

    @cached_property
    def parted(self) -> set[tuple[int, int]]:
        """Pairs, both ways round."""
        everybody = [*self.readers, *self.writers]
        found = Block.objects.filter(Q(blocker__in=everybody) | Q(blocked__in=everybody))
        pairs = set(found.values_list("blocker_id", "blocked_id"))
        return pairs | {(there, here) for here, there in pairs}

    @cached_property
    def long_thread(self) -> Thread:
        """Nobody who reads it here is parted from its author."""
        thread = Thread.objects.filter(board=LONG).order_by("-last_number", "pk")[0]
        everybody = [*self.readers, *self.writers]
        Block.objects.filter(
            Q(blocker=thread.author_id, blocked__in=everybody) | Q(blocked=thread.author_id, blocker__in=everybody)
        ).delete()
        return thread

    @cached_property
    def threads(self) -> Sequence[Thread]:
        """Some whose first window is full, which every reader may open, unfolded."""
        parted = {author for reader, author in self.parted if reader in self.readers}
        found = self._plain_threads().exclude(author__in=parted).order_by("-last_post_at", "-pk")
        # In a small community no thread may be that long.
        return list(found.filter(last_number__gte=20)[:SPREAD]) or list(found[:SPREAD])

    @cached_property
    def open_threads(self) -> Sequence[Thread]:
        """Where replies are written: many, none of them followed by thousands."""
        return list(self._plain_threads().filter(state="open").order_by("-last_post_at", "-pk")[:2000])

    @staticmethod
    def _plain_threads() -> QuerySet[Thread]:
        return Thread.objects.filter(
            board__in=NO_NOTES, visibility=Visibility.VISIBLE, content_notes=[], merged_into=None
        )

    def have_read(self, threads: Sequence[Thread]) -> None:
        """As people who open a thread again: nothing is to be noted."""
        marks = ReadMark._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {marks} (member_id, thread_id, last_read_number) "
                "SELECT m, t.id, t.last_number FROM unnest(%s) m, forums_thread t WHERE t.id = ANY(%s) "
                "ON CONFLICT (member_id, thread_id) DO UPDATE SET last_read_number = excluded.last_read_number",
                [list(self.readers), [thread.pk for thread in threads]],
            )

    def have_begun_nothing(self) -> None:
        Draft.objects.filter(member__in=[*self.readers, *self.writers]).delete()
