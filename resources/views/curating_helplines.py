"""Where curators keep lines to call or text: Wagtail's lists and forms, with our verbs behind them."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView, SnippetViewSet, SnippetViewSetGroup

from members.models import Member
from resources.access.helplines import listed
from resources.forms.helplines import HelpCountryForm, HelplineForm
from resources.models import HelpCountry, Helpline
from resources.services import helplines


# In each, Wagtail opens the transaction in which the row and its record stand or fall together.
class AddLine(CreateView):  # type: ignore[misc]  # here and below: Wagtail carries no types
    def save_instance(self) -> Helpline:
        return _kept_line(self, super().save_instance(), is_new=True)


class EditLine(EditView):  # type: ignore[misc]
    def save_instance(self) -> Helpline:
        return _kept_line(self, super().save_instance(), is_new=False)


class DeleteLine(DeleteView):  # type: ignore[misc]
    def delete_action(self) -> None:
        helplines.remove_helpline(actor=self.request.user, line=self.object)


class AddCountry(CreateView):  # type: ignore[misc]
    def save_instance(self) -> HelpCountry:
        return _kept_country(self, super().save_instance(), is_new=True)


class EditCountry(EditView):  # type: ignore[misc]
    def save_instance(self) -> HelpCountry:
        return _kept_country(self, super().save_instance(), is_new=False)


def _kept_line(view: Any, line: Helpline, *, is_new: bool) -> Helpline:
    helplines.note_helpline(
        actor=view.request.user,
        line=line,
        changed=view.form.changed_facts,
        confirmed=view.form.cleaned_data["confirmed"],
        is_new=is_new,
    )
    return line


def _kept_country(view: Any, country: HelpCountry, *, is_new: bool) -> HelpCountry:
    helplines.note_country(actor=view.request.user, country=country, changed=view.form.changed_data, is_new=is_new)
    return country


def remove_several(request: HttpRequest, action: str, objects: Sequence[Any], _view: Any) -> HttpResponse | None:
    """Wagtail deletes what is ticked in a list; here with our verb, or neither the log nor the page would know."""
    if action == "delete" and any(isinstance(each, HelpCountry) for each in objects):
        raise PermissionDenied
    chosen = [each for each in objects if isinstance(each, Helpline)]
    if action != "delete" or not chosen:
        return None
    with transaction.atomic():
        for line in chosen:
            helplines.remove_helpline(actor=cast("Member", request.user), line=line)
    messages.success(request, _("Taken away."))
    return redirect("wagtailsnippets_resources_helpline:list")


class LinesSet(SnippetViewSet):  # type: ignore[misc]
    model = Helpline
    icon = "mobile-alt"
    menu_label = _("Helplines")
    add_view_class, edit_view_class, delete_view_class = AddLine, EditLine, DeleteLine
    copy_view_enabled = False
    list_display = ["name", "country", BooleanColumn("is_shown", label=_("Shown")), "verified_on", "review_by"]
    list_filter = ["country", "is_shown"]
    search_fields = ["name", "who_for"]
    ordering = ["country__name", "position", "pk"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("country"), FieldPanel("name"), FieldPanel("who_for"), FieldPanel("languages")],
                heading=_("Who it is"),
            ),
            InlinePanel(
                "channels",
                heading=_("Ways to reach it"),
                label=_("Way"),
                help_text=_("What is read and what is dialled are kept apart. Short numbers stay short."),
                panels=[
                    FieldRowPanel([FieldPanel("kind"), FieldPanel("display")]),
                    FieldRowPanel([FieldPanel("dial"), FieldPanel("body")]),
                ],
            ),
            MultiFieldPanel(
                [FieldPanel("hours"), FieldPanel("opening"), FieldPanel("hours_tz"), FieldPanel("cost")],
                heading=_("When, and at what cost"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("source"),
                    FieldPanel("verified_on", read_only=True),
                    FieldPanel("review_by"),
                    FieldPanel("confirmed"),
                ],
                heading=_("Where this is written, and who compared it"),
            ),
            MultiFieldPanel([FieldPanel("position"), FieldPanel("is_shown")], heading=_("On the page")),
        ],
        base_form_class=HelplineForm,
    )

    def get_queryset(self, request: Any) -> Any:  # noqa: ARG002 - Wagtail's signature
        return listed()


class CountriesSet(SnippetViewSet):  # type: ignore[misc]
    model = HelpCountry
    icon = "globe"
    menu_label = _("Countries")
    add_view_class, edit_view_class = AddCountry, EditCountry
    copy_view_enabled = False
    list_display = ["name", "code", "emergency_display"]
    search_fields = ["name", "code"]
    ordering = ["name", "pk"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("name")]),
            FieldRowPanel([FieldPanel("emergency_display"), FieldPanel("emergency_dial")]),
            FieldPanel("emergency_note"),
        ],
        base_form_class=HelpCountryForm,
    )


class HelplinesGroup(SnippetViewSetGroup):  # type: ignore[misc]
    items = (LinesSet, CountriesSet)
    menu_label = _("Helplines")
    menu_icon = "mobile-alt"
    menu_order = 250
