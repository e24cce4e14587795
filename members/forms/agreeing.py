from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import FieldsForm
from members.consents import Asked


class AgreeForm(FieldsForm):
    """Each thing to agree to by itself."""

    def __init__(self, asked: Sequence[Asked], data: QueryDict | None = None) -> None:
        super().__init__(data)
        for one in asked:
            needed = _("Tick this box if you agree. If you do not, the way to leave stands below.")
            self.fields[one.kind.value] = forms.BooleanField(label=one.text, error_messages={"required": needed})
