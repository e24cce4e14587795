from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from django.utils.translation import gettext_lazy as _


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth carries no types
    """Pseudonym, e-mail, password. Nothing else is asked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Name to be known by")
        self.fields["username"].help_text = _(
            "Made up is best: not your full name. 3 to 30 letters, digits, hyphens or underscores."
        )
        self.fields["username"].max_length = 30
        self.fields["username"].widget.attrs |= {
            "maxlength": 30,
            "autocapitalize": "none",
            "spellcheck": "false",
        }
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].help_text = _("Only for signing in and for the updates that you choose. Never shown.")
        self.fields["password1"].help_text = _("At least 10 characters. Three or four words make a good one.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
