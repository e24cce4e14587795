"""Asking, deciding, answering: the forms around questions to professionals."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Self, cast
from uuid import UUID, uuid4

from django import forms
from django.core.validators import MaxLengthValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core import text
from core.forms import FieldsForm
from moderation import asking
from resources.models import Question, Topic
from resources.models.asking import ANSWER_MAX, QUESTION_MAX, TITLE_MAX

NOTE_MAX = 2000


def _words(rows: int, **attributes: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", **attributes})


def _tidy(form: forms.Form, name: str, most: int) -> str:
    """What was typed without what cannot be seen. It may be nothing now, or longer in its normal form."""
    raw = form.cleaned_data[name]
    if len(raw) > 2 * most:
        # Making it fit to keep would cost time for every character.
        MaxLengthValidator(most)(raw)
    words = text.normalise(raw)
    if not words:
        raise forms.ValidationError(form.fields[name].error_messages["required"], code="required")
    MaxLengthValidator(most)(words)
    return words


class QuestionForm(FieldsForm):
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("Choose a topic")), *Topic.choices],
        error_messages={"required": _("Choose what it is about. A curator can still change it.")},
    )
    title = forms.CharField(
        label=_("Your question in one line"),
        max_length=TITLE_MAX,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Put your question in one line. A few words are enough.")},
    )
    body = forms.CharField(
        label=_("What a professional needs to know"),
        help_text=_("In general, so that others find themselves in it. Please leave out names, places and numbers."),
        widget=_words(8, **{"data-count": QUESTION_MAX}),
        error_messages={"required": _("There are no words yet. A sentence or two is enough.")},
    )
    is_anonymous = forms.BooleanField(
        label=_("Ask without my name"),
        help_text=_(
            "Then only curators see it. Moderators can look it up only with a reason, and each look is logged. "
            "People who are not signed in never see a name."
        ),
        required=False,
    )
    submission = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # Marks of what the writer was asked about before.
    asked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        usual = {"submission": uuid4(), "is_anonymous": True}
        super().__init__(data, initial=usual | dict(initial or {}))

    @classmethod
    def from_draft(cls, draft: Question | None) -> Self:
        if draft is None:
            return cls()
        return cls(initial={name: getattr(draft, name) for name in ("topic", "title", "body", "is_anonymous")})

    @classmethod
    def from_unsent(cls, kept: Mapping[str, Any]) -> Self:
        """Of words that waited for the sign-in. A box that was not ticked is not among them."""
        return cls(initial={"is_anonymous": False} | dict(kept))

    def clean_title(self) -> str:
        return _tidy(self, "title", TITLE_MAX).replace("\n", " ")

    def clean_body(self) -> str:
        return _tidy(self, "body", QUESTION_MAX)

    def clean_topic(self) -> Topic:
        return Topic(self.cleaned_data["topic"])

    def say(self, sentence: Any) -> Self:
        self.add_error(None, sentence)
        return self

    def refuse(self, sentence: str) -> Self:
        """Say why it was not sent, and let the next try be a question of its own."""
        self._with("submission", str(uuid4()))
        return self.say(sentence)

    def ask_about(self, marks: Collection[str]) -> Self:
        """The same form, with a note that its writer sees now what these marks stand for."""
        return self._with("asked", asking.packed({*self.was_asked, *marks}))

    def _with(self, name: str, value: str) -> Self:
        again = cast("QueryDict", self.data).copy()
        again[name] = value
        self.data = again
        return self

    @property
    def screened(self) -> str:
        """The words as screening reads them."""
        return "\n\n".join(text.normalise(str(self[name].value() or "")) for name in ("title", "body"))

    @property
    def was_asked(self) -> frozenset[str]:
        return asking.unpacked(str(self["asked"].value() or ""))

    @property
    def begun(self) -> dict[str, Any]:
        """What a draft keeps, right or wrong."""
        typed = {name: str(self[name].value() or "").replace("\0", "") for name in ("topic", "title", "body")}
        return typed | {"is_anonymous": bool(self["is_anonymous"].value())}

    @property
    def mark(self) -> UUID | None:
        try:
            return UUID(str(self["submission"].value()))
        except ValueError:
            return None

    def afresh(self) -> Self:
        """The same words in a form that nobody has sent yet: without remarks about what is missing."""
        return type(self)(initial={name: self[name].value() for name in self.fields})


class AcceptForm(FieldsForm):
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def clean_topic(self) -> Topic:
        return Topic(self.cleaned_data["topic"])


class DeclineForm(FieldsForm):
    prefix = "decline"
    answer = forms.CharField(
        label=_("What its author reads"),
        help_text=_("Kindly, and with what they could do instead. Nobody else reads it."),
        widget=_words(7),
        error_messages={"required": _("Its author reads this. Say in a sentence or two why, and what would help.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def clean_answer(self) -> str:
        return _tidy(self, "answer", NOTE_MAX)


class AnswerForm(FieldsForm):
    body = forms.CharField(
        label=_("Your answer"),
        help_text=_(
            "Plain words, short sentences. General information, no diagnosis and no advice to change a treatment; say "
            "what speaks for seeing somebody, and how sure this is."
        ),
        widget=_words(14, **{"data-count": ANSWER_MAX}),
        error_messages={"required": _("There are no words yet.")},
    )
    # The words that these build on.
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def clean_body(self) -> str:
        return _tidy(self, "body", ANSWER_MAX)

    def refuse(self, sentence: Any, version: int) -> Self:
        """Say why nothing was saved; the next try is about what stands now."""
        again = cast("QueryDict", self.data).copy()
        again["version"] = str(version)
        self.data = again
        self.add_error(None, sentence)
        return self


# What whoever reviews an answer has looked at, by heart.
REVIEW_CHECKS: Sequence[tuple[str, Any]] = (
    ("general", _("It is general information: no diagnosis, no dose, no advice to change a treatment")),
    ("sure", _("It says how sure this is, and does not promise a cure")),
    ("help", _("Where there could be danger, it says where to get help")),
    ("plain", _("Its words are plain and kind, and it sells nothing")),
    ("private", _("Nobody can be recognised by it")),
)


class ShowForm(FieldsForm):
    checked = forms.MultipleChoiceField(
        label=_("You have looked whether"),
        choices=REVIEW_CHECKS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick each line once you have looked.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def clean_checked(self) -> list[str]:
        checked: list[str] = self.cleaned_data["checked"]
        if len(checked) < len(REVIEW_CHECKS):
            raise forms.ValidationError(self.fields["checked"].error_messages["required"], code="required")
        return checked


class SendBackForm(FieldsForm):
    prefix = "back"
    note = forms.CharField(
        label=_("What is to be changed"),
        help_text=_("Only whoever wrote the answer reads this."),
        widget=_words(4),
        error_messages={"required": _("Say in a sentence what is to be changed.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def clean_note(self) -> str:
        return _tidy(self, "note", NOTE_MAX)


class WhyForm(FieldsForm):
    """Before a moderator is told who asked."""

    reason = forms.CharField(
        label=_("Why do you need to know?"),
        help_text=_("It goes to the log with your name. Whoever asked can read it later, so name nobody else in it."),
        max_length=NOTE_MAX,
        widget=_words(3),
        error_messages={"required": _("Without a reason the name stays hidden. A sentence is enough.")},
    )
