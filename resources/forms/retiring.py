from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser

from resources.models import ArticlePage


class RetireForm(forms.Form):
    """What takes a page's place, and why."""

    instead = forms.ModelChoiceField(
        ArticlePage.objects.live().filter(retired_at=None),
        required=False,
        label=_("What takes its place"),
        help_text=_("Readers who saved or linked the page are led there. It may stay empty."),
        widget=AdminPageChooser(target_models=[ArticlePage]),
    )
    reason = forms.CharField(
        max_length=300, label=_("Why"), help_text=_("For the log."), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, page: ArticlePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page

    def clean_instead(self) -> ArticlePage | None:
        instead: ArticlePage | None = self.cleaned_data["instead"]
        if instead and instead.pk == self.page.pk:
            raise forms.ValidationError(_("A page cannot take its own place. Choose another, or none."))
        return instead
