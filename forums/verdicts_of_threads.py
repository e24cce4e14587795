"""What moderators can decide about the thread of an opening post."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.notes import ContentNote
from forums.access.care import CannotChangeError, check_reach, is_narrower
from forums.models import Board, Post, Thread
from forums.services import by_decision
from forums.verdicts import UNTIL_CHANGED, Hide, show_if_waiting, thread_of
from members.models import Member
from moderation.registry import Action, CannotApplyError

SLOW_AT_FIRST, SLOW_MOST = 60, 24 * 60


class OfThread(Action):
    """Something about the thread of an opening post. What waited is shown."""

    scope = UNTIL_CHANGED
    weight = 1

    def change(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> Any:
        """What has to be remembered to take it back; nothing where it was so already."""
        raise NotImplementedError

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        try:
            options["before"] = self.change(subject, actor=actor, options=options)
        except CannotChangeError as error:
            raise CannotApplyError(str(error)) from error
        if not options["before"]:
            raise CannotApplyError(_("It is so already. Nothing was changed."))
        if self.shows_waiting:
            show_if_waiting(subject)
        return True


class AddNotes(OfThread):
    key = "notes"
    adds = True
    label = gettext_lazy("Add content notes")
    statement = gettext_lazy("A moderator added content notes to your thread. Its words are as you wrote them.")
    option_fields: ClassVar[Mapping[str, forms.Field]] = {
        "notes": forms.MultipleChoiceField(
            label=gettext_lazy("It touches"),
            choices=ContentNote.choices,
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy("What it has already stays."),
        ),
    }

    def initial(self, subject: Model) -> Mapping[str, Any]:
        return {"notes": thread_of(subject).content_notes}

    def check(self, subject: Model, *, options: Mapping[str, Any]) -> None:
        if not set(options.get("notes", ())) - set(thread_of(subject).content_notes):
            raise CannotApplyError(_("It has these content notes already. Nothing was changed."))

    def change(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> Any:
        return by_decision.add_notes(actor=actor, thread=thread_of(subject), notes=options["notes"])

    def revert(self, subject: Model, *, actor: Member, options: Mapping[str, Any]) -> bool:
        return by_decision.take_notes_away(actor=actor, thread=thread_of(subject), before=options["before"])


class SetState(OfThread):
    """How replies come into the thread."""

    state: ClassVar[Thread.State]

    def change(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> Any:
        return by_decision.set_state(
            actor=actor, thread=thread_of(subject), state=self.state, minutes=options.get("minutes")
        )

    def revert(self, subject: Model, *, actor: Member, options: Mapping[str, Any]) -> bool:
        return by_decision.give_state_back(actor=actor, post=cast("Post", subject), before=options["before"])


class LockThread(SetState):
    key = "lock"
    label = gettext_lazy("Close the thread to new replies")
    statement = gettext_lazy("Your thread was closed to new replies. What is in it stays and can be read.")
    state = Thread.State.LOCKED


class SlowDown(SetState):
    key = "slow"
    label = gettext_lazy("Slow the thread down")
    statement = gettext_lazy("Your thread is in slow mode: everybody waits a while between two replies.")
    state = Thread.State.SLOW
    option_fields: ClassVar[Mapping[str, forms.Field]] = {
        "minutes": forms.IntegerField(
            label=gettext_lazy("Minutes between two replies of one person"),
            help_text=gettext_lazy("A day has 1440."),
            min_value=1,
            max_value=SLOW_MOST,
            initial=SLOW_AT_FIRST,
        ),
    }


def boards_to_move_to() -> QuerySet[Board]:
    return Board.objects.filter(is_archived=False).order_by("position", "id")


def _boards() -> list[tuple[str, str]]:
    return _to_choose_from(boards_to_move_to().values_list("pk", "title"))


def _to_choose_from(boards: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [("", _("Choose a board")), *((str(pk), title) for pk, title in boards)]


class Move(OfThread):
    key = "move"
    label = gettext_lazy("Move the thread to another board")
    statement = gettext_lazy("Your thread stands on another board now. Its address is the same.")
    option_fields: ClassVar[Mapping[str, forms.Field]] = {
        "board": forms.ChoiceField(label=gettext_lazy("Board"), choices=_boards),
        "wider": forms.BooleanField(
            label=gettext_lazy("It is right that people can read it who could not before"),
            help_text=gettext_lazy("Only where the other board is open to more people."),
            required=False,
        ),
    }

    def choices(self, name: str) -> Sequence[tuple[str, str]] | None:
        return _to_choose_from(self.beside["boards"]) if name == "board" and "boards" in self.beside else None

    def check(self, subject: Model, *, options: Mapping[str, Any]) -> None:
        if str(thread_of(subject).board_id) == options.get("board"):
            raise CannotApplyError(_("The thread stands on this board. Nothing was changed."))
        board = _board(options)
        try:
            check_reach(thread_of(subject).board, board, wider=bool(options.get("wider")))
        except CannotChangeError as error:
            raise CannotApplyError(str(error)) from error

    def weight_of(self, subject: Model, *, options: Mapping[str, Any]) -> int:
        """Where fewer people read it, it is as much as hiding it from the others."""
        came_from = options["before"]["board"] if "before" in options else thread_of(subject).board_id
        return Hide.weight if is_narrower(_board({"board": came_from}), _board(options)) else self.weight

    def change(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> Any:
        return by_decision.move(
            actor=actor, thread=thread_of(subject), board=_board(options), wider=bool(options.get("wider"))
        )

    def revert(self, subject: Model, *, actor: Member, options: Mapping[str, Any]) -> bool:
        return by_decision.move_back(actor=actor, thread=thread_of(subject), before=options["before"])


def _board(options: Mapping[str, Any]) -> Board:
    board = Board.objects.filter(pk=options.get("board") or 0).first()
    if board is None:
        raise CannotApplyError(_("That board is not there any more. Nothing was changed."))
    return board


REVERSIBLE: Sequence[type[Action]] = (AddNotes, LockThread, SlowDown, Move)
