"""Deciding."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from moderation import access
from moderation.models import BegunDecision, Rule
from moderation.registry import Action

_FAIR = {"": None, "yes": True, "no": False}


class OptionFields(FieldsForm):
    """A choice of actions, each with what more there is to say for it. Only what belongs to the chosen one counts.

    An action's fields are named `<key>_<name>`. A browser that knows `:has()` shows those of the chosen action only.
    """

    # What is not asked for the chosen action is out of sight, and a browser must not insist on it.
    use_required_attribute = False

    action = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={
            "invalid_choice": _("What this case is about has changed or is no longer there. Please look again.")
        },
    )
    rule = forms.ModelChoiceField(
        label=_("Rule"), queryset=Rule.objects.none(), required=False, empty_label=_("Choose a rule")
    )
    reason = forms.CharField(
        label=_("Reason, as the author reads it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        required=False,
        help_text=_("What was written, and why the rule speaks against it. Kindly, and without naming who reported."),
    )
    sanction = forms.ChoiceField(
        label=_("And for its author"),
        required=False,
        help_text=_("Only where one is needed beside the decision. It ends by itself, unless it is without end."),
        error_messages={"invalid_choice": _("This limit cannot be chosen here. Choose another one, or none.")},
    )

    def __init__(
        self,
        *args: Any,
        actions: Sequence[Action],
        limits: access.Choices,
        rules: Sequence[Rule] | None = None,
        **kwargs: Any,
    ) -> None:
        """`rules`: those in force, where they are known already."""
        super().__init__(*args, **kwargs)
        self.fields["sanction"].choices = limits  # type: ignore[attr-defined]
        self.actions = {action.key: action for action in actions}
        self.fields["action"].choices = [(action.key, action.label) for action in actions]  # type: ignore[attr-defined]
        self.fields["rule"].queryset = Rule.objects.filter(is_active=True).order_by("position", "id")  # type: ignore[attr-defined]
        if rules is not None:
            self.fields["rule"].choices = [("", _("Choose a rule")), *((rule.pk, rule.title) for rule in rules)]  # type: ignore[attr-defined]
        for action in actions:
            for name, option in action.option_fields.items():
                self.fields[f"{action.key}_{name}"] = field = copy.deepcopy(option)
                field.initial = action.begun.get(name, field.initial)
                if (choices := action.choices(name)) is not None:
                    field.choices = choices  # type: ignore[attr-defined]

    def choices(self) -> Iterator[dict[str, Any]]:
        """For the template: each action's radio button with the fields that belong to it."""
        for radio in self["action"].subwidgets:
            action = self.actions[radio.data["value"]]
            names = [f"{action.key}_{name}" for name in action.option_fields]
            yield {"radio": radio, "fields": [self[name] for name in names]}

    @property
    def chosen(self) -> Action | None:
        return self.actions.get(self.cleaned_data.get("action", ""))

    @property
    def restricts(self) -> bool:
        return bool((self.chosen and self.chosen.restricts) or self.cleaned_data.get("sanction"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._forget_others()
        if self.restricts:
            if not cleaned.get("rule"):
                self.add_error("rule", _("A restriction needs the rule it rests on."))
            if not cleaned.get("reason"):
                self.add_error("reason", _("The author reads this. Say what happened in a sentence or two."))
        return cleaned

    def _forget_others(self) -> None:
        chosen = self.chosen
        for action in self.actions.values():
            if action is not chosen:
                for name in action.option_fields:
                    self.errors.pop(f"{action.key}_{name}", None)

    @property
    def options(self) -> dict[str, Any]:
        """What belongs to the chosen action."""
        chosen = self.chosen
        if chosen is None:
            return {}
        return {name: self.cleaned_data[f"{chosen.key}_{name}"] for name in chosen.option_fields}

    @property
    def decided(self) -> dict[str, Any]:
        """As the services take it."""
        sanction, hours = access.read_step(self.cleaned_data.get("sanction", ""))
        names = ("action", "rule", "reason")
        return {name: self.cleaned_data[name] for name in names} | {
            "options": self.options,
            "sanction": sanction,
            "sanction_hours": hours,
        }


class DecisionForm(OptionFields):
    """For who holds a case. `begun`: the words of a decision that was undone or could not take effect."""

    private_note = forms.CharField(
        label=_("Note for moderators"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        required=False,
    )
    reports_fair = forms.ChoiceField(
        label=_("The reports were"),
        choices=[
            ("", _("fair if something is done, otherwise not")),
            ("yes", _("fair")),
            ("no", _("not fair")),
        ],
        required=False,
        help_text=_("It decides how much the next reports of these people weigh. Nobody is blamed for a worry."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        has_reports: bool = True,
        suggestion: access.Suggestion | None = None,
        begun: BegunDecision | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.suggestion, self.begun = suggestion, begun
        if not has_reports:
            del self.fields["reports_fair"]

    @property
    def decided(self) -> dict[str, Any]:
        fair = _FAIR[self.cleaned_data.get("reports_fair", "")]
        kept = {name: self.cleaned_data[name] for name in ("private_note", "version")}
        return super().decided | kept | {"reports_fair": fair}


def decision_form(file: access.CaseFile, *, data: Any = None, kept: Mapping[str, Any] | None = None) -> DecisionForm:
    """The form for a case as it is now, with `kept` or what its reader decided before and took back. No query."""
    begun, alias = file.begun, file.named.alias if file.named else None
    return DecisionForm(
        data,
        actions=file.actions,
        limits=access.step_choices(is_alias=alias is not None),
        rules=file.rules,
        has_reports=bool(file.flags),
        suggestion=access.suggested(alias, file.found["limits"]) if file.actions else None,
        begun=begun,
        initial={**(begun.fields if begun else {}), **(kept or {}), "version": file.case.version},
    )
