"""What changed between two texts, as people read it."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import changes as module
from core.changes import Budget, Piece, changes


def said(pieces):
    marks = {"same": "{}", "added": "+{}+", "removed": "-{}-", "gap": "…"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("before", "after", "reads"),
    [
        ("It was loud.", "It was very loud.", "It was +very +loud."),
        ("It was very loud.", "It was loud.", "It was -very -loud."),
        ("a house at three", "a house at four", "a house at -three-+four+"),
        ("one\ntwo\nthree", "one\nthree", "one\n-two\n-three"),
        ("", "words", "+words+"),
        ("words", "", "-words-"),
        ("same", "same", "same"),
        ("Here.", "Here.\n\nMore, later.", "Here.+\n\nMore, later.+"),
        ("It helped, a little.", "It helped a good deal.", "It helped-,- a -little-+good deal+."),
        # Nothing in common: mixed word by word nobody could read it.
        ("I am tired today.", "Rain fell all morning.", "-I am tired today.-+Rain fell all morning.+"),
        ("First. Second one here. Third.", "First. Other words stand there. Third.",
         "First. -Second one here.-+Other words stand there.+ Third."),
    ],
)  # fmt: skip
def test_changes_read_like_this(before, after, reads):
    assert said(changes(before, after)) == reads


def test_long_stretches_that_stayed_are_left_out_up_to_whole_words():
    words = "word " * 400
    pieces = changes(f"{words}old {words}", f"{words}new {words}")
    assert [piece.kind for piece in pieces] == ["gap", "same", "removed", "added", "same", "gap"]
    assert pieces[1].text.startswith("word ")
    assert len(pieces[1].text) <= module.AROUND
    assert len(pieces[4].text) <= module.AROUND


some_text = st.text(alphabet="ab .\n!é", max_size=80)


@given(some_text, some_text)
def test_the_pieces_tell_both_texts(before, after):
    pieces = changes(before, after)
    if not any(piece.kind == "gap" for piece in pieces):
        assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
        assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after


@pytest.mark.parametrize("unit", ["a ", "a\n", "a. "])
def test_in_texts_made_of_one_thing_only_one_change_is_found_and_many_are_shown_as_a_whole(unit):
    before = (unit * 6_000).strip()
    assert [piece.kind for piece in changes(before, before + "\nb")] == ["gap", "same", "added"]
    assert said(changes("x" + before + "y", "z" + before + "w")) == f"-x{before}y-+z{before}w+"


def alternating(mark, lines):
    """Every other line stays, and none of them is like another: each stretch that stayed is a comparison of its own."""
    return "\n".join(f"{number} stays" if number % 2 else f"{number} {mark}" for number in range(lines))


def test_what_would_take_too_long_to_compare_is_shown_as_replaced():
    before, after = alternating("before", 3_000), alternating("after", 3_000)
    changed = [
        Piece("removed", before.removesuffix("\n2999 stays")),
        Piece("added", after.removesuffix("\n2999 stays")),
    ]
    assert changes(before, after) == [*changed, Piece("same", "\n2999 stays")]


def test_all_that_a_page_compares_shares_one_budget():
    before, after = alternating("before", 150), alternating("after", 150)
    budget = Budget()
    compared = [len(changes(before, after, budget)) for _version in range(40)]
    assert compared[0] > 100
    assert compared[-1] == 3
    assert budget.left >= 0


@given(st.lists(st.sampled_from("ab.\n "), max_size=60), st.lists(st.sampled_from("ab.\n "), max_size=60))
def test_a_comparison_never_looks_more_often_than_was_reckoned(old, new):
    looks = 0

    class Part(str):
        __slots__ = ()

        def __hash__(self):
            nonlocal looks
            looks += 1
            return hash(str(self))

    reckoned = module._looks(old, new)
    SequenceMatcher(None, [Part(part) for part in old], list(map(Part, new)), autojunk=False).get_opcodes()
    assert looks <= reckoned
