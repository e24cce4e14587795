"""What is packed ahead says the same, wherever it is put."""

import gzip
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import deflated
from core.deflated import Blank, Deflated

TEXT = st.text(alphabet="ab <&>“ü🌿\n", max_size=300).map(str.encode)


def words(width: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=width, max_size=width)


@given(st.lists(TEXT, min_size=1, max_size=12), st.lists(words(16), min_size=1, max_size=3))
def test_a_text_with_a_blank_says_each_word_in_all_its_places(texts, each):
    blank = Blank(texts, 16)
    for word in each:
        filled = blank.filled(word)
        assert filled.plain() == word.join(texts)
        assert gzip.decompress(deflated.gzip([filled])) == word.join(texts)


@given(TEXT, st.lists(TEXT, min_size=1, max_size=6), TEXT, st.lists(TEXT, min_size=2, max_size=3), words(32))
def test_what_is_packed_already_stands_among_what_is_not(before, first, between, second, word):
    pieces = [before, Blank(first, 32).filled(word), between, Blank(second, 32).filled(word)]
    whole = before + word.join(first) + between + word.join(second)
    # A reader of gzip compares both length and CRC-32.
    assert gzip.decompress(deflated.gzip(pieces, name=b"leaf")) == whole
    assert deflated.plain(deflated.joined(pieces)) == whole
    assert deflated.length_of(pieces) == len(whole)


def test_a_word_far_apart_is_said_again_as_it_is():
    """DEFLATE looks back 32,768 bytes."""
    texts = [secrets.token_bytes(40_000) for _place in range(4)]
    word = secrets.token_bytes(64)
    assert Blank(texts, 64).filled(word).plain() == word.join(texts)


def test_a_word_in_many_places_takes_hardly_more_room_than_in_one():
    texts = [b"<p>It is odd how loud a house is at three.</p>" * 10 for _place in range(30)]
    word = secrets.token_hex(32).encode()
    assert len(Blank(texts, 64).filled(word).data) < len(Blank(texts[:2], 64).filled(word).data) + 28 * 20


def test_a_word_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="room for 4"):
        Blank([b"a", b"b"], 4).filled(b"longer")


def test_nothing_is_joined_over_what_is_packed():
    packed = Blank([b"a"], 1).filled(b"x")
    assert isinstance(packed, Deflated)
    assert deflated.joined([b"1", b"2", packed, b"3", b"4"]) == [b"12", packed, b"34"]
