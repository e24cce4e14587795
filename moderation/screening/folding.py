"""Letters as readers see them: one case, no accents, no look-alikes, each with its place in the text."""

import unicodedata
from collections.abc import Sequence

# Letters of other alphabets that pass for Latin ones in a Latin word.
_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝьɑɡıοαβεικνρτυχϲϳⅼ",
    "abekmhopctyxijsdqwbagioabeikvptuxcjl",
)
# NFKC alone does not open these.
_OTHER_FORMS = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "’": "'",
    "‘": "'",
    "´": "'",
    "`": "'",
    "ʼ": "'",
}
_FIRST_REGIONAL, _LAST_REGIONAL = 0x1F1E6, 0x1F1FF


def fold(text: str) -> tuple[str, Sequence[int]]:
    """`text` in small unaccented letters, and for each of its characters the place it came from.

    Invisible characters and accents vanish, wide, styled and ligatured letters become plain ones.
    """
    if text.isascii():
        return text.replace("`", "'").lower(), range(len(text))
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = character.lower() if character < "\x80" else _plain(character)
        folded.append(plain)
        places.extend([place] * len(plain))
    return "".join(folded).replace("`", "'"), places


def as_latin(word: str) -> str:
    """`word` with look-alikes of other alphabets as Latin letters, if it has any Latin letter at all."""
    if word.isascii() or not any("a" <= character <= "z" for character in word):
        return word
    return word.translate(_LOOKALIKES)


def _plain(character: str) -> str:
    if (other := _OTHER_FORMS.get(character.lower())) is not None:
        return other
    if _FIRST_REGIONAL <= (code := ord(character)) <= _LAST_REGIONAL:
        return chr(code - _FIRST_REGIONAL + ord("a"))
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(
        part.lower()
        for part in decomposed
        if unicodedata.category(part) not in ("Mn", "Me", "Cf", "Cc") or part == "\n"
    )
