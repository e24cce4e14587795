"""What our forms have in common."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FieldsForm(forms.Form):
    """For `{% crispy form %}` inside a form element that the template writes itself, with its token and its buttons."""

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
