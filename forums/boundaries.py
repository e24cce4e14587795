"""What a reader's lines mean for lists of threads, and for somebody's words in a third person's (M7)."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from core.pagination import Page
from members.access.boundaries import Boundaries
from members.kept import Kept, kept, lines_of


def met[Row: Mapping[str, Any]](viewer: object, rows: Iterable[Row]) -> list[Row]:
    """Of a list's threads (access.THREAD_ROW), those whose titles `viewer` does not keep away altogether."""
    lines = lines_of(viewer)
    return [row for row in rows if of_row(lines, row, viewer) != Kept.HIDDEN] if lines.filters else list(rows)


def met_page(viewer: object, page: Page[Any]) -> Page[Any]:
    """The same for a page of them, which can be shorter than the others then."""
    return replace(page, items=met(viewer, page.items))


def of_row(lines: Boundaries, row: Mapping[str, Any], viewer: object) -> Kept:
    """How a thread of a list is kept from a reader."""
    disguised = row["disguise"] is not None
    viewer_id = getattr(viewer, "pk", None)
    return kept(lines, author_id=row["author_id"], viewer_id=viewer_id, disguised=disguised, texts=[row["title"]])


# --- somebody else's words and name inside a third person's -----------------------------------------------------

_QUOTE_TAG = re.compile(r"(</?blockquote>)\n?")
_QUOTATIONS = re.compile(r"(?:^ {0,3}>.*(?:\n|\Z))+", re.MULTILINE)
_MARK = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_TAG = re.compile(r"<[^>]*>")


def without_html(body_html: str, names: Collection[str]) -> str:
    """Rendered words without quotations of anybody in `names` (lower case), and with nobody of them mentioned.

    Gone without a trace: a line in its place would tell whoever was blocked that they were. What third people say of
    somebody in words of their own stays theirs.
    """
    if not _named(body_html, names):
        return body_html
    done, opened = [""], 0
    for part in _QUOTE_TAG.split(body_html):
        if part == "<blockquote>":
            opened += 1
            done.append("")
        elif part == "</blockquote>" and opened:
            opened -= 1
            _close(done, names)
        else:
            done[-1] += part
    for _unclosed in range(opened):  # where only the beginning of a post is shown
        _close(done, names)
    return _unmentioned("".join(done), names)


def _close(done: list[str], names: Collection[str]) -> None:
    words = done.pop()
    done[-1] += "" if _begins_with(_TAG.sub("", words), names) else f"<blockquote>\n{words}</blockquote>\n"


def without(body: str, names: Collection[str]) -> str:
    """The same for words as they were typed."""
    if not _named(body, names):
        return body

    def unquoted(found: re.Match[str]) -> str:
        return "" if _begins_with(_MARK.sub("", found.group()), names) else found.group()

    return _unmentioned(_QUOTATIONS.sub(unquoted, body), names)


def _named(words: str, names: Collection[str]) -> bool:
    """Most posts name nobody, and are left as they are."""
    if not names:
        return False
    lower = words.lower()
    return any(name in lower for name in names)


def _begins_with(quoted: str, names: Collection[str]) -> bool:
    """Whether words begin with the line that says who wrote them, as the composer makes it (forums.quotes)."""
    first = quoted.strip().partition("\n")[0].strip().lower()
    return any(first.startswith((_("%(name)s wrote:") % {"name": name}).lower()) for name in names)


def _unmentioned(words: str, names: Collection[str]) -> str:
    somebody = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    mention = rf"(?<![\w@/.+-])@(?:{somebody})(?![A-Za-z0-9]|[_-]+[A-Za-z0-9])"
    return re.sub(mention, lambda _found: "@" + _("someone"), words, flags=re.IGNORECASE)
