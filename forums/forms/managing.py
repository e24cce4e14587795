"""Boards and gatherings, as administrators plan them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core import clocks, text
from core.forms import VersionedForm
from forums import access
from forums.models import BODY_MAX, Board, ContentNote, Gathering, SupportType, Weekday
from members.models import Member

SLUG_MAX = 50
GUIDELINES_MAX = 4000
# Addresses below /boards/ and /manage/boards/ that pages of the site have, or may want.
RESERVED = {"all", "archive", "archived", "edit", "feed", "following", "manage", "mine", "move", "new", "search"}


class ManagingForm(VersionedForm):
    """Its version is a mark of the values that it was filled with."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    # Beside the planned values: what only this form asks.
    ASKED: tuple[str, ...] = ("version",)

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))

    @property
    def planned(self) -> dict[str, Any]:
        """The values for the model, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name not in self.ASKED}


def _tidy(form: forms.Form, name: str, *, lines: bool = False) -> str:
    """What was typed without what cannot be seen. It may be nothing now, or longer in its normal form."""
    words = text.normalise(form.cleaned_data[name])
    field: Any = form.fields[name]
    if field.required and not words:
        raise forms.ValidationError(field.error_messages["required"], code="required")
    MaxLengthValidator(field.max_length)(words)
    return words if lines else words.replace("\n", " ")


class BoardForm(ManagingForm):
    """`board`: the one that is changed, or None for a new one; `has_threads`: whether there is something to read."""

    title = forms.CharField(
        label=_("Title"),
        max_length=80,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("A board needs a title.")},
    )
    slug = forms.CharField(
        label=_("Address"),
        max_length=SLUG_MAX,
        required=False,
        help_text=_("The end of the board’s address. Leave it empty, and it is made from the title."),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        help_text=_("One or two sentences below the title: who it is for."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Say in a sentence who this board is for.")},
    )
    guidelines = forms.CharField(
        label=_("Guidelines"),
        max_length=GUIDELINES_MAX,
        required=False,
        help_text=_("Shown where people write here. May stay empty."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    audience = forms.ChoiceField(
        label=_("Who can read it"),
        choices=Board.Audience.choices,
        initial=Board.Audience.MEMBERS,
        widget=forms.RadioSelect,
        help_text=_(
            "“Everyone” means it: people without an account and search engines can read everything there, also what "
            "was written before. Only members can write."
        ),
    )
    confirm_wider = forms.BooleanField(
        label=_("More people may read what was already written here"),
        required=False,
        help_text=_("Needed only if you let more people read than before. Those who wrote did not know of them."),
    )
    starters = forms.ChoiceField(
        label=_("Who may start threads"),
        choices=Board.Starters.choices,
        initial=Board.Starters.MEMBERS,
        widget=forms.RadioSelect,
        help_text=_("Everybody who can read it and has an account can reply."),
    )
    hold_first = forms.ChoiceField(
        label=_("Whose posts a moderator reads before others do"),
        choices=Board.HoldFirst.choices,
        initial=Board.HoldFirst.NEVER,
        widget=forms.RadioSelect,
        help_text=_(
            "They wait in the review queue. New here is who has fewer than three posts that others can read. "
            "Posts by moderators and administrators never wait."
        ),
    )
    content_notes = forms.MultipleChoiceField(
        label=_("Notes for the whole board"),
        choices=ContentNote.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("They count for each of its threads, beside the thread’s own."),
    )
    is_archived = forms.BooleanField(
        label=_("Archived"),
        required=False,
        help_text=_("Nobody can write here any more. All of it can still be read. Boards are never deleted."),
    )
    ASKED = ("version", "confirm_wider")

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        board: Board | None = None,
        has_threads: bool = False,
    ) -> None:
        super().__init__(data, initial=initial)
        self.board = board
        if board is None:
            del self.fields["is_archived"]
        else:
            self.fields["slug"].help_text = _(
                "The end of the board’s address. After a change the old address leads nowhere: links and bookmarks "
                "to the board stop working. Threads and everything in them stay as they are."
            )
        if board is None or not has_threads or board.audience == Board.Audience.EVERYONE:
            del self.fields["confirm_wider"]

    def clean_title(self) -> str:
        return _tidy(self, "title")

    def clean_purpose(self) -> str:
        return _tidy(self, "purpose")

    def clean_guidelines(self) -> str:
        return _tidy(self, "guidelines", lines=True)

    def clean_slug(self) -> str:
        typed = self.cleaned_data["slug"] or self.cleaned_data.get("title", "")
        slug: str = slugify(typed)[:SLUG_MAX].strip("-_")
        if not slug and "title" in self.cleaned_data:
            raise forms.ValidationError(_("An address needs some letters from a to z or numbers. Please type a few."))
        if slug in RESERVED:
            raise forms.ValidationError(_("The site uses this address itself. Please choose another one."))
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unsure = "confirm_wider" in self.fields and not cleaned.get("confirm_wider")
        if self.board and unsure and "audience" in cleaned and access.widens_audience(self.board, cleaned["audience"]):
            self.add_error(
                "confirm_wider",
                _("More people would read what was already written here. Tick this if that is what you want."),
            )
        return cleaned


class GatheringForm(ManagingForm):
    board = forms.ModelChoiceField(
        label=_("Board"), queryset=Board.objects.none(), to_field_name="slug", empty_label=_("Choose a board")
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=Gathering.TITLE_MAX,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("The day is added: “Evening check-in” becomes “Evening check-in, Sunday 22 November”."),
        error_messages={"required": _("A gathering needs a title.")},
    )
    body = forms.CharField(
        label=_("Opening words"),
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 6, "data-count": BODY_MAX, "dir": "auto"}),
        help_text=_("They are the first post each time, in the host’s name. You can use Markdown."),
        error_messages={"required": _("There are no words yet. One sentence is enough.")},
    )
    support_type = forms.ChoiceField(
        label=_("What it is for"),
        choices=SupportType.choices,
        initial=SupportType.LISTENING,
        widget=forms.RadioSelect,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days"),
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one day at least.")},
    )
    opens_at = forms.TimeField(
        label=_("Opens at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("By the clock on the wall, in summer and in winter."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        error_messages={"invalid_choice": _("This server does not know that time zone. Choose one of the list.")},
    )
    closes_after_hours = forms.IntegerField(
        label=_("Closes after how many hours"),
        min_value=1,
        max_value=24 * 7,
        initial=24,
        help_text=_("From 1 to 168, which is a week. Then nobody can reply any more; it can still be read."),
    )
    host: "forms.ModelChoiceField[Member]" = forms.ModelChoiceField(
        label=_("Host"),
        queryset=None,
        to_field_name="username",
        empty_label=_("Choose a host"),
        help_text=_("A moderator or administrator, whose name is above the opening words."),
    )

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        fields: Mapping[str, Any] = self.fields
        fields["board"].queryset = access.possible_boards()
        fields["host"].queryset = access.possible_hosts()
        fields["time_zone"].choices = [
            (region or _("Others"), [(name, name.replace("_", " ")) for name in names])
            for region, names in clocks.zones()
        ]

    def clean_title(self) -> str:
        return _tidy(self, "title")

    def clean_body(self) -> str:
        return _tidy(self, "body", lines=True)

    def clean_weekdays(self) -> list[int]:
        return sorted(self.cleaned_data["weekdays"])
