"""Parts of an answer that are packed already, and stand in one that is packed as they are.

Packed is DEFLATE (RFC 1951), an answer is gzip (RFC 1952). A part ends with a byte, and not its stream, so that any
other can follow it. The CRC-32 of what is put together is told from those of the parts, as zlib's crc32_combine does:
what stands before `n` bytes counts x to the power of 8n times as much, in polynomials over GF(2).
"""

import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from isal import isal_zlib

# A tenth larger than zlib's sixth level makes them, in a tenth of the time.
_QUICK = 2
# What is packed once and sent often.
_SMALL = 4
_WINDOW = 32_768
_NO_HEADER = -15
# An empty block that is the last one.
_END = b"\x03\x00"
# CRC-32 as gzip has it, its lowest power at the left.
_POLYNOMIAL, _ONE, _ALL = 0xEDB88320, 1 << 31, 0xFFFFFFFF
# No text in UTF-8 holds one of these.
_NOT_IN_TEXTS = bytes(range(0xF8, 0x100))


@dataclass(frozen=True, slots=True)
class Deflated:
    """`length` bytes, packed. `crc` is theirs, and `shift` what it makes of the CRC of whatever stands before them."""

    data: bytes
    length: int
    crc: int
    shift: int

    def plain(self) -> bytes:
        return zlib.decompress(self.data + _END, _NO_HEADER, self.length + 1)


type Piece = bytes | Deflated


def plain(pieces: Iterable[Piece]) -> bytes:
    return b"".join(piece if isinstance(piece, bytes) else piece.plain() for piece in pieces)


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """The same, with as few pieces as can be."""
    found: list[Piece] = []
    said: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, bytes):
            said.append(piece)
        else:
            found += [b"".join(said), piece]
            said = []
    return [*found, b"".join(said)]


def length_of(pieces: Iterable[Piece]) -> int:
    return sum(len(piece) if isinstance(piece, bytes) else piece.length for piece in pieces)


def gzip(pieces: Iterable[Piece], *, name: bytes = b"") -> bytes:
    """All of them as one file called `name`. What is packed takes next to no time, the rest some 2 µs a kilobyte."""
    packed, crc, length = [b"\x1f\x8b\x08", b"\x08" if name else b"\x00", b"\0\0\0\0\0\xff"], 0, 0
    if name:
        packed.append(name + b"\0")
    squeeze = isal_zlib.compressobj(_QUICK, isal_zlib.DEFLATED, _NO_HEADER)
    for piece in pieces:
        if isinstance(piece, bytes):
            # What is said from here on is not said by what was, which may lie farther away than it knows.
            packed += [squeeze.compress(piece), squeeze.flush(isal_zlib.Z_FULL_FLUSH)]
            crc, length = isal_zlib.crc32(piece, crc), length + len(piece)
        else:
            packed.append(piece.data)
            crc, length = _times(crc, piece.shift) ^ piece.crc, length + piece.length
    packed += [_END, crc.to_bytes(4, "little"), (length & _ALL).to_bytes(4, "little")]
    return b"".join(packed)


class Blank:
    """A text with one word left blank wherever it stands, packed once for all words of `width` bytes.

    Where the word stands first it is put in as it is. From there on DEFLATE says "the same as so many bytes ago", which
    is as true of any other word.
    """

    def __init__(self, texts: list[bytes], width: int) -> None:
        """`texts` are what stands around and between the places of the word, in UTF-8."""
        mark = bytes(secrets.choice(_NOT_IN_TEXTS) for _byte in range(width))
        after_first = [mark.join(texts[1:])] if texts[1:] else []
        self._width, self._parts = width, _packed([texts[0], *after_first], mark)
        if not self._says(texts):
            # The word is put in at each of its places.
            self._parts = _packed(texts, mark)
        self._length = sum(map(len, texts)) + width * (len(texts) - 1)
        self._shift, self._factor = _shift(self._length), 0
        for end in accumulate(len(text) + width for text in reversed(texts[1:])):
            self._factor ^= _shift(end - width)
        self._crc = zlib.crc32(mark.join(texts)) ^ _times(self._factor, zlib.crc32(mark))

    @property
    def size(self) -> int:
        return sum(map(len, self._parts))

    def filled(self, word: bytes) -> Deflated:
        """Some 10 µs.

        Raises:
            ValueError: it is longer or shorter.
        """
        if len(word) != self._width:
            raise ValueError(f"This word has {len(word)} bytes, and there is room for {self._width}.")
        crc = self._crc ^ _times(self._factor, zlib.crc32(word))
        return Deflated(self._data(word), self._length, crc, self._shift)

    def _data(self, word: bytes) -> bytes:
        return _as_it_is(word).join(self._parts)

    def _says(self, texts: list[bytes]) -> bool:
        word = secrets.token_bytes(self._width)
        return zlib.decompress(self._data(word) + _END, _NO_HEADER) == word.join(texts)


def _packed(texts: list[bytes], mark: bytes) -> list[bytes]:
    """Each so that it can look back at those before it, with `mark` in between."""
    parts, before = [], b""
    for text in texts:
        squeeze = zlib.compressobj(_SMALL, zlib.DEFLATED, _NO_HEADER, zdict=before[-_WINDOW:])
        parts.append(squeeze.compress(text) + squeeze.flush(zlib.Z_SYNC_FLUSH))
        before += text + mark
    return parts


def _as_it_is(word: bytes) -> bytes:
    """A block that is not packed (RFC 1951, 3.2.4)."""
    length = len(word)
    return b"\0" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + word


def _times(one: int, other: int) -> int:
    """The product modulo the polynomial. Some 2 µs."""
    product = 0
    while one:
        if one & _ONE:
            product ^= other
        one = one << 1 & _ALL
        other = other >> 1 ^ _POLYNOMIAL if other & 1 else other >> 1
    return product


def _shift(length: int) -> int:
    """x to the power of 8 · length: what so many bytes of nothing make of 1."""
    return isal_zlib.crc32(bytes(length), _ONE ^ _ALL) ^ _ALL
