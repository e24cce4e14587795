"""Compiling the tables of a language."""

import re
from collections.abc import Iterator, Mapping, Sequence

_GROUP = re.compile(r"\{([a-z]+)\}")


def compiled(
    alternatives: Sequence[str], words: Mapping[str, Sequence[str]], *, template: str = r"\b(?:%s)(?!\w)"
) -> re.Pattern[str]:
    """One pattern for all `alternatives`, whole words only. `{name}` stands for the group of `words` of that name."""

    def group(match: re.Match[str]) -> str:
        return f"(?:{_opened(words[match[1]])})"

    def _opened(texts: Sequence[str]) -> str:
        return _GROUP.sub(group, "|".join(texts))

    return re.compile(template % _opened(alternatives))


def compiled_table(
    table: Mapping[str, Sequence[str]], words: Mapping[str, Sequence[str]]
) -> dict[str, re.Pattern[str]]:
    return {name: compiled(alternatives, words) for name, alternatives in table.items()}


def some(pattern: re.Pattern[str], text: str, most: int) -> Iterator[re.Match[str]]:
    """The first matches: more of the same tells nothing new, and a long text must not cost without end."""
    for count, match in enumerate(pattern.finditer(text), start=1):
        yield match
        if count == most:
            return
