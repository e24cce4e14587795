"""Changing a post, and what one keeps beside it."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core import text
from core.forms import FieldsForm
from forums.forms.posting import PostingForm, ThreadForm
from forums.models import Bookmark, Post


class EditForm(PostingForm):
    """The words of a post. `version` says which ones they are made from, so that no other tab's are overwritten."""

    # An edit is no draft, and done twice it is done once.
    submission = None  # type: ignore[assignment]
    sequence = None  # type: ignore[assignment]
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    @classmethod
    def of(cls, post: Post) -> "EditForm":
        """Filled with what stands there. Reads the thread of an opening post."""
        form = OpeningEditForm if post.number == 1 else EditForm
        return form(initial={"body": post.body, "version": post.version} | form.beside(post))

    @classmethod
    def beside(cls, post: Post) -> dict[str, Any]:
        del post
        return {}

    @property
    def builds_on(self) -> int:
        return text.positive_int(str(self["version"].value() or "")) or 0

    @property
    def wanted_title(self) -> str:
        return str(self.cleaned_data.get("title", ""))

    def build_on(self, version: int) -> None:
        """Let the next try be made from `version`, which its writer has seen by then."""
        again = cast("QueryDict", self.data).copy()
        again["version"] = str(version)
        self.data = again


class OpeningEditForm(EditForm):
    """An opening post, with the title of its thread."""

    title = ThreadForm.base_fields["title"]
    field_order = ["title", "body", "version"]
    clean_title = ThreadForm.clean_title
    screened = ThreadForm.screened

    @classmethod
    def beside(cls, post: Post) -> dict[str, Any]:
        return {"title": post.thread.title}


class SwitchForm(forms.Form):
    """A button that says what it wants, so that a second press on the same page changes nothing."""

    on = forms.TypedChoiceField(choices=[("1", "on"), ("0", "off")], coerce=lambda value: value == "1")


class NoteForm(FieldsForm):
    note = forms.CharField(
        label=_("Note to yourself"),
        help_text=_("Nobody else reads it. Empty is fine, too."),
        max_length=Bookmark.NOTE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": Bookmark.NOTE_MAX, "dir": "auto"}),
    )

    def clean_note(self) -> str:
        note = text.normalise(self.cleaned_data["note"])
        # The normal form of some letters is longer than what was typed.
        forms.CharField(max_length=Bookmark.NOTE_MAX, required=False).clean(note)
        return note
