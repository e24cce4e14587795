from django import forms
from django.utils.translation import gettext_lazy as _

from forums.models import Level


class FollowForm(forms.Form):
    """One press of a button: how much one wants to hear."""

    # Said aloud, so that a form that arrives without its button ends no choice.
    NOT_FOLLOWING = "none"

    level = forms.ChoiceField(choices=[*Level.choices, (NOT_FOLLOWING, _("Not following"))])

    @property
    def chosen(self) -> Level | None:
        level = self.cleaned_data["level"]
        return None if level == self.NOT_FOLLOWING else Level(level)
