"""A gate that lets few through at once, and keeps the others waiting in the order of what can wait least.

Threads of a web process that do nothing but wait cost next to nothing; those that work share one processor. So a
process has many of the first kind, and this gate before the second.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager


class TurnedAwayError(Exception):
    """Waited for longer than its kind may, or made room for others. Says which kind, and for how many seconds."""

    def __init__(self, rank: int, waited: float) -> None:
        super().__init__(rank, waited)
        self.rank, self.waited = rank, waited


class _Waiting:
    """Somebody in the queue. `admitted` is None until it is decided."""

    __slots__ = ("_undecided", "admitted", "since", "until")

    def __init__(self, since: float, until: float) -> None:
        self.since, self.until = since, until
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
    """Lets `at_once` in. Who waits is let in by rank, the lowest number first, and within a rank who came first.

    Args:
        patience: by rank, after how many seconds of waiting it is turned away.
        room: how many may wait at once. Who comes when it is full takes the place of the one that came last of the
            highest number, unless that is their own.
    """

    def __init__(
        self, *, at_once: int, room: int, patience: Mapping[int, float], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.at_once, self.room, self.patience, self._clock = at_once, room, dict(patience), clock
        self._lock = threading.Lock()
        self._inside = 0
        self._queues: dict[int, deque[_Waiting]] = {rank: deque() for rank in sorted(self.patience)}

    @contextmanager
    def passing(self, rank: int) -> Iterator[float]:
        """Inside, with the seconds that it took to get there.

        Raises:
            TurnedAwayError: it may not come in.
        """
        waited = self.enter(rank)
        try:
            yield waited
        finally:
            self.leave()

    def enter(self, rank: int) -> float:
        """As `passing`; whoever got in has to `leave`."""
        with self._lock:
            now = self._clock()
            if self._inside < self.at_once:
                self._inside += 1
                return 0.0
            self._turn_away_late(now)
            self._make_room(rank)
            me = _Waiting(now, now + self.patience[rank])
            self._queues[rank].append(me)
        while me.admitted is None:
            me.wait(max(me.until - self._clock(), 0.001))
            if me.admitted is None:
                self.turn_away_late()
        waited = self._clock() - me.since
        if not me.admitted:
            raise TurnedAwayError(rank, waited)
        return waited

    def leave(self) -> None:
        """Whose turn it is goes in at once, so that nobody who comes just now is quicker."""
        with self._lock:
            self._turn_away_late(self._clock())
            for queue in self._queues.values():
                if queue:
                    queue.popleft().tell(admitted=True)
                    return
            self._inside -= 1

    def turn_away_late(self) -> None:
        """Whoever has waited for as long as they may; each of them looks by itself as well."""
        with self._lock:
            self._turn_away_late(self._clock())

    @property
    def waiting(self) -> int:
        return sum(map(len, self._queues.values()))

    @property
    def inside(self) -> int:
        return self._inside

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
