from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self, cast
from uuid import UUID, uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core import text
from core.forms import FieldsForm
from forums.forms.choices import SupportTypeSelect
from forums.models import BODY_MAX, TITLE_MAX, ContentNote, Reaction, SupportType
from moderation import asking

# Longer text is refused as it came: making it fit to keep costs time for every character.
RAW_MAX = 2 * BODY_MAX
# And of what is longer than any person's words, only the beginning is given back.
GIVEN_BACK = 10 * BODY_MAX


class PostingForm(FieldsForm):
    """What every composer has: the words, and marks that make a second submit and a stale tab harmless."""

    body = forms.CharField(
        label=_("Your words"),
        widget=forms.Textarea(attrs={"rows": 8, "data-count": BODY_MAX, "dir": "auto"}),
        error_messages={"required": _("There are no words yet. One is enough.")},
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # Which save of the draft these words build on.
    sequence = forms.CharField(widget=forms.HiddenInput, required=False)
    # Marks of what the writer was asked about before posting.
    asked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        begun = {"submission": uuid4(), "sequence": 0} if data is None else {}
        super().__init__(_bounded(data), initial=begun | dict(initial or {}))

    def clean_body(self) -> str:
        raw = self.cleaned_data["body"]
        if len(raw) >= GIVEN_BACK:
            raise forms.ValidationError(
                _("This is far longer than a post. Its beginning is below; your browser’s back button has it all."),
                code="too_long",
            )
        body = raw if len(raw) > RAW_MAX else text.normalise(raw)
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
        return self.say(_("That is a lot of writing for one hour. Your words are below; post them a little later."))

    def say(self, sentence: Any) -> Self:
        self.add_error(None, sentence)
        return self

    def refuse(self, sentence: str) -> None:
        """Say why it was not posted, and let the next try be a post of its own."""
        again = cast("QueryDict", self.data).copy()
        again["submission"] = str(uuid4())
        self.data = again
        self.add_error(None, sentence)

    def ask_about(self, marks: Collection[str]) -> Self:
        """The same form, with a note that its writer sees now what these marks stand for."""
        again = cast("QueryDict", self.data).copy()
        again["asked"] = asking.packed({*self.was_asked, *marks})
        self.data = again
        return self

    # --- what is in it, right or wrong, posted or only begun

    def given(self, name: str) -> Any:
        """As `self[name].value()` of a field that is one value, without a field that could be shown."""
        return self.data.get(name) if self.is_bound else self[name].value()

    @property
    def words(self) -> str:
        return str(self.given("body") or "")

    @property
    def screened(self) -> str:
        """The words as screening reads them."""
        return text.normalise(self.words)

    @property
    def was_asked(self) -> frozenset[str]:
        return asking.unpacked(str(self.given("asked") or ""))

    @property
    def choices(self) -> dict[str, Any]:
        """Everything beside the words that a draft keeps. What no field would take is left out."""
        return {}

    @property
    def begun(self) -> dict[str, Any]:
        """What `services.drafts.save_draft` keeps of it."""
        return {
            "body": self.words,
            "fields": self.choices,
            "sequence": self.builds_on,
            "submission": self.mark,
        }

    @property
    def builds_on(self) -> int:
        return text.positive_int(str(self.given("sequence") or "")) or 0

    @property
    def mark(self) -> UUID | None:
        try:
            return UUID(str(self.given("submission")))
        except ValueError:
            return None

    def afresh(self, **changes: Any) -> Self:
        """The same words in a form that nobody has pressed Post in yet: without remarks about what is missing."""
        return type(self)(initial={name: self[name].value() for name in self.fields} | changes)

    @classmethod
    def from_draft(cls, draft: Mapping[str, Any] | None, **marks: Any) -> Self:
        """A form to go on with. `draft`: body, fields, sequence, submission; None begins an empty one."""
        if draft is None:
            return cls(initial=marks)
        kept = {"body": draft["body"], "sequence": draft["sequence"]}
        if draft["submission"]:
            kept["submission"] = draft["submission"]
        return cls(initial={**draft["fields"], **kept, **marks})


def _bounded(data: QueryDict | None) -> QueryDict | None:
    if data is None or all(len(value) <= GIVEN_BACK for _name, values in data.lists() for value in values):
        return data
    bounded = data.copy()
    for name, values in data.lists():
        bounded.setlist(name, [value[:GIVEN_BACK] for value in values])
    return bounded


class ReplyForm(PostingForm):
    reply_to = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    # The last post that there was when the form was shown, and whether newer ones were announced since.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    announced = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def choices(self) -> dict[str, Any]:
        return {"reply_to": self.answers} if self.answers else {}

    @property
    def answers(self) -> int | None:
        return text.positive_int(str(self.given("reply_to") or ""))

    @property
    def last_seen(self) -> int | None:
        """None where the form does not say it, and nothing can be newer."""
        return text.positive_int(str(self.given("seen") or ""))

    def where_joined(self, raised: int) -> Self:
        """The same form with the numbers that the posts have where its thread was joined to: so much higher."""
        if not raised:
            return self
        again = cast("QueryDict", self.data).copy()
        for name, number in (("reply_to", self.answers), ("seen", self.last_seen)):
            if number:
                again[name] = str(number + raised)
        return type(self)(again)

    @property
    def was_announced(self) -> bool:
        return bool(self.given("announced"))


class ThreadForm(PostingForm):
    support_type = forms.ChoiceField(
        label=_("What would help you?"),
        choices=SupportType.choices,
        widget=SupportTypeSelect,
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
    anonymous = forms.BooleanField(
        label=_("Post without my name"),
        help_text=_(
            "Other members see another name, in this thread only. Staff can look up yours only with a reason, "
            "and each look is logged."
        ),
        required=False,
    )
    no_reply_needed = forms.BooleanField(
        label=_("No reply needed"),
        help_text=_("You only want to put it down somewhere."),
        required=False,
    )
    field_order = ["support_type", "title", "body", "content_notes", "anonymous", "no_reply_needed", "submission"]
    # A title that is too long is kept in a draft, as long as it is still a title.
    KEPT_TITLE: ClassVar[int] = 4 * TITLE_MAX

    def clean_title(self) -> str:
        title = text.normalise(self.cleaned_data["title"]).replace("\n", " ")
        if not title:
            raise forms.ValidationError(self.fields["title"].error_messages["required"], code="required")
        # The normal form of some letters is longer than what was typed.
        MaxLengthValidator(TITLE_MAX)(title)
        return title

    @property
    def screened(self) -> str:
        return f"{text.normalise(str(self['title'].value() or ''))}\n\n{text.normalise(self.words)}"

    @property
    def choices(self) -> dict[str, Any]:
        support, notes = self["support_type"].value(), self["content_notes"].value() or []
        return {
            "title": str(self["title"].value() or "")[: self.KEPT_TITLE],
            "support_type": support if support in SupportType else "",
            "content_notes": [note.value for note in ContentNote if note.value in notes],
            "anonymous": bool(self["anonymous"].value()),
            "no_reply_needed": bool(self["no_reply_needed"].value()),
        }


class ReactionForm(forms.Form):
    """A button either gives or takes back, so that a second click on the same page changes nothing."""

    give = forms.TypedChoiceField(choices=Reaction.Kind.choices, coerce=Reaction.Kind, required=False)
    take = forms.TypedChoiceField(choices=Reaction.Kind.choices, coerce=Reaction.Kind, required=False)
