"""What is measured: each page and write as the requests that a browser would send."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice, repeat
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from bench.cast import CSRF, Cast
from bench.client import Request
from bench.shape import BIG, BOARDS, has_rare_word
from bench.words import COMMON_WORD, TYPED_WRONG, Writer, rare_word
from core.pagination import cursor_after
from forums.access.lists import THREADS_A_PAGE
from forums.access.posts import WINDOW
from forums.models import Draft, Post, Reaction, Thread, Visibility
from moderation import screening
from moderation.models import Case, Flag
from resources.models import ArticlePage

OK, FOUND = 200, 302
# As many as are asked for one after the other before the first comes again.
TURNS = 400


@dataclass(frozen=True)
class Page:
    """`once`: what was sent is not sent again, for it would change nothing the second time."""

    name: str
    requests: Iterator[Request]
    expects: int = OK
    once: bool = False

    def take(self, number: int) -> Sequence[Request]:
        return list(islice(self.requests, number))


def unremarkable(writer: Writer, length: int) -> str:
    """Words that are posted at once. Of a thousand two or so say by chance what screening asks about first."""
    return next(body for body in map(writer.body, repeat(length)) if not screening.screen(body).signals)


class Pages:
    def __init__(self, cast: Cast, seed: int = 1) -> None:
        self.cast = cast
        self.chance = random.Random(seed)
        self.writer = Writer(seed + 100)

    def all(self) -> dict[str, Page]:
        """In the order in which they are measured: what changes much comes last."""
        cast = self.cast
        cast.come_in([*cast.readers, *cast.writers, *cast.shape.moderators])
        cast.have_read([cast.long_thread, *cast.threads])
        cast.have_begun_nothing()
        reading = [
            Page("thread", self._thread(lambda _turn: 1)),
            Page("thread_deep", self._thread(self._deep)),
            Page("thread_plain", self._thread(lambda _turn: 1, gzip=False)),
            Page("thread_many", self._by_readers(lambda turn: self._pick(cast.threads, turn).get_absolute_url())),
            Page("thread_visitor", self._visitor()),
            Page("board", self._by_readers(lambda _turn: self._board())),
            Page("board_deep", self._by_readers(self._board_deep())),
            Page("home", self._by_readers(lambda _turn: reverse("home"))),
            Page("waiting", self._by_readers(lambda _turn: reverse("waiting"))),
            Page("search", self._search(self._words_of_all_kinds())),
            Page("search_common", self._search([COMMON_WORD])),
            Page("search_rare", self._search(self._rare_words())),
            Page("search_typo", self._search(list(TYPED_WRONG.values()))),
            Page("notices", self._by_readers(lambda _turn: reverse("notices"))),
            Page("queue", self._by(list(cast.shape.moderators), lambda _turn: reverse("queue"))),
            Page("case", self._cases()),
            Page("article", self._articles()),
            Page("help_now", self._by_readers(lambda _turn: reverse("help_now"))),
        ]
        writing = [
            Page("thread_unread", self._unread(), once=True),
            Page("draft", self._drafts(), once=True),
            Page("reaction", self._reactions(), once=True),
            Page("reply", self._replies(lambda turn: self._pick(cast.open_threads, turn)), FOUND, once=True),
            Page("reply_long", self._replies(lambda _turn: cast.long_thread), FOUND, once=True),
            Page("flag", self._flags(), FOUND, once=True),
        ]
        return {page.name: page for page in (*reading, *writing)}

    # --- reading

    def _by(self, keys: Sequence[int], address: Callable[[int], str], *, gzip: bool = True) -> Iterator[Request]:
        turn = 0
        while True:
            yield Request(address(turn), self.cast.cookie(keys[turn % len(keys)]), gzip=gzip)
            turn += 1

    def _by_readers(self, address: Callable[[int], str], *, gzip: bool = True) -> Iterator[Request]:
        return self._by(self.cast.readers, address, gzip=gzip)

    def _thread(self, page: Callable[[int], int], *, gzip: bool = True) -> Iterator[Request]:
        address = self.cast.long_thread.get_absolute_url()

        def at(turn: int) -> str:
            number = page(turn)
            return address if number == 1 else f"{address}?page={number}"

        return self._by_readers(at, gzip=gzip)

    def _deep(self, turn: int) -> int:
        """A full window in the second half of the thread."""
        windows = self.cast.long_thread.last_number // WINDOW
        return windows // 2 + 1 + turn % max(1, windows // 2 - 1)

    def _visitor(self) -> Iterator[Request]:
        open_to_all = Thread.objects.filter(
            board=BOARDS, visibility=Visibility.VISIBLE, content_notes=[], last_number__gte=20
        )
        found = list(open_to_all.order_by("-last_post_at", "-pk")[:20])
        # In a small community no such thread may be full.
        found = found or list(Thread.objects.filter(board=BOARDS, visibility=Visibility.VISIBLE, content_notes=[])[:20])
        while True:
            for thread in found:
                yield Request(thread.get_absolute_url())

    @staticmethod
    def _board() -> str:
        return reverse("board", args=[f"board-{BIG}"])

    def _board_deep(self) -> Callable[[int], str]:
        """Pages from the middle of the board on."""
        threads = Thread.objects.filter(board=BIG).order_by("-last_post_at", "-id").values("last_post_at", "id")
        middle = self.cast.shape.big_board // 2
        rows = list(threads[middle : middle + THREADS_A_PAGE * 200 : THREADS_A_PAGE])
        cursors = [cursor_after(row, ["-last_post_at", "-id"]) for row in rows]
        return lambda turn: f"{self._board()}?after={self._pick(cursors, turn)}"

    def _search(self, words: Sequence[str]) -> Iterator[Request]:
        return self._by_readers(lambda turn: f"{reverse('search')}?{urlencode({'q': self._pick(words, turn)})}")

    def _rare_words(self) -> Sequence[str]:
        keys = range(self.cast.shape.posts, 0, -1)
        long_thread = set(
            Post.objects.filter(thread=self.cast.long_thread, pk__gt=self.cast.shape.posts - 20_000).values_list(
                "pk", flat=True
            )
        )
        rare = (rare_word(key) for key in keys if has_rare_word(key, in_long_thread=key in long_thread))
        return list(islice(rare, 20))

    def _words_of_all_kinds(self) -> Sequence[str]:
        rare, typos = self._rare_words(), list(TYPED_WRONG.values())
        return [word for nth, word_ in enumerate(rare) for word in (COMMON_WORD, word_, typos[nth % len(typos)])]

    def _cases(self) -> Iterator[Request]:
        cases = list(Case.objects.filter(state=Case.State.OPEN, claimed_by=None).order_by("pk")[:50])
        moderators = list(self.cast.shape.moderators)
        return self._by(moderators, lambda turn: reverse("case", args=[self._pick(cases, turn).public_id]))

    def _articles(self) -> Iterator[Request]:
        slugs = list(ArticlePage.objects.live().order_by("pk").values_list("slug", flat=True)[:40])
        return self._by_readers(lambda turn: f"/resources/{self._pick(slugs, turn)}/")

    # --- writing

    def _unread(self) -> Iterator[Request]:
        """Threads that this reader opens for the first time, so that what they read is noted."""
        for thread in self.cast.open_threads:
            for key in self._apart_from([thread.author_id])[:20]:
                yield Request(thread.get_absolute_url(), self.cast.cookie(key))

    def _replies(self, where: Callable[[int], Thread]) -> Iterator[Request]:
        turn = 0
        while True:
            thread = where(turn)
            key = self._somebody([thread.author_id], turn)
            # As somebody who was told already what others wrote meanwhile.
            form = {"seen": 1_000_000, "announced": "1", "sequence": 0, "reply_to": "", "submission": self._mark()}
            yield self._post(
                reverse("reply", args=[thread.public_id]), key, form | {"body": unremarkable(self.writer, 80)}
            )
            turn += 1

    def _drafts(self) -> Iterator[Request]:
        """Each was begun before, and is saved once with more words: no save meets a newer one, however they arrive."""
        threads, at_once, begun_with = self.cast.open_threads, 500, 1
        for start in count(0, at_once):
            pairs = {
                # Others than those who reply in these threads, so that no reply leaves a draft behind.
                (thread, self._somebody([thread.author_id], turn + 1 + turn // len(threads)))
                for turn in range(start, start + at_once)
                for thread in [self._pick(threads, turn)]
            }
            begun = [(*pair, self.writer.body(60)) for pair in sorted(pairs, key=lambda pair: (pair[0].pk, pair[1]))]
            Draft.objects.bulk_create(
                (Draft(member_id=key, thread=thread, body=body, sequence=begun_with) for thread, key, body in begun),
                ignore_conflicts=True,
            )
            for thread, key, body in begun:
                form = {"sequence": begun_with, "seen": 1_000_000, "reply_to": "", "body": f"{body} and"}
                yield self._post(reverse("save_reply", args=[thread.public_id]), key, form)

    def _reactions(self) -> Iterator[Request]:
        given = set(
            Reaction.objects.filter(member__in=self.cast.writers, kind=Reaction.Kind.HEARD).values_list(
                "member_id", "post_id"
            )
        )
        for turn, (pk, public_id, author, starter) in enumerate(self._posts()):
            key = self._somebody([author, starter], turn)
            if (key, pk) not in given:
                yield self._post(reverse("react", args=[public_id]), key, {"give": Reaction.Kind.HEARD}, htmx=True)

    def _flags(self) -> Iterator[Request]:
        reasons = [Flag.Reason.ABUSE, Flag.Reason.SPAM, Flag.Reason.ADVICE, Flag.Reason.PRIVACY]
        reported = set(Case.objects.filter(subject_kind="post").values_list("subject_id", flat=True))
        for turn, (pk, public_id, author, starter) in enumerate(self._posts()):
            if pk not in reported:
                key = self._somebody([author, starter], turn)
                form = {"reason": self._pick(reasons, turn), "note": "Please have a look."}
                yield self._post(reverse("flag", args=["post", public_id]), key, form)

    def _posts(self) -> Iterator[tuple[int, UUID, int, int]]:
        threads = [thread.pk for thread in self.cast.open_threads]
        found = Post.objects.filter(thread__in=threads, visibility=Visibility.VISIBLE).order_by("-pk")
        rows = found.values_list("pk", "public_id", "author_id", "thread__author_id")
        return iter(list(rows[:20_000]))

    def _post(self, path: str, key: int, form: Mapping[str, object], *, htmx: bool = False) -> Request:
        body = urlencode({"csrfmiddlewaretoken": CSRF} | dict(form))
        return Request(path, self.cast.cookie(key), body, "POST", htmx=htmx)

    def _somebody(self, others: Sequence[int], turn: int) -> int:
        """A writer who is none of `others`, nor parted from one."""
        apart = self._apart_from(others)
        return apart[turn * 7 % len(apart)]

    def _apart_from(self, others: Sequence[int]) -> Sequence[int]:
        parted = self.cast.parted
        return [key for key in self.cast.writers if not any(key == other or (key, other) in parted for other in others)]

    def _mark(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    @staticmethod
    def _pick[T](some: Sequence[T], turn: int) -> T:
        return some[turn % len(some)]
