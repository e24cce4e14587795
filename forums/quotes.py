"""Members whose words a post quotes. Only where it is certain: it says who wrote them, and they did, in that thread."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from forums.disguise import name_for
from forums.models import Post, Visibility
from forums.models.posts import PostQuerySet
from members.models import Member

# Whoever is quoted after the fifth is not told.
AT_MOST = 5
# In so many of the latest posts of who is named the words are looked for.
LOOKED_AT = 50
# What is shorter is found in what anybody says.
SHORTEST = 12
_QUOTATIONS = re.compile(r"(?:^ {0,3}>.*(?:\n|\Z))+", re.MULTILINE)
_MARK = re.compile(r"^ {0,3}> ?", re.MULTILINE)
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words as letters and digits only, because a quotation of what a page shows has none of its marks."""

    name: str
    words: str


def quotations_in(body: str) -> Sequence[Quotation]:
    """Those that begin with a line that says who wrote it, as the composer makes them. Not quotations in quotations."""
    return list(_quotations(body))[:AT_MOST] if ">" in body else []


def _quotations(body: str) -> Iterator[Quotation]:
    before, after = _("%(name)s wrote:").split("%(name)s")
    for found in _QUOTATIONS.findall(body):
        first, _line, rest = _MARK.sub("", found).partition("\n")
        name = first.strip().removeprefix(before).removesuffix(after).strip()
        words = _letters(_first_words(rest))
        if len(first.strip()) > len(name) and name and len(words) >= SHORTEST:
            yield Quotation(name.lower(), words)


def _first_words(quoted: str) -> str:
    """The first line of their own: a selection may have left out what stands between two of them."""
    lines = (line.removesuffix("…").strip() for line in quoted.splitlines())
    return next((line for line in lines if line and not line.startswith(">")), "")


def _letters(words: str) -> str:
    return _NOT_LETTERS.sub("", words).lower()


def quoted_ids(post: Post) -> set[int]:
    """Whose words `post` quotes, as its thread shows their names. Two queries a name, AT_MOST names. Reads the thread.

    Somebody behind a disguise is found by that name only: nobody hears of it under the other one.
    """
    return {author for one in quotations_in(post.body) for author in _author_of(one, post)}


def _author_of(quotation: Quotation, post: Post) -> Iterable[int]:
    author_id = _named(quotation.name, post)
    if author_id is None:
        return ()
    earlier: PostQuerySet = Post.objects.filter(thread=post.thread_id, author=author_id, number__lt=post.number)
    bodies = earlier.filter(visibility=Visibility.VISIBLE).order_by("-number").values_list("body", flat=True)
    return (author_id,) if any(quotation.words in _letters(body) for body in bodies[:LOOKED_AT]) else ()


def _named(name: str, post: Post) -> int | None:
    thread = post.thread
    if thread.disguise is not None and name_for(thread.disguise).lower() == name:
        return thread.author_id
    members = Member.objects.alias(lower=Lower("username")).filter(lower=name, is_active=True)
    found = members.values_list("pk", flat=True).first()
    return None if thread.is_anonymous and found == thread.author_id else found
