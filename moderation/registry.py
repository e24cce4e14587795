"""What can be flagged and decided. An app that publishes something registers it here, as with the admin.

@register(Post)
class PostSubject(Subject[Post]):
    kind = "post"
    ...
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.db.models import Model

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from members.models import Member


class Action:
    """One thing that a decision can do to a subject. `apply` runs in the decision's transaction."""

    key: ClassVar[str]
    label: "ClassVar[str | StrPromise]"
    # What the author is told was done; empty when nothing was restricted and nobody needs telling.
    statement: ClassVar[str] = ""

    def apply(self, subject: Model, *, actor: "Member") -> bool:
        """Change the subject; say whether anything changed."""
        raise NotImplementedError

    @property
    def restricts(self) -> bool:
        return bool(self.statement)


@dataclass(frozen=True, slots=True)
class Alias:
    """The name that an author has in one place, instead of their own. Nothing ties two places together."""

    name: str
    place: int


class Subject[M: Model]:
    """How one model is reviewed. All methods take a loaded object of that model."""

    kind: ClassVar[str]
    template: ClassVar[str]
    model: type[M]

    def get(self, subject_id: int) -> M | None:
        """The object whatever its state, with what `template` shows; None when it is gone."""
        raise NotImplementedError

    def find_for(self, member: "Member", public_id: UUID) -> M:
        """The object if `member` can see it. Raises Http404."""
        raise NotImplementedError

    def author(self, subject: M) -> "Member":
        raise NotImplementedError

    def snapshot(self, subject: M) -> str:
        """The text as it is now, kept with each flag."""
        raise NotImplementedError

    def titles(self, subject_ids: Sequence[int]) -> Mapping[int, str]:
        """One line each for the queue, in one query."""
        raise NotImplementedError

    def aliases(self, subject_ids: Sequence[int]) -> "Mapping[int, Alias]":
        """The authors among these whom moderators, too, know by another name, in one query."""
        del subject_ids
        return {}

    def author_door(self, subject: M) -> str:
        """Where a moderator gives a reason and learns who is behind an alias; empty where there is none."""
        del subject
        return ""

    def url(self, subject: M) -> str:
        raise NotImplementedError

    def context(self, subject: M) -> dict[str, object]:
        """What `template` needs besides `subject`: its surroundings."""
        del subject
        return {}

    def actions(self, subject: M) -> Sequence[Action]:
        """What can be decided about it in the state it is in."""
        raise NotImplementedError

    def state(self, subject: M) -> str:
        """In a word, who reads it now."""
        raise NotImplementedError


_by_kind: dict[str, Subject[Model]] = {}
_by_model: dict[type[Model], Subject[Model]] = {}


def register[M: Model](model: type[M]) -> Callable[[type[Subject[M]]], type[Subject[M]]]:
    def decorate(subject_class: type[Subject[M]]) -> type[Subject[M]]:
        if subject_class.kind in _by_kind:
            raise ValueError(f"Two subjects call themselves “{subject_class.kind}”.")
        subject = subject_class()
        subject.model = model
        _by_kind[subject.kind] = _by_model[model] = subject  # type: ignore[assignment]
        return subject_class

    return decorate


def by_kind(kind: str) -> Subject[Model] | None:
    return _by_kind.get(kind)


def of(subject: Model) -> Subject[Model]:
    """How `subject` is reviewed. Raises KeyError for a model that nobody registered."""
    return _by_model[type(subject)]
