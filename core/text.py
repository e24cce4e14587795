"""What a person typed, made safe to keep without changing what it says."""

import re
import unicodedata

# Scripts whose letters are joined and kept apart by characters that cannot be seen.
_JOINED = (
    "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc"  # Arabic
    "\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af"  # of India and its neighbours
)
_EMOJI = "\u00a9\u00ae\u203c\u2049\u2122-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
# Zero-width, filling and direction-override characters hide words from readers and from screening.
_INVISIBLE = re.compile(
    # The flags of Scotland and others are letters that cannot be seen behind a black flag.
    "(?P<flag>\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,8}\U000e007f)"
    "|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e0fff]"
    # Variants of a picture stay behind one, and in the frame of a key.
    f"|(?<![{_EMOJI}0-9#*])[\ufe00-\ufe0f]|(?<=[0-9#*])[\ufe00-\ufe0f](?!\u20e3)"
)
# The non-joiner is a matter of spelling; the joiner makes one picture out of several, too.
_IDLE_JOINER = re.compile(
    f"(?<![{_JOINED}])\u200c|(?<![{_JOINED}{_EMOJI}\ufe0f])\u200d|(?<=[{_EMOJI}\ufe0f])\u200d(?![{_EMOJI}])"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Marks that fit any letter, and those of one script: writing needs few of the first, and more of the others.
_ANY_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_SCRIPT_MARK = (
    "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0730-\u074a\u08d3-\u08ff\u093a-\u094d\u0951-\u0957"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f18\u0f19\u0f35-\u0f39\u0f71-\u0f84\u302a-\u302f"
)
_MARKS_IN_A_ROW = 30
_PILED = re.compile(
    f"([{_ANY_MARK}]{{3}})[{_ANY_MARK}]+|([{_ANY_MARK}{_SCRIPT_MARK}]{{6}})[{_ANY_MARK}{_SCRIPT_MARK}]+"
)


def normalise(text: str) -> str:
    """NFC, Unix line ends, no control or invisible characters, no marks piled up on one letter.

    Where one of them stood between two others, those may have no use any more, so it is done until nothing changes.
    """
    if text.isascii():
        # Nothing in it is composed, piled up or invisible, but for what controls.
        return _CONTROL.sub("", _LINE_END.sub("\n", text)).strip()
    while (once := _once(text)) != text:
        text = once
    return text


def _once(text: str) -> str:
    visible = _INVISIBLE.sub(_flag_only, _CONTROL.sub("", _LINE_END.sub("\n", text)))
    composed = unicodedata.normalize("NFC", _stream_safe(_IDLE_JOINER.sub("", visible)))
    return _PILED.sub(r"\1\2", composed).strip()


def _stream_safe(text: str) -> str:
    """At most as many marks in a row as UAX #15 knows a use for: the normal form sorts each row, slowly."""
    if text.isascii():
        return text
    kept, row = [], 0
    for character in text:
        row = row + 1 if unicodedata.combining(character) else 0
        if row <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)


def _flag_only(found: re.Match[str]) -> str:
    return found["flag"] or ""


def positive_int(value: str | None) -> int | None:
    """A whole number ≥ 1 that a database integer can hold, or None for anything else that an address may carry."""
    if value is None or not value.isascii() or not value.isdigit() or len(value) > 9:
        return None
    return int(value) or None
