"""Compiling the tables of a language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from moderation.screening.beginnings import INDEX, beginnings, telling
from moderation.screening.normal import Normal

_GROUP = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Phrases:
    """A pattern of whole words, to be looked for in normal forms where one of its `beginnings` stands. What may begin
    in another way has one of `telling` in it; None where that is not known, either."""

    pattern: re.Pattern[str]
    beginnings: frozenset[str]
    telling: frozenset[str] | None
    number: int  # in INDEX

    def first(self, normal: Normal) -> re.Match[str] | None:
        if self._may_begin_anywhere(normal.text):
            return self.pattern.search(normal.text)
        match, text = self.pattern.match, normal.text
        return next((found for start in normal.begun.get(self.number, ()) if (found := match(text, start))), None)

    def some(self, normal: Normal, most: int) -> Iterator[re.Match[str]]:
        """What `some` finds with the pattern in all of the text."""
        if self._may_begin_anywhere(normal.text):
            yield from some(self.pattern, normal.text, most)
            return
        count, end = 0, 0
        for start in normal.begun.get(self.number, ()):
            if start >= end and (match := self.pattern.match(normal.text, start)) is not None:
                yield match
                count, end = count + 1, match.end()
                if count == most:
                    return

    def _may_begin_anywhere(self, text: str) -> bool:
        if not self.telling:
            return self.telling is None
        return any(letters in text for letters in self.telling)


def compiled(
    alternatives: Sequence[str], words: Mapping[str, Sequence[str]], *, template: str = r"\b(?:%s)(?!\w)"
) -> Phrases:
    """One pattern for all `alternatives`, whole words only. `{name}` stands for the group of `words` of that name."""

    def group(match: re.Match[str]) -> str:
        return f"(?:{_opened(words[match[1]])})"

    def _opened(texts: Sequence[str]) -> str:
        return _GROUP.sub(group, "|".join(texts))

    pattern = re.compile(template % _opened(alternatives))
    words_there: frozenset[str] = beginnings(pattern)
    told: frozenset[str] | None = frozenset()
    if not words_there:
        words_there, told = _known([re.compile(template % _opened([each])) for each in alternatives])
    return Phrases(pattern, words_there, told, INDEX.add(words_there))


def _known(patterns: Sequence[re.Pattern[str]]) -> tuple[frozenset[str], frozenset[str] | None]:
    """With what a match of one of `patterns` begins; and what the others have in it, None where one has nothing."""
    begun = [beginnings(each) for each in patterns]
    told = [telling(each) for each, words in zip(patterns, begun, strict=True) if not words]
    return frozenset().union(*begun), frozenset().union(*told) if all(told) else None


def compiled_table(table: Mapping[str, Sequence[str]], words: Mapping[str, Sequence[str]]) -> dict[str, Phrases]:
    return {name: compiled(alternatives, words) for name, alternatives in table.items()}


def some(pattern: re.Pattern[str], text: str, most: int) -> Iterator[re.Match[str]]:
    """The first matches: more of the same tells nothing new, and a long text must not cost without end."""
    for count, match in enumerate(pattern.finditer(text), start=1):
        yield match
        if count == most:
            return
