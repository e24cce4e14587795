"""What a person typed, made safe to keep without changing what it says."""

import re
import unicodedata

# Zero-width and direction-override characters hide words from readers and from screening; a zero-width
# joiner stays where it joins emoji.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    # Persian and Urdu spell with the zero-width non-joiner; between other letters it only hides something.
    "|(?<![\u0600-\u06ff])\u200c|\u200c(?![\u0600-\u06ff])"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def normalise(text: str) -> str:
    """NFC, Unix line ends, no control or invisible characters, at most three combining marks in a row."""
    visible = _INVISIBLE.sub("", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return _MARKS.sub(r"\1", unicodedata.normalize("NFC", visible)).strip()


def positive_int(value: str | None) -> int | None:
    """A whole number ≥ 1 that a database integer can hold, or None for anything else that an address may carry."""
    if value is None or not value.isascii() or not value.isdigit() or len(value) > 9:
        return None
    return int(value) or None
