"""Choices that say what they mean."""

from typing import Any

from django import forms

from forums.models import SupportType


class SupportTypeSelect(forms.RadioSelect):
    """What a thread can ask for, each with a line about it (templates/bootstrap5/layout/radio_checkbox_select.html)."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        meaning_id = f"{option['attrs'].get('id', name)}_meaning"
        option["attrs"]["aria-describedby"] = meaning_id
        return option | {"meaning": SupportType(value).wish, "meaning_id": meaning_id}
