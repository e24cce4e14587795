"""A gate that lets few through at once, and keeps the others waiting in the order of what can wait least.

Threads of a web process that do nothing but wait cost next to nothing; those that work share one processor, and two at
once are done later than two in turn. So a process has many of the first kind, and this gate before the second: it lets
the next in when the one before is done, says that it waits for something itself (core.patience), or has been at it for
so long that it is likely to.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from core.patience import heard


class TurnedAwayError(Exception):
    """Waited for longer than its kind may, or made room for others. Says which kind, and for how many seconds."""

    def __init__(self, rank: int, waited: float) -> None:
        super().__init__(rank, waited)
        self.rank, self.waited = rank, waited


class _Waiting:
    """Somebody in the queue. `admitted` is None until it is decided."""

    __slots__ = ("_undecided", "admitted", "in_line", "since", "until")

    def __init__(self, since: float, until: float, in_line: int) -> None:
        self.since, self.until, self.in_line = since, until, in_line
        self.admitted: bool | None = None
        # Held until it is decided: an Event would be a lock in a lock, at five times the price.
        self._undecided = threading.Lock()
        self._undecided.acquire()

    def wait(self, seconds: float) -> None:
        """Until it is decided, or for so long."""
        self._undecided.acquire(timeout=seconds)

    def tell(self, *, admitted: bool) -> None:
        self.admitted = admitted
        self._undecided.release()


class Gate:
    """Lets up to `at_once` in. Who waits is let in by rank, the lowest number first, and within a rank who came first.

    Who comes, goes or waits looks who may come in; no thread does nothing but that.

    Args:
        patience: by rank, after how many seconds of waiting it is turned away.
        room: how many may wait at once. Who comes when it is full takes the place of the one that came last of the
            highest number, unless that is their own.
        apart: the next is let in when the newest one inside has left, is about to wait, or has been there for so many
            seconds.
    """

    def __init__(
        self,
        *,
        at_once: int,
        room: int,
        patience: Mapping[int, float],
        apart: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.at_once, self.room, self.patience, self.apart = at_once, room, dict(patience), apart
        self._clock = clock
        self._lock = threading.Lock()
        # Who is, and since when; the newest is the last.
        self._inside: dict[object, float] = {}
        self._queues: dict[int, deque[_Waiting]] = {rank: deque() for rank in sorted(self.patience)}

    @contextmanager
    def passing(self, rank: int) -> Iterator[float]:
        """Inside, with the seconds that it took to get there.

        Raises:
            TurnedAwayError: it may not come in.
        """
        place, waited = self._enter(rank)
        try:
            with heard(partial(self._step_aside, place)):
                yield waited
        finally:
            self._leave(place)

    def _enter(self, rank: int) -> tuple[object, float]:
        with self._lock:
            now = self._clock()
            self._decide(now)
            if self._is_open(now):
                place = object()
                self._inside[place] = now
                return place, 0.0
            self._make_room(rank)
            me = _Waiting(now, now + self.patience[rank], self.waiting + 1)
            self._queues[rank].append(me)
        while me.admitted is None:
            me.wait(self._until_next_look(me))
            if me.admitted is None:
                self.look()
                me.in_line = self.waiting
        waited = self._clock() - me.since
        if not me.admitted:
            raise TurnedAwayError(rank, waited)
        return me, waited

    def _leave(self, place: object) -> None:
        """Whose turn it is goes in at once, so that nobody who comes just now is quicker."""
        with self._lock:
            del self._inside[place]
            self._decide(self._clock())

    def _step_aside(self, place: object) -> None:
        """Whoever has this place waits for something else, and keeps nobody from coming in."""
        with self._lock:
            now = self._clock()
            self._inside[place] = now - self.apart
            self._let_in(now)

    def _until_next_look(self, me: _Waiting) -> float:
        """In seconds. The first in line looks first, the second after as long again, so that somebody looks each time
        that somebody could come in, and never all at once."""
        seconds = me.until - self._clock()
        return max(min(seconds, self.apart * me.in_line) if self.apart else seconds, 0.001)

    def look(self) -> None:
        """Whoever has waited for as long as they may, and whoever may come in by now; all that wait look, too."""
        with self._lock:
            self._decide(self._clock())

    @property
    def waiting(self) -> int:
        return sum(map(len, self._queues.values()))

    @property
    def inside(self) -> int:
        return len(self._inside)

    def _is_open(self, now: float) -> bool:
        if not self._inside:
            return True
        return len(self._inside) < self.at_once and now >= next(reversed(self._inside.values())) + self.apart

    def _decide(self, now: float) -> None:
        self._turn_away_late(now)
        self._let_in(now)

    def _let_in(self, now: float) -> None:
        for queue in self._queues.values():
            while queue and self._is_open(now):
                next_one = queue.popleft()
                self._inside[next_one] = now
                next_one.tell(admitted=True)

    def _turn_away_late(self, now: float) -> None:
        for queue in self._queues.values():
            while queue and queue[0].until <= now:
                queue.popleft().tell(admitted=False)

    def _make_room(self, rank: int) -> None:
        if self.waiting < self.room:
            return
        last = next((other for other, queue in reversed(self._queues.items()) if queue), rank)
        if last <= rank:
            raise TurnedAwayError(rank, 0.0)
        self._queues[last].pop().tell(admitted=False)
