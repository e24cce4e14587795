"""What can be flagged and decided. An app that publishes something registers it here, as with the admin.

@register(Post)
class PostSubject(Subject[Post]):
    kind = "post"
    ...
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django import forms
    from django_stubs_ext import StrPromise

    from members.models import Member


class Action:
    """One thing that a decision can do to a subject. `apply` runs in the transaction in which the decision settles."""

    key: ClassVar[str]
    label: "ClassVar[str | StrPromise]"
    # What the author is told was done; empty when nothing was restricted and nobody needs telling.
    statement: "ClassVar[str | StrPromise]" = ""
    # With the statement: for whom it counts, and for how long.
    scope: "ClassVar[str | StrPromise]" = ""
    # Whether it fits only the words that were read: it is returned to who decided when they change meanwhile.
    depends_on_words: ClassVar[bool] = False
    # How much it takes from its author; an appeal never makes that more. See `weight_of`.
    weight: ClassVar[int] = 0
    # Whether it can be taken back by itself, although the same was decided once more since.
    adds: ClassVar[bool] = False
    # Whether what waited for a moderator is shown along with it: not where nobody has read what stands there now.
    shows_waiting: bool = True
    # What more a moderator has to say for it: fields named `<key>_<name>` in the form, `name` in `options`.
    option_fields: ClassVar[Mapping[str, "forms.Field"]] = {}
    # What these begin with, for the subject that it is offered for; see `initial`.
    begun: Mapping[str, Any] = {}

    def initial(self, subject: Model) -> Mapping[str, Any]:
        """What its `option_fields` begin with, by their names there."""
        del subject
        return {}

    def check(self, subject: Model, *, options: Mapping[str, Any]) -> None:
        """Raises CannotApplyError where it is known before it is decided that it could not be done."""
        del subject, options

    def weight_of(self, subject: Model, *, options: Mapping[str, Any]) -> int:
        """How much it takes from its author with these `options`, which have more in them after it was done."""
        del subject, options
        return self.weight

    def apply(self, subject: Model, *, actor: "Member", options: dict[str, Any]) -> bool:
        """Change the subject; say whether anything changed.

        `options` are the moderator's, as JSON can keep them. What `revert` needs to know is added to them here
        (`options["before"] = …`); they are kept with the decision.

        Raises:
            CannotApplyError: it cannot be done any more. The message is a sentence for the moderator.
        """
        raise NotImplementedError

    def revert(self, subject: Model, *, actor: "Member", options: Mapping[str, Any]) -> bool:
        """Take back what `apply` did, after an appeal; say whether anything changed. Only what is as `apply` left it
        is changed."""
        del subject, actor, options
        return False

    @property
    def restricts(self) -> bool:
        return bool(self.statement)


class Warn(Action):
    """Words to the author, and nothing else. For subjects of any kind."""

    key = "warn"
    label = _("Warn the author, and leave it as it is")
    statement = _("This is a warning. Nothing else was done: what you wrote stays where it is.")
    scope = _("It is between you and the moderators. Nobody else is told.")

    def apply(self, subject: Model, *, actor: "Member", options: dict[str, Any]) -> bool:
        del subject, actor, options
        return False


class CannotApplyError(Exception):
    """What was decided cannot be done to the subject. The message is a sentence for the moderator."""


@dataclass(frozen=True, slots=True)
class Alias:
    """The name that an author has in one place, instead of their own. Nothing ties two places together."""

    name: str
    place: int


class Subject[M: Model]:
    """How one model is reviewed. All methods take a loaded object of that model."""

    kind: ClassVar[str]
    template: ClassVar[str]
    # Whether there is no more to it than its words: reported again, the same words need no second look.
    is_its_words: ClassVar[bool] = True
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

    def report_title(self, subject: M) -> str:
        """What is reported, for whoever reports it: “Report this post”."""
        raise NotImplementedError

    def report_hint(self, subject: M) -> str:
        """What else one could report instead, in a sentence; empty where that is plain."""
        del subject
        return ""

    def titles(self, subject_ids: Sequence[int]) -> Mapping[int, str]:
        """One line each for the queue, in one query."""
        raise NotImplementedError

    def aliases(self, subject_ids: Sequence[int]) -> "Mapping[int, Alias]":
        """The authors among these whom moderators, too, know by another name, in one query."""
        del subject_ids
        return {}

    def alias_of(self, subject: M, member_id: int) -> str:
        """The name that this member, who need not be its author, has where `subject` stands; "" for their own."""
        del subject, member_id
        return ""

    def author_door(self, subject: M) -> str:
        """Where a moderator gives a reason and learns who is behind an alias; empty where there is none."""
        del subject
        return ""

    def url(self, subject: M) -> str:
        raise NotImplementedError

    def lately_read(self, most: int) -> Sequence[tuple[str, str]]:
        """What was published last and every member can read: texts and addresses, no names. For trying words out."""
        del most
        return []

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

    def action(self, subject: M, key: str) -> Action | None:
        """The action called `key`, also one that the subject's present state no longer offers: for taking it back."""
        return next((each for each in self.actions(subject) if each.key == key), None)

    def instead(self, subject: M) -> Sequence[Action]:
        """What could be decided about it if the decision that changed it were taken back: for appeals."""
        return self.actions(subject)

    def begin_reply(self, subject: M, *, member: "Member", text: str) -> str:
        """Begin an answer by `member` where the subject stands, with `text`; the address to write on. "" if none."""
        del subject, member, text
        return ""

    def fold(self, subject: M) -> bool:
        """Keep it from readers until a person has looked; say whether that changed anything. Nobody is restricted."""
        del subject
        return False

    def find_at(self, address: str) -> M | None:
        """What stands at an address of this site, whoever asks: for reports from outside. None if not this kind.

        `address` begins with the path, and may go on with a query and a fragment.
        """
        del address
        return None


def offered(actions: Sequence[Action], subject: Model) -> Sequence[Action]:
    """The actions with what their fields begin with for `subject`."""
    for action in actions:
        action.begun = action.initial(subject)
    return actions


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


def find_at(address: str) -> Model | None:
    """What stands at an address of this site, of whatever kind and in whatever state."""
    found = (kind.find_at(address) for kind in _by_kind.values())
    return next((subject for subject in found if subject is not None), None)


def of(subject: Model) -> Subject[Model]:
    """How `subject` is reviewed. Raises KeyError for a model that nobody registered."""
    return _by_model[type(subject)]


def kinds() -> Sequence[Subject[Model]]:
    """All that can be reviewed, in the order in which their apps registered them."""
    return list(_by_kind.values())


def knows(model: type[Model]) -> bool:
    """Whether objects of this model can be reviewed."""
    return model in _by_model
