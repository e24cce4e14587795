"""What is kept about people, why, for how long, and who sees it. The page about privacy is made of this list, and what
each night deletes goes by it, so that neither says what the other does not do.

Each app registers its own (`retention.py` of the app). Every model that leads to a member is named by one of them.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

# A sentence of the site, translated when it is shown.
type Words = str | Promise


@dataclass(frozen=True)
class Term:
    """One kind of thing that is kept. `models`: their labels, as in “forums.Draft”.

    What ends by itself has `due`, the rows whose time is over at an instant; they are deleted. Where something else
    happens to them, `end` does it: in batches, safe to run again, and says with how many. What has neither stays until
    its owner removes it or leaves.
    """

    key: str
    what: Words
    why: Words
    how_long: Words
    seen_by: Words
    models: tuple[str, ...] = ()
    due: Callable[[dt.datetime], "QuerySet[Any, Any]"] | None = None
    end: Callable[[], int] | None = None


_terms: dict[str, Term] = {}


def register(term: Term) -> Term:
    _terms[term.key] = term
    return term


def terms() -> Sequence[Term]:
    """In the order in which they were registered: the members' own first."""
    return list(_terms.values())
