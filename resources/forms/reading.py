import uuid
from collections.abc import Collection
from typing import Any, Self, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core import text
from core.forms import FieldsForm
from moderation import asking
from resources.models import Kind, Need, Topic

WORDS_MAX = 4000
SEARCH_MAX = 200


class _Words(forms.CharField):
    def to_python(self, value: object) -> str:
        return text.normalise(super().to_python(value) or "")


class LibraryForm(forms.Form):
    """What somebody looks for in the library. Whatever else stands in the address is left aside."""

    q = _Words(required=False)
    need = forms.ChoiceField(choices=Need.choices, required=False)
    topic = forms.ChoiceField(choices=Topic.choices, required=False)
    kind = forms.ChoiceField(choices=Kind.choices, required=False)

    def chosen(self) -> dict[str, Any]:
        """Never refuses: an old or mistyped address shows the front."""
        self.full_clean()
        cleaned = self.cleaned_data
        return {
            "words": " ".join(cleaned.get("q", "").split())[:SEARCH_MAX],
            "need": Need(cleaned["need"]) if cleaned.get("need") else None,
            "topic": Topic(cleaned["topic"]) if cleaned.get("topic") else None,
            "kind": Kind(cleaned["kind"]) if cleaned.get("kind") else None,
        }


class _AsksFirst(FieldsForm):
    """Words in which there may be danger. `asked` has the marks of what their writer was asked about before."""

    asked = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def was_asked(self) -> frozenset[str]:
        return asking.unpacked(str(self["asked"].value() or ""))

    @property
    def typed(self) -> str:
        return text.normalise(str(self["words"].value() or "")[: 2 * WORDS_MAX])

    def ask_about(self, marks: Collection[str]) -> Self:
        """The same form, with a note that its writer sees now what these marks stand for."""
        again = cast("QueryDict", self.data).copy()
        again["asked"] = asking.packed({*self.was_asked, *marks})
        self.data = again
        return self


class OpinionForm(_AsksFirst):
    """Whether a page helped. `words` are for curators, and nobody has to give any."""

    kind = forms.ChoiceField(
        label=_("What you would say"),
        choices=[("helped", _("It helped")), ("did-not", _("It did not help"))],
        widget=forms.RadioSelect,
    )
    words = _Words(
        label=_("What would you like to tell the curators?"),
        required=False,
        max_length=WORDS_MAX,
        help_text=_("Nobody has to. What was missing, what was too much, what stayed with you."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "data-count": WORDS_MAX}),
    )


class CorrectionForm(_AsksFirst):
    words = _Words(
        label=_("What is wrong, or out of date?"),
        max_length=WORDS_MAX,
        help_text=_("A sentence is enough. If you know a source, you could add its address."),
        error_messages={"required": _("There are no words yet. One sentence is enough.")},
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto", "data-count": WORDS_MAX}),
    )
    submission = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)


class AnswerForm(forms.Form):
    """A curator has read a remark, and may answer a correction."""

    answer = _Words(required=False, max_length=WORDS_MAX)
