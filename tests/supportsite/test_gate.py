"""Who goes first and who is turned away: with real threads, and a clock that stands until the test moves it."""

import threading
import time
from collections.abc import Callable

import pytest

from core.patience import about_to_wait
from supportsite.gate import Gate, TurnedAwayError
from supportsite.turns import PATIENCE, Turn, never_waits, turn_of
from tests.supportsite.table import TABLE, address

pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Somebody:
    """A thread that wants in. What became of it: “inside”, “turned away”, or nothing yet."""

    def __init__(self, gate: Gate, rank: int) -> None:
        self.gate, self.rank = gate, rank
        self.came: str | None = None
        self.waited = -1.0
        self._may_go, self._is_decided = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._come, daemon=True)
        before = self._in_the_queue()
        self._thread.start()
        until(lambda: self._is_decided.is_set() or bool(self._in_the_queue() - before))

    def _in_the_queue(self) -> set[object]:
        return {one for queue in self.gate._queues.values() for one in [*queue]}

    def _come(self) -> None:
        try:
            with self.gate.passing(self.rank) as self.waited:
                self.came = "inside"
                self._is_decided.set()
                self._may_go.wait()
        except TurnedAwayError as error:
            self.came, self.waited = "turned away", error.waited
            self._is_decided.set()

    def goes(self) -> None:
        self._may_go.set()
        self._thread.join()

    def learns(self) -> str | None:
        self._is_decided.wait()
        return self.came


def until(happens: Callable[[], bool]) -> None:
    while not happens():
        time.sleep(0.001)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    return Gate(at_once=1, room=3, patience=PATIENCE, clock=clock)


def test_who_finds_a_place_does_not_wait(gate):
    first = Somebody(gate, Turn.READING)
    assert (first.learns(), first.waited) == ("inside", 0.0)
    first.goes()
    assert (gate.inside, gate.waiting) == (0, 0)


def test_only_so_many_are_let_in_at_once():
    gate = Gate(at_once=2, room=9, patience=PATIENCE)
    first, second, third = (Somebody(gate, Turn.READING) for _ in range(3))
    assert (gate.inside, gate.waiting, third.came) == (2, 1, None)
    first.goes()
    assert third.learns() == "inside"
    assert (gate.inside, gate.waiting) == (2, 0)
    second.goes()
    third.goes()


def test_what_can_wait_least_goes_first_and_within_that_who_came_first(gate):
    inside = Somebody(gate, Turn.READING)
    search = Somebody(gate, Turn.SEARCH)
    page = Somebody(gate, Turn.READING)
    form = Somebody(gate, Turn.WRITING)
    for left, enters in ((inside, form), (form, page), (page, search)):
        waiting = [one for one in (form, page, search) if one.came is None]
        assert enters is waiting[0]
        left.goes()
        assert enters.learns() == "inside"
    search.goes()


def test_of_two_of_a_kind_the_one_that_came_first_is_let_in(gate):
    inside, first, second = (Somebody(gate, Turn.READING) for _ in range(3))
    inside.goes()
    assert first.learns() == "inside"
    assert second.came is None
    first.goes()
    second.goes()


def test_they_are_turned_away_in_the_written_order(clock):
    gate = Gate(at_once=1, room=9, patience=PATIENCE, clock=clock)
    inside = Somebody(gate, Turn.WRITING)
    waiting = {turn: Somebody(gate, turn) for turn in Turn}
    order = sorted(Turn, key=lambda turn: PATIENCE[turn])
    assert order == [Turn.BY_ITSELF, Turn.SEARCH, Turn.READING, Turn.WRITING]
    began = clock.now
    for turn in order:
        clock.now = began + PATIENCE[turn]
        gate.look()
        assert waiting[turn].learns() == "turned away"
        assert waiting[turn].waited == PATIENCE[turn]
        still = {other for other, one in waiting.items() if one.came is None}
        assert still == {other for other in Turn if PATIENCE[other] > PATIENCE[turn]}
    inside.goes()


def test_who_waits_too_long_is_told_though_nobody_comes_or_goes():
    gate = Gate(at_once=1, room=9, patience={0: 60, 1: 0.01})
    inside, impatient = Somebody(gate, 0), Somebody(gate, 1)
    assert impatient.learns() == "turned away"
    inside.goes()


def test_who_was_late_when_a_place_became_free_does_not_get_it(gate, clock):
    inside, poll, page = Somebody(gate, 0), Somebody(gate, Turn.BY_ITSELF), Somebody(gate, Turn.READING)
    clock.now += 2
    inside.goes()
    assert poll.learns() == "turned away"
    assert page.learns() == "inside"
    page.goes()


def test_when_the_room_is_full_the_last_of_the_least_urgent_makes_room(gate):
    inside = Somebody(gate, Turn.READING)
    first, second, page = Somebody(gate, Turn.SEARCH), Somebody(gate, Turn.SEARCH), Somebody(gate, Turn.READING)
    form = Somebody(gate, Turn.WRITING)
    assert second.learns() == "turned away"
    assert [one.came for one in (first, page, form)] == [None, None, None]
    # Somebody who is no more urgent than everybody there is told at once.
    assert Somebody(gate, Turn.SEARCH).learns() == "turned away"
    assert Somebody(gate, Turn.BY_ITSELF).learns() == "turned away"
    for one in (inside, form, page, first):
        one.goes()
    assert (gate.inside, gate.waiting) == (0, 0)


def test_an_error_inside_gives_the_place_back(gate):
    with pytest.raises(ZeroDivisionError), gate.passing(0):
        raise ZeroDivisionError
    assert gate.inside == 0


# --- one after the other, unless the one before takes long


@pytest.fixture
def apart(clock: Clock) -> Gate:
    """Of the clock that stands a second is a second, so that nobody who waits looks by themselves meanwhile."""
    return Gate(at_once=3, room=9, patience=PATIENCE, apart=0.5, clock=clock)


def test_though_there_are_places_the_next_waits_for_the_one_before_to_leave(apart):
    first, second = Somebody(apart, Turn.READING), Somebody(apart, Turn.READING)
    assert (first.came, second.came, apart.inside) == ("inside", None, 1)
    first.goes()
    assert second.learns() == "inside"
    second.goes()


def test_who_takes_long_holds_up_nobody(apart, clock):
    slow, waits = Somebody(apart, Turn.READING), Somebody(apart, Turn.READING)
    clock.now += 0.5
    comes = Somebody(apart, Turn.WRITING)
    # Whoever comes by lets in who waits, and is the next to wait for the new one.
    assert (waits.learns(), comes.came, apart.inside) == ("inside", None, 2)
    waits.goes()
    # With nobody new inside but the slow one, each goes in as the one before leaves.
    assert comes.learns() == "inside"
    quick = Somebody(apart, Turn.READING)
    assert quick.came is None
    comes.goes()
    assert quick.learns() == "inside"
    quick.goes()
    slow.goes()


def test_more_than_there_are_places_never_come_in_however_long_they_take(apart, clock):
    slow = []
    for _ in range(3):
        slow.append(Somebody(apart, Turn.READING))
        clock.now += 1
    waits = Somebody(apart, Turn.READING)
    clock.now += 1
    apart.look()
    assert (apart.inside, waits.came) == (3, None)
    slow[1].goes()
    assert waits.learns() == "inside"
    for one in (slow[0], slow[2], waits):
        one.goes()


def test_who_is_about_to_wait_lets_the_next_in_and_only_one(apart):
    with apart.passing(Turn.WRITING):
        second, third = Somebody(apart, Turn.READING), Somebody(apart, Turn.READING)
        about_to_wait()
        assert (second.learns(), third.came, apart.inside) == ("inside", None, 2)
        second.goes()
        assert third.learns() == "inside"
    third.goes()
    assert apart.inside == 0


def test_who_is_not_inside_waits_without_a_word_to_anybody(apart):
    with apart.passing(Turn.WRITING):
        pass
    inside, waits = Somebody(apart, Turn.READING), Somebody(apart, Turn.READING)
    about_to_wait()
    assert (apart.inside, waits.came) == (1, None)
    for one in (inside, waits):
        one.goes()


def test_who_waits_looks_by_itself_whether_the_one_before_takes_long():
    gate = Gate(at_once=2, room=9, patience=dict.fromkeys(Turn, 1e6), apart=0.001)
    slow, waits = Somebody(gate, Turn.READING), Somebody(gate, Turn.READING)
    assert waits.learns() == "inside"
    waits.goes()
    slow.goes()


@pytest.mark.parametrize("apart", [0.0, 0.0001])
def test_many_at_once_all_get_their_turn_and_never_more_than_are_let_in(apart):
    gate = Gate(at_once=3, room=200, patience=dict.fromkeys(Turn, 1e6), apart=apart)
    most, inside, lock = 0, 0, threading.Lock()

    def come(rank: int) -> None:
        nonlocal most, inside
        for _ in range(20):
            with gate.passing(rank):
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0)
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=come, args=(number % len(Turn),)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= 3
    assert (gate.inside, gate.waiting) == (0, 0)


# --- which request is which

BY_ITSELF = {"save_reply", "save_thread", "preview", "calm", "news_mark", "queue_news", "draft_who"}
AT_ONCE = {"help_now", "leave", "healthz"}
# What leads to a report, and what watches the site; with all of /moderation/ as urgent as a form.
LIKE_WRITING = {"report_outside", "reported_outside", "flag", "my_reports", "worried", "readyz", "metrics"}


@pytest.mark.parametrize("name", TABLE)
def test_every_address_has_its_turn(name, stage):
    path = address(name, stage)
    assert turn_of("POST", path, "") == (Turn.BY_ITSELF if name in BY_ITSELF else Turn.WRITING)
    assert not never_waits("POST", path)
    assert never_waits("GET", path) == (name in AT_ONCE)
    if name in BY_ITSELF:
        wanted = Turn.BY_ITSELF
    elif name in LIKE_WRITING or path.startswith("/moderation/"):
        wanted = Turn.WRITING
    else:
        wanted = Turn.SEARCH if name == "search" else Turn.READING
    assert turn_of("GET", path, "") == wanted


def test_looking_for_words_in_the_library_is_a_search_and_its_lists_are_not():
    assert turn_of("GET", "/resources/", "q=sleep") == Turn.SEARCH
    assert turn_of("GET", "/resources/", "topic=sleep&faq=1") == Turn.READING
    assert never_waits("GET", "/static/css/site.css")
