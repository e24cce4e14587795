"""What our forms have in common."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class _Fields(dict[str, forms.Field]):
    """A form's fields, each copied for each form as Django does it, in a fifth of the time."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: _copied(field, memo) for name, field in self.items()}


def _copied(field: forms.Field, memo: dict[int, Any]) -> forms.Field:
    # Those that have more of their own copy it themselves.
    if type(field).__deepcopy__ is not forms.Field.__deepcopy__:
        return deepcopy(field, memo)
    made = _twin(field)
    widget = field.widget
    is_plain = type(widget).__deepcopy__ is forms.Widget.__deepcopy__
    made.widget = _twin(widget) if is_plain else deepcopy(widget, memo)
    made.widget.attrs = widget.attrs.copy()
    made.error_messages = field.error_messages.copy()
    made.validators = field.validators[:]
    return made


def _twin[T](one: T) -> T:
    twin = object.__new__(type(one))
    twin.__dict__.update(one.__dict__)
    return twin


class FieldsForm(forms.Form):
    """For `{% crispy form %}` inside a form element that the template writes itself, with its token and its buttons."""

    def __init__(self, *args: Any, **options: Any) -> None:
        if type(self.base_fields) is not _Fields:
            type(self).base_fields = _Fields(self.base_fields)
        super().__init__(*args, **options)

    @cached_property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class VersionedForm(FieldsForm):
    """Has a field `version`: what it was filled with, so that nobody overwrites a colleague unseen."""

    def refuse(self, sentence: Any, *, version: str | int, field: str | None = None) -> None:
        """Say why nothing was saved; the next try is about the values that `version` stands for."""
        again = cast("QueryDict", self.data).copy()
        again["version"] = str(version)
        self.data = again
        self.add_error(field, sentence)

    def in_words(self, values: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        """Label and value, as people read them, of each of these."""
        return [(str(self.fields[name].label), self._words(name, value)) for name, value in values.items()]

    def _words(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        names = {str(key): str(label) for key, label in _flat(getattr(self.fields[name], "choices", ()))}
        given = value if isinstance(value, list) else [value]
        return ", ".join(names.get(str(one), str(one)) for one in given) or str(pgettext_lazy("value", "nothing"))


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
