"""Reporting, with an account and without."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from moderation import access
from moderation.models import Flag

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NOTE_MAX = 2000
Reason = Flag.Reason

# One line each, so that whoever is upset need not guess.
HELP: "dict[Flag.Reason, StrPromise]" = {
    Reason.WORRIED: _("They may be in danger, or sound different from before. Read before everything else."),
    Reason.DANGER: _("Somebody else, an animal or a child may be hurt."),
    Reason.METHODS: _("Ways or amounts, plans made together, or telling somebody to do it."),
    Reason.ABUSE: _("Insults, threats, belittling, or somebody who does not let go."),
    Reason.PRIVACY: _("Names, addresses, numbers or pictures, or what was told in confidence."),
    Reason.GROOMING: _("Pressing for private contact, pictures, money or a meeting, or going after the young."),
    Reason.ADVICE: _("It could do harm, or claims more than anybody can know. A link to a better source helps."),
    Reason.HOPELESSNESS: _(
        "Says that nothing helps anybody and gets others to agree. Sad words alone are welcome here."
    ),
    Reason.SPAM: _("Selling, recruiting, or the same words again and again."),
    Reason.OTHER: _("Say in a few words what it is."),
}


def _choices(only: Collection[Flag.Reason]) -> list[tuple[str, SafeString]]:
    line = '<span class="choice-name">{}</span> <span class="choice-help">{}</span>'
    return [(reason.value, format_html(line, reason.label, HELP[reason])) for reason in Reason if reason in only]


class ReasonForm(FieldsForm):
    reason = forms.TypedChoiceField(
        label=_("What is the matter?"),
        coerce=Flag.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes closest. A moderator reads the rest.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_only(Reason)

    def offer_only(self, only: Collection[Flag.Reason]) -> None:
        """What there is to choose; whatever else was chosen before is left out of the page."""
        self.fields["reason"].choices = _choices(only)  # type: ignore[attr-defined]


class FlagForm(ReasonForm):
    note = forms.CharField(
        label=_("Anything a moderator needs to know"),
        required=False,
        max_length=NOTE_MAX,
        help_text=_("Only moderators read it."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "data-count": NOTE_MAX}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == Reason.OTHER and not cleaned.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say in a few words what it is, so that a moderator knows where to look."))
        return cleaned


class OutsideReportForm(ReasonForm):
    """`hosts`: the names that this site answers to."""

    field_order = ("address", "reason", "note", "name", "email", "in_good_faith", "website")

    address = forms.CharField(
        label=_("Where it is"),
        max_length=500,
        help_text=_(
            "The exact address of the post or thread, copied from the browser. The number beside a post leads to its "
            "own address."
        ),
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("We need the address to find what you mean.")},
    )
    note = forms.CharField(
        label=_("What is wrong with it, in your words"),
        max_length=NOTE_MAX,
        help_text=_("If you believe that it is against the law, say which law, as far as you know it."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "data-count": NOTE_MAX}),
        error_messages={"required": _("Say in a sentence or two what is wrong with it.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=100,
        help_text=_("May stay empty. Only moderators who work on this report see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        help_text=_("May stay empty, too. Without it we cannot tell you that it arrived and what came of it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    in_good_faith = forms.BooleanField(
        label=_("I believe in good faith that what I say here is right and complete."),
        error_messages={"required": _("We can look at it once you say that you mean it in good faith.")},
    )
    # Nobody sees this field. What fills in every field is no person.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, hosts: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hosts = hosts
        self.subject: Model | None = None

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        self.subject = access.find_reported(address, hosts=self.hosts)
        if self.subject is None:
            raise forms.ValidationError(
                _("There is no post or thread of ours at this address. Please copy it from the browser once more.")
            )
        return address

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please empty the field that says so, and send it again."))
        return ""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if len(name.splitlines()) > 1:
            raise forms.ValidationError(_("Write your name on one line."))
        return name

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()
