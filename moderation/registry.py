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

from django.db.models import Case, JSONField, Model, OuterRef, QuerySet, Subquery, When
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONArray, JSONObject
from django.utils.translation import gettext_lazy as _

from core.carried import Carried

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
    # What was read along by the `beside` of its kind; empty where it was not.
    beside: Mapping[str, Any] = {}

    def initial(self, subject: Model) -> Mapping[str, Any]:
        """What its `option_fields` begin with, by their names there."""
        del subject
        return {}

    def choices(self, name: str) -> Sequence[tuple[str, str]] | None:
        """What there is to choose in the field `name`, where `beside` says it; None where the field asks by itself."""
        del name
        return None

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


@dataclass(frozen=True, slots=True)
class Named:
    """How moderators know a subject: one line for it, and its author's other name there, if they have one."""

    title: str
    alias: Alias | None = None


class Subject[M: Model]:
    """How one model is reviewed. All methods take a loaded object of that model."""

    kind: ClassVar[str]
    template: ClassVar[str]
    # What `get` reads, where a query about cases can bring it along; `get` is asked for the others.
    carried: ClassVar[Carried[Any] | None] = None
    # From what `named` tells the title and the alias: fields of the model, or expressions.
    naming: ClassVar[Sequence[str | Combinable]]
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

    def named(self, values: Sequence[Any]) -> Named:
        """From the values of `naming`."""
        raise NotImplementedError

    def names(self, subject_ids: Sequence[int]) -> "Mapping[int, Named]":
        """Those of these subjects that are still there, in one query."""
        rows = self.model._default_manager.filter(pk__in=subject_ids)  # noqa: SLF001 - of whatever model
        return {pk: self.named(values) for pk, values in rows.values_list("pk", JSONArray(*self.naming))}

    def beside(self) -> Mapping[str, Combinable]:
        """What `context` and the actions would ask for by themselves, in a query about cases."""
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

    def context(self, subject: M, beside: Mapping[str, Any] | None = None) -> dict[str, object]:
        """What `template` needs besides `subject`: its surroundings, of which some may have been read along."""
        del subject, beside
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


def offered(actions: Sequence[Action], subject: Model, beside: Mapping[str, Any] | None = None) -> Sequence[Action]:
    """The actions with what their fields begin with for `subject`, and what they choose from."""
    for action in actions:
        action.begun, action.beside = action.initial(subject), beside or {}
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


# --- in queries about cases -------------------------------------------------------------------------------------


def naming(prefix: str = "") -> Case:
    """What `named` needs, in a query about cases or what leads to one by `prefix`; null where the subject is gone."""
    rows = {
        name: Subquery(_about(kind, prefix).values(named=JSONArray(*kind.naming))) for name, kind in _by_kind.items()
    }
    return _by_kinds(rows, prefix)


def named(kind_name: str, values: Sequence[Any] | None) -> Named | None:
    kind = _by_kind.get(kind_name)
    return kind.named(values) if kind and values is not None else None


def carrying(prefix: str = "") -> Case:
    """The subject itself, of the kinds that can be carried."""
    kinds = {name: (kind, kind.carried) for name, kind in _by_kind.items() if kind.carried}
    return _by_kinds({name: carried.one(_about(kind, prefix)) for name, (kind, carried) in kinds.items()}, prefix)


def subject_from(kind_name: str, subject_id: int, values: Sequence[Any] | None) -> Model | None:
    """The subject from what `carrying` brought. One query for a kind that cannot be carried."""
    kind = _by_kind.get(kind_name)
    if kind is None:
        return None
    return kind.carried.object(values) if kind.carried else kind.get(subject_id)


def beside() -> Case:
    """What each kind reads along, by the names that it has for it."""
    columns = {name: kind.beside() for name, kind in _by_kind.items()}
    return _by_kinds({name: JSONObject(**found) for name, found in columns.items() if found}, "")


def _about(kind: Subject[Model], prefix: str) -> QuerySet[Any]:
    return kind.model._default_manager.filter(pk=OuterRef(f"{prefix}subject_id")).order_by()  # noqa: SLF001


def _by_kinds(values: Mapping[str, Combinable], prefix: str) -> Case:
    found = [When(**{f"{prefix}subject_kind": name}, then=value) for name, value in values.items()]
    return Case(*found, output_field=JSONField())
