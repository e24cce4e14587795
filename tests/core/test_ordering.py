from functools import partial

import pytest

from core.ordering import move_beside, with_neighbours
from forums.models import Board
from forums.services import boards
from tests import factories
from tests.at_once import at_once


@pytest.fixture
def three(db):
    Board.objects.all().delete()
    return [factories.BoardFactory(slug=slug, position=place) for place, slug in enumerate(("a", "b", "c"))]


def order():
    return "".join(Board.objects.order_by("position", "id").values_list("slug", flat=True))


@pytest.mark.parametrize(
    ("moved", "beside", "before", "becomes"),
    [(2, 0, True, "cab"), (2, 0, False, "acb"), (0, 2, True, "bac"), (0, 2, False, "bca"), (1, 0, False, "abc")],
)
def test_a_row_comes_to_stand_beside_another(three, moved, beside, before, becomes):
    changed = move_beside(Board.objects.all(), moved=three[moved], beside=three[beside], before=before)
    assert order() == becomes
    assert bool(changed) == (becomes != "abc")


def test_beside_itself_or_beside_what_is_not_there_it_stays(three):
    assert not move_beside(Board.objects.all(), moved=three[0], beside=three[0], before=True)
    assert not move_beside(Board.objects.exclude(slug="c"), moved=three[0], beside=three[2], before=False)
    assert order() == "abc"


def test_two_who_move_at_once_both_get_their_wish(shared_database):
    a, b, c = (factories.BoardFactory(slug=slug, position=place) for place, slug in enumerate(("a", "b", "c")))
    actor = factories.MemberFactory(is_staff=True)
    move = partial(boards.move_board, actor=actor, before=True)
    assert at_once(partial(move, board=c, beside=a), partial(move, board=b, beside=a)) == [True, True]
    assert order() in ("cba", "bca")


def test_the_first_has_nobody_above_and_the_last_nobody_below():
    assert with_neighbours("abc") == [("a", None, "b"), ("b", "a", "c"), ("c", "b", None)]
    assert with_neighbours([]) == []
