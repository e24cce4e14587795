import datetime as dt
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import text
from core.forms import FieldsForm
from forums import access
from forums.models import Board, SupportType

WORDS_MAX = 200
_AGES = {"week": 7, "month": 31, "year": 366}


class WordsField(forms.CharField):
    """One line as somebody typed or pasted it, without what nobody can see."""

    def to_python(self, value: object) -> str:
        return " ".join(text.normalise(super().to_python(value) or "").split())


class SearchForm(FieldsForm):
    """What to look for, and where. Comes by GET, so an address of a search can be kept by whoever made it."""

    q = WordsField(
        label=_("Words to look for"),
        max_length=WORDS_MAX,
        required=False,
        help_text=_("The beginning of a word is enough. Quotes keep “words together”, and -word leaves one out."),
        # A shared browser does not offer it to the next person.
        widget=forms.TextInput(
            attrs={"type": "search", "dir": "auto", "autocomplete": "off", "enterkeyhint": "search"}
        ),
        error_messages={
            "max_length": _("That is longer than %(limit_value)s characters. A few words find more than many.")
        },
    )
    board = forms.ChoiceField(label=_("Board"), required=False)
    support = forms.ChoiceField(
        label=_("What was asked for"), choices=[("", _("Anything")), *SupportType.choices], required=False
    )
    since = forms.ChoiceField(
        label=_("Written"),
        choices=[
            ("", _("At any time")),
            ("week", _("In the last week")),
            ("month", _("In the last month")),
            ("year", _("In the last year")),
        ],
        required=False,
    )
    mine = forms.BooleanField(label=_("Only what I wrote"), required=False)

    def __init__(self, data: QueryDict, *, boards: Sequence[Board]) -> None:
        super().__init__(data)
        choices = [(board.slug, board.title) for board in boards]
        self.fields["board"] = forms.ChoiceField(
            label=_("Board"), choices=[("", _("All boards")), *choices], required=False
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for yet."""
        return not self.data.get("q", "").strip()

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in ("board", "support", "since", "mine"))

    def too_many(self) -> None:
        """Say that it was too much for a minute; the words stay in the field."""
        self.add_error("q", _("There were many searches in one minute. Your words are kept; try again in a moment."))

    def search_query(self) -> access.SearchQuery:
        days = _AGES.get(self.cleaned_data["since"])
        return access.SearchQuery(
            words=self.cleaned_data["q"],
            board=self.cleaned_data["board"],
            support_type=self.cleaned_data["support"],
            since=timezone.now() - dt.timedelta(days=days) if days else None,
            mine=self.cleaned_data["mine"],
        )
