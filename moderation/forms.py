from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import fields_only
from moderation.models import Flag, Rule
from moderation.registry import Action


class FlagForm(forms.Form):
    reason = forms.TypedChoiceField(
        label=_("What is the matter?"),
        choices=Flag.Reason.choices,
        coerce=Flag.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes closest. A moderator reads the rest.")},
    )
    note = forms.CharField(
        label=_("Anything a moderator needs to know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()


class DecisionForm(forms.Form):
    action = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": _("What this case is about has changed or is no longer there. Please look again.")
        },
    )
    rule = forms.ModelChoiceField(
        label=_("Rule"), queryset=Rule.objects.none(), required=False, empty_label=_("No rule was broken")
    )
    reason = forms.CharField(
        label=_("Reason, as the author reads it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        required=False,
        help_text=_("What was written, and why the rule speaks against it. Kindly, and without naming who reported."),
    )
    private_note = forms.CharField(
        label=_("Note for moderators"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, actions: Sequence[Action], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actions = {action.key: action for action in actions}
        self.fields["action"].choices = [(action.key, action.label) for action in actions]  # type: ignore[attr-defined]
        self.fields["rule"].queryset = Rule.objects.filter(is_active=True).order_by("position", "id")  # type: ignore[attr-defined]
        self.helper = fields_only()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        action = self.actions.get(cleaned.get("action", ""))
        if action is not None and action.restricts:
            if not cleaned.get("rule"):
                self.add_error("rule", _("A restriction needs the rule it rests on."))
            if not cleaned.get("reason"):
                self.add_error("reason", _("The author reads this. Say what happened in a sentence or two."))
        return cleaned
