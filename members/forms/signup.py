"""Joining, signing in, and another address."""

from collections.abc import Sequence
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.internal.templatekit import get_entrance_context_data
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import access, consents, services
from members.adapter import INVITATION
from members.models import Member
from members.services import addresses

_NEEDED = {
    "age": gettext_lazy("This place is for people who are old enough. If you are, tick this box."),
    "health": gettext_lazy(
        "Without this the site may not keep what you write. If you agree, tick this box; if not, you can still read "
        "the resources, and help is there for everyone."
    ),
}


def _with_eye(field: forms.Field) -> None:
    """Gets a button that shows what is typed, where there is JavaScript to do it."""
    field.widget.attrs |= {"data-reveal": "", "spellcheck": "false", "autocapitalize": "none"}
    field.widget.attrs.pop("placeholder", None)


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth carries no types
    """Pseudonym, e-mail, password; and each thing that a newcomer agrees to by itself. Nothing else is asked."""

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
        self.fields["password1"].help_text = _(
            "At least 10 characters. Three or four words make a good one. You can paste it."
        )
        _with_eye(self.fields["password1"])
        for asked in consents.asked():
            self.fields[asked.kind.value] = forms.BooleanField(
                label=asked.text, error_messages={"required": _NEEDED[asked.kind.value]}
            )
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    @cached_property
    def free_names(self) -> Sequence[str]:
        """For whom no name comes to mind. One query, where the page shows them."""
        return access.free_names()

    def try_save(self, request: HttpRequest) -> tuple[Member | None, HttpResponse | None]:
        """The new member, or an answer in their place. Costs the same whether the address has an account or not."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                saved: tuple[Member | None, HttpResponse | None] = super().try_save(request)
                return saved
        except services.InvitationUsedError:
            return None, self._refused(request, None, _("This invitation was used meanwhile, or is over."))
        except IntegrityError as error:
            return self._taken_meanwhile(request, str(error))

    def _taken_meanwhile(self, request: HttpRequest, constraint: str) -> tuple[Member | None, HttpResponse | None]:
        """Two people pressed the button in the same moment."""
        if "email" in constraint:
            self.account_already_exists = True
            return self.try_save(request)
        if "username" not in constraint:
            raise IntegrityError(constraint)
        return None, self._refused(request, "username", get_adapter().error_messages["username_taken"])

    def _refused(self, request: HttpRequest, field: str | None, sentence: Any) -> HttpResponse:
        self.add_error(field, sentence)
        context = {"form": self, **get_entrance_context_data(request)}
        return render(request, "account/signup.html", context, status=409)

    def save(self, request: HttpRequest) -> Member:
        """In the caller's transaction, with all that belongs to a new account."""
        member: Member = super().save(request)
        services.join(member=member, invitation=request.session.get(INVITATION, ""))
        request.session.pop(INVITATION, None)
        return member


class AddEmailForm(AllauthAddEmailForm):  # type: ignore[misc]  # allauth carries no types
    """Another address: asked of both mailboxes."""

    def save(self, request: HttpRequest) -> Any:
        member: Member = self.user
        with transaction.atomic():
            pending = super().save(request)
            key = addresses.begin_change(member=member, to=pending.email)
        if member.email:
            url = settings.SITE_URL + reverse("agree_email", args=[key])
            get_adapter().send_mail("account/email/change_asked", member.email, {"agree_url": url})
        return pending
