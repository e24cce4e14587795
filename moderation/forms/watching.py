"""Words that admins watch, as they write them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core import text
from core.forms import VersionedForm
from moderation import access
from moderation.models import WatchedWords
from moderation.screening.watched import LONGEST_PATTERN, RefusedPatternError, Watch

LABEL_MAX, SAMPLES_MAX, SAMPLE_LINES = 40, 5000, 50


class WatchedWordsForm(VersionedForm):
    """Carries a mark of what was tried, too."""

    label = forms.CharField(
        label=_("Name"),
        max_length=LABEL_MAX,
        help_text=_("What moderators read in a case, and nobody else."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Give it a name, so that moderators know what was noticed.")},
    )
    kind = forms.ChoiceField(
        label=_("What to look for"),
        choices=[(value, capfirst(label)) for value, label in WatchedWords.Kind.choices],
        initial=WatchedWords.Kind.PHRASE,
        widget=forms.RadioSelect,
    )
    expression = forms.CharField(
        label=_("Words or pattern"),
        max_length=LONGEST_PATTERN,
        strip=False,
        help_text=_(
            "Words meet every spelling: capitals, accents, digits for letters. A pattern is a regular expression, in "
            r"small letters or large, for instance \bthin(spo|spiration)\b; looking ahead or behind and \1 are not "
            "possible."
        ),
        widget=forms.TextInput(attrs={"dir": "auto", "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={"required": _("Write the words or the pattern to look for.")},
    )
    action = forms.TypedChoiceField(
        label=_("What happens then"),
        choices=[(value, capfirst(label)) for value, label in WatchedWords.Action.choices],
        coerce=int,
        initial=WatchedWords.Action.NOTE,
        widget=forms.RadioSelect,
        help_text=_(
            "Noted, everybody reads it, and a moderator looks at it within a day. Asked, the author decides, and no "
            "moderator is told. Held, nobody else reads it before a moderator has."
        ),
    )
    samples = forms.CharField(
        label=_("Try it on"),
        max_length=SAMPLES_MAX,
        required=False,
        help_text=_("One text a line: some that it should meet, and some that it should not. They are not kept."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    tried = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))

    def clean_label(self) -> str:
        label = text.normalise(self.cleaned_data["label"]).replace("\n", " ")
        if not label:
            raise forms.ValidationError(self.fields["label"].error_messages["required"], code="required")
        # The normal form of some letters is longer than what was typed.
        forms.CharField(max_length=LABEL_MAX).clean(label)
        return label

    def clean_expression(self) -> str:
        expression = self.cleaned_data["expression"].replace("\0", "").strip("\r\n")
        if not expression.strip():
            raise forms.ValidationError(self.fields["expression"].error_messages["required"], code="required")
        return str(expression)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if all(name in cleaned for name in ("kind", "expression", "action")):
            try:
                cleaned["watch"] = access.compile_watch(
                    label=cleaned.get("label", ""),
                    kind=cleaned["kind"],
                    expression=cleaned["expression"],
                    action=cleaned["action"],
                )
            except RefusedPatternError as error:
                self.add_error("expression", str(error))
        return cleaned

    @property
    def watch(self) -> Watch | None:
        """Once it is cleaned: what would be watched, with or without a name; None where it cannot be."""
        watch: Watch | None = self.cleaned_data.get("watch")
        return watch

    @property
    def sample_lines(self) -> Sequence[str]:
        return access.sample_lines(self.cleaned_data.get("samples"))[:SAMPLE_LINES]

    def is_tried(self, saved: WatchedWords | None) -> bool:
        """Once it is valid: whether what these words would meet was seen, now or when they were `saved`."""
        kind, expression = self.cleaned_data["kind"], self.cleaned_data["expression"]
        if saved is not None and (saved.kind, saved.expression) == (kind, expression):
            return True
        return access.is_tried(self.cleaned_data["tried"], kind=kind, expression=expression)

    @property
    def trial(self) -> str:
        """Once there is a watch: the mark that it was tried."""
        return access.mark_of_trial(kind=self.cleaned_data["kind"], expression=self.cleaned_data["expression"])

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("label", "kind", "expression", "action")}
