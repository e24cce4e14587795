"""Where a member draws a line."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import FieldsForm
from members.models.boundaries import PHRASE_MAX


class FilterForm(FieldsForm):
    """A word or a phrase, and what becomes of what holds it."""

    phrase = forms.CharField(
        label=_("Word or phrase"),
        max_length=PHRASE_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "dir": "auto"}),
        help_text=_("Big and small letters and accents make no difference."),
        error_messages={
            "max_length": _("This is longer than %(limit_value)d characters. A part of it could be enough.")
        },
    )
    how = forms.ChoiceField(
        label=_("What becomes of words that hold it"),
        choices=[
            ("fold", pgettext_lazy("words with a filtered phrase", "Fold them. I can open them")),
            ("hide", pgettext_lazy("words with a filtered phrase", "Do not show them to me")),
        ],
        widget=forms.RadioSelect,
        initial="fold",
    )
    whole_word = forms.BooleanField(
        label=_("Only as a whole word"),
        help_text=_("“art” is then not found in “start”."),
        required=False,
        initial=True,
    )

    @property
    def hides(self) -> bool:
        return bool(self.cleaned_data["how"] == "hide")
