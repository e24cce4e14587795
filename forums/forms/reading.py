from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import FieldsForm
from forums.models import ContentNote
from members.models import Member


class Showing(models.TextChoices):
    """What becomes of threads with one content note."""

    SHOW = "show", pgettext_lazy("threads with a content note", "Show")
    FOLD = "fold", pgettext_lazy("threads with a content note", "Fold")
    HIDE = "hide", pgettext_lazy("threads with a content note", "Hide")


class ReadingForm(FieldsForm):
    """How a member likes to read: a choice for each content note, and two for the whole site."""

    low_energy = forms.BooleanField(
        label=_("Low-energy mode"),
        help_text=_("One thread at a time, larger text, and answers in one tap. Everything else stays where it is."),
        required=False,
    )
    follow_on_posting = forms.BooleanField(
        label=_("Follow what I write in"),
        help_text=_("You hear of answers. You can change that for each thread."),
        required=False,
    )

    def __init__(self, member: Member, data: QueryDict | None = None) -> None:
        initial = {"low_energy": member.low_energy, "follow_on_posting": member.follow_on_posting}
        super().__init__(data, initial=initial)
        for note in ContentNote:
            self.fields[_field(note)] = forms.ChoiceField(
                label=note.label, choices=Showing.choices, widget=forms.RadioSelect, initial=_showing(member, note)
            )

    @property
    def notes(self) -> list[forms.BoundField]:
        return [self[_field(note)] for note in ContentNote]

    @property
    def switches(self) -> list[forms.BoundField]:
        return [self["low_energy"], self["follow_on_posting"]]

    def notes_to(self, showing: Showing) -> list[ContentNote]:
        return [note for note in ContentNote if self.cleaned_data[_field(note)] == showing]


def _field(note: ContentNote) -> str:
    return f"note_{note.value}"


def _showing(member: Member, note: ContentNote) -> Showing:
    if note in member.hidden_notes:
        return Showing.HIDE
    return Showing.FOLD if note in member.folded_notes else Showing.SHOW


class PhraseForm(forms.Form):
    """A whole reply in one tap, and a mark that makes a second tap harmless."""

    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    reply_to = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(
        self,
        phrases: Sequence[tuple[str, str]],
        data: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"submission": uuid4()} | (initial or {}))
        self.words = dict(phrases)
        self.fields["phrase"] = forms.ChoiceField(choices=phrases)

    @property
    def body(self) -> str:
        return self.words[self.cleaned_data["phrase"]]

    @property
    def submission_id(self) -> UUID | None:
        found: UUID | None = self.cleaned_data["submission"]
        return found
