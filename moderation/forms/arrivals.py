"""Who may come in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm

REASON_MAX = 500


class InvitationForm(FieldsForm):
    remark = forms.CharField(
        label=_("For whom"),
        max_length=80,
        required=False,
        help_text=_("For you to know it by, such as “from the clinic”. Better not a name."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    days = forms.TypedChoiceField(
        label=_("How long it can be used"),
        coerce=int,
        choices=[(3, _("3 days")), (7, _("7 days")), (30, _("30 days"))],
        initial=7,
    )


class TurnAwayForm(FieldsForm):
    reason = forms.CharField(
        label=_("What to tell them"),
        max_length=REASON_MAX,
        help_text=_("They read it in a mail. Their name and address are deleted."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"required": _("Say a few words, so that they know why.")},
    )
