"""Templates that are rendered once for each shape of a page, with holes where pages of that shape differ.

Most of what a busy page says is the same for everybody; only names, numbers, addresses and people's words differ. So a
template is rendered with marks in their place, once for each shape, and each page is that text with the marks
filled in. The template stays an ordinary one: rendered with the values themselves it says the same.

`shape` is what the template decides by, and holds nothing of anybody. `values` are what it only shows: texts, whole
numbers, UUIDs, and lists of these, which it may hand to `{% url %}` but to no filter or comparison; where one is
empty, the template sees that. Nothing of a request gets in but through these two, so what is kept cannot tell one
reader of another.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from html import escape
from threading import Lock
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_TEXT = "\ue000{}\ue001"
_ID = UUID("91191100-0000-4000-8000-000000000000")
_NUMBER = 9_191_100_000_000
_MARKS = re.compile(r"\ue000(\d+)\ue001|91191100-0000-4000-8000-([0-9a-f]{12})|91911(\d{8})(?!\d)")


class Stencils:
    """What `render(context)` says, kept for the latest `kept` shapes. A kept one takes as much memory as its text."""

    def __init__(self, render: Callable[[dict[str, Any]], str], *, kept: int = 200) -> None:
        self._render, self._most = render, kept
        self._made: OrderedDict[Hashable, tuple[list[str], list[int]]] = OrderedDict()
        self._lock = Lock()

    def fill(
        self, shape: Mapping[str, Hashable], values: Mapping[str, Any], *, language: str | None = None
    ) -> SafeString:
        """The text for these values, which are escaped where they are not safe already.

        Each call names the same things in the same order. `language`: the active one, where the caller knows it.
        """
        forms: list[Any] = []
        written: list[str] = []
        for value in values.values():
            kind = type(value)
            if kind is SafeString or kind is str:
                forms.append(bool(value))
                if value:
                    written.append(value if kind is SafeString else escape(value))
            elif kind is int or kind is UUID:
                forms.append(kind)
                written.append(str(value))
            else:
                forms.append(_form(value, written))
        key = (language or get_language(), *shape.values(), *forms)
        # Where DEBUG is on, changes of templates are to be seen at once.
        made = None if settings.DEBUG else self._made.get(key)
        if made is None:
            made = self._keep(key, self._make(shape, values))
        texts, holes = made
        filled = [""] * (2 * len(texts) - 1)
        filled[::2] = texts
        filled[1::2] = [written[hole] for hole in holes]
        return SafeString("".join(filled))

    def whole(self, shape: Mapping[str, Hashable], values: Mapping[str, Any]) -> str:
        """The same by rendering the template with the values themselves: what `fill` is measured by."""
        return self._render({**shape, **values})

    def _make(self, shape: Mapping[str, Hashable], values: Mapping[str, Any]) -> tuple[list[str], list[int]]:
        counted = [0]
        marked = {name: _marked(value, counted) for name, value in values.items()}
        pieces = _MARKS.split(self._render({**shape, **marked}))
        # The text between marks, and then the three groups of the mark, of which one is there.
        holes = [int(text or "0") if text else int(uuid, 16) if uuid else int(number)
                 for text, uuid, number in zip(pieces[1::4], pieces[2::4], pieces[3::4], strict=True)]  # fmt: skip
        return pieces[::4], holes

    def _keep(self, key: Hashable, made: tuple[list[str], list[int]]) -> tuple[list[str], list[int]]:
        with self._lock:
            self._made[key] = made
            if len(self._made) > self._most:
                self._made.popitem(last=False)
        return made


def _form(value: Any, written: list[str]) -> Hashable:
    """How a template sees a value: a mark of its kind, or emptiness. Its parts go to `written`, in order."""
    if isinstance(value, list | tuple):
        return tuple([_form(part, written) for part in value])
    if value is None or value is False:
        return value
    if value == "":
        return False
    written.append(conditional_escape(value))
    return UUID if isinstance(value, UUID) else int if isinstance(value, int) else True


def _marked(value: Any, counted: list[int]) -> Any:
    if isinstance(value, list | tuple):
        return [_marked(part, counted) for part in value]
    if value is None or value is False or value == "":
        return value
    hole, counted[0] = counted[0], counted[0] + 1
    if isinstance(value, UUID):
        return UUID(int=_ID.int + hole)
    return _NUMBER + hole if isinstance(value, int) else mark_safe(_TEXT.format(hole))  # noqa: S308 - a mark
