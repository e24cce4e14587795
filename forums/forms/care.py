"""What authors and moderators can change about a thread.

A moderator's form is named as its verb (`do`), and its fields as what the verb takes.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from forums import access
from forums.forms.posting import ThreadForm
from forums.models import TITLE_MAX, Board, ContentNote, SupportType, Thread
from forums.spans import parse_spans
from members.models import Member

REASON_MAX = 500
SLOW_MOST_MINUTES = 24 * 60
PINNED_MOST_DAYS = 90


class PlainForm(FieldsForm):
    """Its tag and its button stand in the template."""


def _support_type() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("What would help"), choices=SupportType.choices, widget=forms.RadioSelect)


def _content_notes() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Does it touch any of these?"),
        help_text=_("Notes let readers choose what they see. They do not hide the thread."),
        choices=ContentNote.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def _wider() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("It is right that people can read it who could not before"),
        help_text=_("Only where the other board is open to more people."),
        required=False,
    )


class RequestForm(PlainForm):
    """The author's own."""

    support_type = ThreadForm.base_fields["support_type"]
    content_notes = _content_notes()
    no_reply_needed = forms.BooleanField(
        label=_("No reply needed"),
        help_text=_("You only want it to stand somewhere. Then it does not wait for a first reply."),
        required=False,
    )

    def __init__(self, *args: Any, by_moderators: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by_moderators:
            labels = get_text_list([str(ContentNote(note).label) for note in sorted(by_moderators)], _("and"))
            stay = _("A moderator added: %(notes)s. That stays; you could add others.") % {"notes": labels}
            notes = self.fields["content_notes"]
            notes.help_text = f"{notes.help_text} {stay}"

    @staticmethod
    def initial_for(thread: Thread) -> dict[str, Any]:
        return {
            "support_type": thread.support_type,
            "content_notes": thread.content_notes,
            "no_reply_needed": thread.no_reply_needed,
        }


class WhoForm(PlainForm):
    """Before a moderator is told who is behind a disguise."""

    reason = forms.CharField(
        label=_("Why do you need to know?"),
        help_text=_("It goes to the log with your name. Its author can read it later, so name nobody else in it."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Without a reason the name stays hidden. A sentence is enough.")},
    )


class CareForm(PlainForm):
    """One of the things that moderators do with a thread."""

    do: ClassVar[str]
    heading: ClassVar[Any]
    button: ClassVar[Any]
    tells_author: ClassVar[bool] = True

    reason = forms.CharField(
        label=_("Reason, as the author reads it"),
        help_text=_("Kindly, in a sentence or two."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"required": _("The author reads this. Say in a sentence why.")},
    )
    version = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(
        self, data: Any = None, *, thread: Thread, moderator: Member, boards: Sequence[Board], kept: Mapping[str, Any]
    ) -> None:
        self.thread, self.moderator = thread, moderator
        # Words that were sent after the session had ended come back under the names that they were sent with.
        again = {name.removeprefix(f"{self.do}-"): value for name, value in kept.items()}
        initial = {"version": access.thread_version(thread)} | self.initial_for(thread) | again
        super().__init__(data, prefix=self.do, initial=initial)
        self.is_open = data is not None or bool(kept)
        self.boards = {str(board.pk): board for board in boards}
        if "board" in self.fields:
            self.fields["board"].choices = [(key, board.title) for key, board in self.boards.items()]  # type: ignore[attr-defined]
        # The reason comes last, after what it is the reason for.
        self.order_fields([name for name in self.fields if name != "reason"])

    def initial_for(self, thread: Thread) -> dict[str, Any]:
        del thread
        return {}

    def refuse(self, sentence: str) -> None:
        """Say why it was not done. The next try is about the thread as it is now, which the page shows."""
        again: Any = cast("QueryDict", self.data).copy()
        again[f"{self.do}-version"] = access.thread_version(self.thread)
        self.data = again
        self.add_error(None, sentence)

    def clean_board(self) -> Board:
        return self.boards[self.cleaned_data["board"]]


class StateForm(CareForm):
    do = "state"
    heading = _("Who can reply")
    button = _("Change who can reply")

    state = forms.ChoiceField(
        label=_("Replies"),
        choices=[
            (Thread.State.OPEN, _("Open")),
            (Thread.State.SLOW, _("Slow mode")),
            (Thread.State.LOCKED, _("Closed to new replies")),
            (Thread.State.ARCHIVED, _("Archived: no replies and no reactions")),
        ],
        widget=forms.RadioSelect,
    )
    slow_minutes = forms.IntegerField(
        label=_("Minutes between two replies of one person"),
        help_text=_("For slow mode only. A day has 1440."),
        required=False,
        min_value=1,
        max_value=SLOW_MOST_MINUTES,
    )

    def initial_for(self, thread: Thread) -> dict[str, Any]:
        return {"state": thread.state, "slow_minutes": thread.slow_minutes}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needs_minutes = cleaned.get("state") == Thread.State.SLOW and "slow_minutes" not in self.errors
        if needs_minutes and not cleaned.get("slow_minutes"):
            self.add_error("slow_minutes", _("Slow mode needs a number of minutes."))
        return cleaned


class PinForm(CareForm):
    do = "pin"
    heading = _("Pin to the top of the board")
    button = _("Save the pin")
    tells_author = False

    until = forms.DateField(
        label=_("Pinned until the end of"),
        help_text=_("At most 90 days ahead. Leave it empty to take the pin away."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        reason.label, reason.help_text = _("Reason, for the log"), ""
        reason.error_messages["required"] = _("Say in a sentence why, for colleagues who look later.")

    def initial_for(self, thread: Thread) -> dict[str, Any]:
        return {"until": timezone.localdate(thread.pinned_until) if thread.pinned_until else None}

    def clean_until(self) -> dt.datetime | None:
        day, today = self.cleaned_data["until"], timezone.localdate()
        if day is None:
            return None
        if not today <= day <= today + dt.timedelta(days=PINNED_MOST_DAYS):
            raise forms.ValidationError(_("Choose a day from today to 90 days ahead."), code="out_of_reach")
        return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))


class NotesForm(CareForm):
    do = "request"
    heading = _("Support type and content notes")
    button = _("Change what it asks for")

    support_type = _support_type()
    content_notes = _content_notes()

    def initial_for(self, thread: Thread) -> dict[str, Any]:
        return {"support_type": thread.support_type, "content_notes": thread.content_notes}


class MoveForm(CareForm):
    do = "move"
    heading = _("Move to another board")
    button = _("Move the thread")

    board = forms.ChoiceField(label=_("Board"))
    wider = _wider()

    def initial_for(self, thread: Thread) -> dict[str, Any]:
        return {"board": thread.board_id}


class MergeForm(CareForm):
    do = "merge"
    heading = _("Join to another thread")
    button = _("Join the threads")

    into = forms.CharField(
        label=_("Address of the other thread"),
        help_text=_("All posts of this thread go behind those of the other one. It cannot be undone."),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    wider = _wider()

    def clean_into(self) -> Thread:
        thread = access.find_thread(self.moderator, self.cleaned_data["into"])
        if thread is None:
            raise forms.ValidationError(_("There is no thread at this address."), code="nowhere")
        return thread


class SplitForm(CareForm):
    do = "split"
    heading = _("Take posts out into a thread of their own")
    button = _("Make a thread of these posts")

    spans = forms.CharField(
        label=_("Which posts"),
        help_text=_("Their numbers, such as: 4, 7-9. Or: from 12 on. A line stays in the place of each."),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX, widget=forms.TextInput(attrs={"dir": "auto"}))
    support_type = _support_type()
    board = forms.ChoiceField(label=_("Board"))
    wider = _wider()
    # The last post that there was when the form was shown: “from 12 on” does not reach for what came later.
    last = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    clean_title = ThreadForm.clean_title

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Reason, as the authors of these posts read it")

    def initial_for(self, thread: Thread) -> dict[str, Any]:
        return {"support_type": thread.support_type, "board": thread.board_id, "last": thread.last_number}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        last = cleaned.pop("last", None)
        if last and "spans" in cleaned:
            try:
                cleaned["spans"] = parse_spans(cleaned["spans"], last=last)
            except ValueError:
                self.add_error("spans", _("Write numbers of posts, such as 4, 7-9, or from 12 on."))
        return cleaned


CARE_FORMS: Sequence[type[CareForm]] = (StateForm, NotesForm, PinForm, MoveForm, MergeForm, SplitForm)
# What an anonymous thread cannot have done to it: a disguise belongs to one thread.
NOT_ANONYMOUS = (MergeForm, SplitForm)


def care_forms(
    thread: Thread, *, moderator: Member, boards: Sequence[Board], data: Any = None, kept: Mapping[str, Any]
) -> dict[str, CareForm]:
    """Every form of the page by its verb; that which was sent, or waited for the sign-in, with what was typed."""
    sent = (data if data is not None else kept).get("do")
    return {
        form.do: form(
            data if form.do == sent else None,
            thread=thread,
            moderator=moderator,
            boards=boards,
            kept=kept if form.do == sent else {},
        )
        for form in CARE_FORMS
        if not (thread.is_anonymous and issubclass(form, NOT_ANONYMOUS))
    }
