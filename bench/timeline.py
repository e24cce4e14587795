"""Who wrote when and where: the whole site's history in a few flat lists, in the order in which it happened.

Posts of a thread are not written one after the other: between them other threads go on. So the rows of one thread lie
as far apart in the table as they do on a living site, and a page costs what it costs there.
"""

import random
from array import array
from dataclasses import dataclass, field
from itertools import accumulate

from bench.shape import BIG, BOARDS, FOLLOWED, LONG, Shape

SPAN_MS = 3 * 365 * 24 * 3600 * 1000
HOUR_MS = 3600 * 1000
_NUMBER_BITS, _THREAD_BITS = 15, 22
# Of the author of the thread's own replies.
OWN_SHARE = 0.25


@dataclass
class Timeline:
    """Lists by post (key - 1) and by thread (key - 1). Times are milliseconds since the site began."""

    post_thread: array[int]
    post_number: array[int]
    post_author: array[int]
    post_at: array[int]
    thread_board: array[int]
    thread_author: array[int]
    thread_size: array[int]
    thread_created: array[int]
    thread_last: array[int]
    # 0 while nobody has answered.
    thread_answered: array[int]
    thread_last_author: array[int]
    long_thread: int
    waiting: set[int] = field(default_factory=set)


def make(shape: Shape) -> Timeline:
    chance = random.Random(shape.seed)
    starts = sorted(int(SPAN_MS * chance.random() ** 0.6) for _ in range(shape.threads))
    long_thread = int(shape.threads * 0.4)
    waiting = _waiting(shape, chance, starts)
    sizes = _sizes(shape, chance, long_thread, waiting)
    unwritten, empty = [0] * shape.posts, [0] * shape.threads
    line = Timeline(
        post_thread=array("i", unwritten), post_number=array("i", unwritten), post_author=array("i", unwritten),
        post_at=array("q", unwritten),
        thread_board=_boards(shape, chance, long_thread), thread_author=array("i", empty),
        thread_size=array("i", sizes), thread_created=array("q", empty), thread_last=array("q", empty),
        thread_answered=array("q", empty), thread_last_author=array("i", empty),
        long_thread=long_thread, waiting=waiting,
    )  # fmt: skip
    _fill(line, shape, chance, _moments(chance, starts, sizes, long_thread))
    return line


def _waiting(shape: Shape, chance: random.Random, starts: list[int]) -> set[int]:
    """Of the latest threads; the newest of them began within the last two days."""
    latest = range(shape.threads - max(shape.waiting * 3, 1), shape.threads)
    waiting = set(chance.sample(latest, shape.waiting))
    for number, thread in enumerate(sorted(waiting)):
        starts[thread] = max(starts[thread], SPAN_MS - (shape.waiting - number) * HOUR_MS // 2)
    return waiting


def _sizes(shape: Shape, chance: random.Random, long_thread: int, waiting: set[int]) -> list[int]:
    """Two posts at least, where anybody answered; and a long tail."""
    sizes = [1 if thread in waiting else 2 for thread in range(shape.threads)]
    sizes[long_thread] = shape.long_thread
    grow = [thread for thread in range(shape.threads) if thread not in waiting and thread != long_thread]
    left = shape.posts - sum(sizes)
    if left < 0:
        raise SystemExit("A community of fewer than 500 posts has not all that is measured.")
    weights = [chance.lognormvariate(0, 1.1) for _ in grow]
    scale = left / sum(weights)
    for thread, weight in zip(grow, weights, strict=True):
        more = int(weight * scale)
        sizes[thread] += more
        left -= more
    for thread in chance.choices(grow, k=left):
        sizes[thread] += 1
    return sizes


def _moments(chance: random.Random, starts: list[int], sizes: list[int], long_thread: int) -> list[int]:
    """One number for each post: when, in which thread, which number there. Sorted."""
    keys = []
    for thread, (start, size) in enumerate(zip(starts, sizes, strict=True)):
        place = thread << _NUMBER_BITS
        gap = (SPAN_MS - start) / size if thread == long_thread else 8 * HOUR_MS
        moments = list(accumulate((chance.expovariate(1 / gap) for _ in range(size - 1)), initial=start))
        # What would lie in the future happened faster.
        if moments[-1] >= SPAN_MS:
            squeeze = (SPAN_MS - start) / (moments[-1] - start + 1)
            moments = [start + (moment - start) * squeeze for moment in moments]
        before = 0
        for number, moment in enumerate(moments):
            before = max(int(moment), before + 1 if number else 0)
            keys.append(before << (_NUMBER_BITS + _THREAD_BITS) | place | number)
    keys.sort()
    return keys


def _boards(shape: Shape, chance: random.Random, long_thread: int) -> array[int]:
    """The big board has its number of threads; the rest is shared as Zipf has it."""
    others = [FOLLOWED, LONG, *range(LONG + 1, BOARDS + 1)]
    weights = [0.05, *(1 / (rank + 1) for rank in range(len(others) - 1))]
    boards = array("i", [BIG] * shape.big_board)
    boards.extend(chance.choices(others, weights, k=shape.threads - shape.big_board))
    chance.shuffle(boards)
    if boards[long_thread] == BIG:
        another = next(thread for thread, board in enumerate(boards) if board != BIG)
        boards[another] = BIG
    boards[long_thread] = LONG
    return boards


def _fill(line: Timeline, shape: Shape, chance: random.Random, keys: list[int]) -> None:
    """Who wrote each of the posts that `_moments` gave."""
    weights = list(accumulate(1 / (rank + 10) ** 0.8 for rank in range(shape.members)))
    members = range(1, shape.members + 1)
    line.thread_author = starters = array("i", chance.choices(members, cum_weights=weights, k=shape.threads))
    writers = chance.choices(members, cum_weights=weights, k=shape.posts)
    own = [chance.random() < OWN_SHARE for _ in range(shape.posts)]
    threads_mask, numbers_mask = (1 << _THREAD_BITS) - 1, (1 << _NUMBER_BITS) - 1
    for rank, key in enumerate(keys):
        thread, number = key >> _NUMBER_BITS & threads_mask, (key & numbers_mask) + 1
        at, starter = key >> (_NUMBER_BITS + _THREAD_BITS), starters[thread]
        author = writers[rank]
        if number == 1 or (number > 2 and own[rank]):
            author = starter
        elif author == starter:
            author = author % shape.members + 1
        line.post_thread[rank], line.post_number[rank] = thread, number
        line.post_author[rank], line.post_at[rank] = author, at
        line.thread_last[thread], line.thread_last_author[thread] = at, author
        if number == 1:
            line.thread_created[thread] = at
        elif number == 2:
            line.thread_answered[thread] = at
