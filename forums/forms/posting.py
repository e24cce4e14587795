from typing import Any, Self, cast
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core import text
from forums.models import BODY_MAX, TITLE_MAX, ContentNote, Reaction, SupportType


class PostingForm(forms.Form):
    """What every composer has: the words, and a mark that makes a second submit harmless."""

    body = forms.CharField(
        label=_("Your words"),
        widget=forms.Textarea(attrs={"rows": 8, "data-count": BODY_MAX, "dir": "auto"}),
        error_messages={"required": _("There are no words yet. One is enough.")},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"submission": uuid4()} | (initial or {}))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_body(self) -> str:
        body = text.normalise(self.cleaned_data["body"])
        if not body:
            raise forms.ValidationError(self.fields["body"].error_messages["required"], code="required")
        if len(body) > BODY_MAX:
            raise forms.ValidationError(
                _("This is %(length)s characters long; %(max)s fit. Nothing was lost: you could post it in two parts."),
                code="too_long",
                params={"length": len(body), "max": BODY_MAX},
            )
        return body

    def too_many(self) -> Self:
        """Say that it was too much for an hour; the words stay in the form."""
        self.add_error(
            None, _("That is a lot of writing for one hour. Your words are below; post them a little later.")
        )
        return self

    def refuse(self, sentence: str) -> None:
        """Say why it was not posted, and let the next try be a post of its own."""
        again = cast("QueryDict", self.data).copy()
        again["submission"] = str(uuid4())
        self.data = again
        self.add_error(None, sentence)

    @property
    def submission_id(self) -> UUID | None:
        return self.cleaned_data.get("submission")


class ReplyForm(PostingForm):
    reply_to = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


class ThreadForm(PostingForm):
    support_type = forms.ChoiceField(
        label=_("What would help you?"),
        choices=SupportType.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what would help. People read it before they answer.")},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=TITLE_MAX,
        help_text=_("A few words. Today I need… is a fine start."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("A title helps people find you. Two words are enough.")},
    )
    content_notes = forms.MultipleChoiceField(
        label=_("Does it touch any of these?"),
        help_text=_("Notes let readers choose what they see. They do not hide your thread."),
        choices=ContentNote.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    no_reply_needed = forms.BooleanField(
        label=_("No reply needed"),
        help_text=_("You only want to put it down somewhere."),
        required=False,
    )
    field_order = ["support_type", "title", "body", "content_notes", "no_reply_needed", "submission"]

    def clean_title(self) -> str:
        title = text.normalise(self.cleaned_data["title"]).replace("\n", " ")
        if not title:
            raise forms.ValidationError(self.fields["title"].error_messages["required"], code="required")
        # The normal form of some letters is longer than what was typed.
        MaxLengthValidator(TITLE_MAX)(title)
        return title


class ReactionForm(forms.Form):
    """A button either gives or takes back, so that a second click on the same page changes nothing."""

    give = forms.TypedChoiceField(choices=Reaction.Kind.choices, coerce=Reaction.Kind, required=False)
    take = forms.TypedChoiceField(choices=Reaction.Kind.choices, coerce=Reaction.Kind, required=False)
