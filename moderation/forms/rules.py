"""The community guidelines, as administrators write them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import text
from core.forms import VersionedForm

TITLE_MAX, TEXT_MAX = 100, 2000


class RuleForm(VersionedForm):
    """`is_new`: there is no version yet, and nothing to retire."""

    title = forms.CharField(
        label=_("Guideline"),
        max_length=TITLE_MAX,
        help_text=_("In a few words, as people remember it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("A guideline needs a title.")},
    )
    text = forms.CharField(
        label=_("What it means"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "data-count": TEXT_MAX}),
        error_messages={"required": _("Say in a sentence or two what it means.")},
    )
    is_active = forms.BooleanField(
        label=_("In force"),
        required=False,
        initial=True,
        help_text=_("Decisions rest on it. Without the tick it is retired: earlier decisions keep naming it."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_new:
            del self.fields["is_active"], self.fields["version"]

    def clean_title(self) -> str:
        return self._tidy("title").replace("\n", " ")

    def clean_text(self) -> str:
        return self._tidy("text")

    def _tidy(self, name: str) -> str:
        words = text.normalise(self.cleaned_data[name])
        if not words:
            raise forms.ValidationError(self.fields[name].error_messages["required"], code="required")
        return words
