"""The moderators' own desk: notes, handovers, spam by the heap, templates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from moderation.models import Rule, Template

WORDS_MAX = 2000


def _words(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class NoteForm(FieldsForm):
    words = forms.CharField(
        label=_("Note for colleagues"),
        max_length=WORDS_MAX,
        widget=_words(2),
        error_messages={"required": _("Write a word or two. Nothing was added.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].widget.attrs["data-key"] = "n"


class HandOverForm(FieldsForm):
    handover = forms.CharField(
        label=_("What a colleague needs to know"),
        max_length=WORDS_MAX,
        widget=_words(2),
        error_messages={"required": _("Write a word or two, so that nobody begins anew. You still have the case.")},
    )


class ShiftEndForm(FieldsForm):
    handover = forms.CharField(
        label=_("Handover note"),
        max_length=WORDS_MAX,
        widget=_words(5),
        required=False,
        help_text=_("What is under way, and what the next person could begin with. Only moderators read it."),
    )


class SpamForm(FieldsForm):
    rule = forms.ModelChoiceField(
        label=_("Rule"),
        queryset=Rule.objects.none(),
        empty_label=_("Choose a rule"),
        error_messages={"required": _("A restriction needs the rule it rests on.")},
    )
    reason = forms.CharField(
        label=_("Reason, as each author reads it"),
        max_length=WORDS_MAX,
        widget=_words(3),
        error_messages={"required": _("The authors read this. Say what happened in a sentence or two.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].queryset = Rule.objects.filter(is_active=True).order_by("position", "id")  # type: ignore[attr-defined]


class TemplateForm(FieldsForm):
    """`is_new`: what it is for is chosen once."""

    purpose = forms.ChoiceField(
        label=_("What it is for"),
        choices=Template.Purpose.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is for.")},
    )
    title = forms.CharField(
        label=_("Title, for moderators"),
        max_length=100,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("A template needs a title.")},
    )
    text = forms.CharField(
        label=_("Words to begin with"),
        max_length=WORDS_MAX,
        widget=_words(7),
        help_text=_("Whoever uses it changes it as needed. Plain words, short sentences, no names."),
        error_messages={"required": _("A template needs words.")},
    )
    is_active = forms.BooleanField(
        label=_("In use"),
        required=False,
        help_text=_("Without this it is kept here, and moderators do not see it any more."),
    )
    mark = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("is_active", "mark") if is_new else ("purpose",):
            del self.fields[name]
