"""allauth, speaking our way."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import pace
from members import access, devices, services
from members.models import Member

# Where a link of an invitation is kept until its bearer has signed up.
INVITATION = "invitation"
DAY = 24 * 3600
# So many wrong guesses a day at one account, from browsers and addresses that it does not know, whoever makes them.
# Browsers in which its member signed in before have tries of their own, and so has the link for a new password.
GUESSES_A_DAY = 100

_MISMATCH = _("That is not right, or no account has it. Look at both fields once more.")
_WAIT = _(
    "Those were many tries in a short time. You could wait a few minutes, or ask for a new password: its link lets you "
    "in at once."
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Whom allauth lets in, and what it says."""

    error_messages = DefaultAccountAdapter.error_messages | {
        # The same whichever of the two is wrong, and whether there is such an account or not.
        "username_password_mismatch": _MISMATCH,
        "email_password_mismatch": _MISMATCH,
        "too_many_login_attempts": _WAIT,
        "rate_limited": _WAIT,
        "incorrect_password": _("That is not your password. You could try once more."),
        "enter_current_password": _("That is not the password that you have now. You could try once more."),
        "incorrect_code": _("This code does not fit. Codes change every half minute; you could try the next one."),
        "username_taken": _("Somebody here already uses this name, or one that looks much like it."),
        "username_blacklisted": _("This name could be taken for something else here. Please choose another."),
        "duplicate_email": _("This is the address that you have already."),
        "email_taken": _("This address cannot be used here."),
    }

    # --- joining

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if settings.SIGN_UP == "invitation":
            return access.is_good(request.session.get(INVITATION, ""))
        return bool(settings.SIGN_UP != "closed")

    def clean_username(self, username: str, shallow: bool = False) -> str:  # noqa: FBT001, FBT002 - allauth's signature
        """Nobody is taken for somebody else, nor for somebody who left (M1)."""
        name: str = super().clean_username(username, shallow)
        if not shallow and access.is_taken(name):
            raise self.validation_error("username_taken")
        return name

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Newcomers are shown around, until they have been or had enough of it."""
        if isinstance(request.user, Member) and request.user.welcomed_at is None:
            return reverse("welcome")
        return str(super().get_login_redirect_url(request))

    # --- signing in

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Member | None:
        """One password is checked, whatever was typed: a second one would tell by its time that an account is there."""
        if "@" in credentials.get("email", ""):
            credentials.pop("username", None)
        else:
            credentials.pop("email", None)
        found: Member | None = super().authenticate(request, **credentials)
        return found

    def reauthenticate(self, user: Member, password: str) -> bool:
        found = self.authenticate(self.request, username=user.username, password=password)
        return found is not None and found.pk == user.pk

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong guesses by somebody else are not what keeps a member out of their account."""
        super().pre_authenticate(request, **credentials)
        who, is_known = self._whose(request, **credentials)
        if not is_known and not pace.within("guesses", who, limit=GUESSES_A_DAY, seconds=DAY):
            raise self.validation_error("too_many_login_attempts")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One person at one place: a browser that the member used before, or else an address."""
        who, is_known = self._whose(request, **credentials)
        return f"{who}:{devices.secret_of(request) if is_known else self._address(request)}"

    def _whose(self, request: HttpRequest, **credentials: Any) -> tuple[str, bool]:
        """Whose account was tried, by name or address alike, and whether this browser is known to them."""
        login = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
        member, secret = access.called(login), devices.secret_of(request)
        if member is None:
            return f"nobody {login}", False
        return f"member {member.pk}", bool(secret) and access.knows_device(member, secret)

    def _address(self, request: HttpRequest) -> str:
        try:
            return str(ratelimit.get_ip(request))
        except PermissionDenied:
            return ""

    def post_login(self, request: HttpRequest, user: Member, **how: Any) -> HttpResponse:
        """Whoever signs in with a browser that they did not use before is told so, by mail and on the site."""
        response: HttpResponse = super().post_login(request, user, **how)
        # The welcome begins with the first sign-in: before it there was no other browser.
        first = user.welcomed_at is None and access.knows_no_device(user)
        secret = devices.secret_of(request) or services.new_secret()
        if services.remember_device(member=user, secret=secret) and not first:
            self.tell_of_new_device(user)
        devices.keep(response, secret)
        return response

    def tell_of_new_device(self, user: Member) -> None:
        """The project tells it: this app knows no news."""

    # --- another address

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """An account without its mailbox would go over to whoever names the next one, unasked."""
        return not email_address.verified and bool(super().can_delete_email(email_address))

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The first address by its own link; another one once the mailbox of the earlier one has said so, too."""
        member = email_address.user
        earlier = EmailAddress.objects.filter(user=member, verified=True).exclude(pk=email_address.pk)
        if not earlier.exists():
            return bool(super().confirm_email(request, email_address))
        if services.new_mailbox_agrees(member=member, to=email_address.email):
            return self.change_address(request, email_address)
        self.add_message(request, messages.INFO, "account/messages/email_half_confirmed.txt")
        return False

    def change_address(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Both mailboxes said yes. Says whether it is theirs now: somebody else may have got it meanwhile."""
        changed = bool(super().confirm_email(request, email_address))
        if changed:
            services.stop_change(member=email_address.user)
        return changed

    # --- mails

    def format_email_subject(self, subject: str) -> str:
        """Subjects stay as the templates have them: no prefix with the site's name on a lock screen."""
        return subject

    def get_from_email(self) -> str:
        return str(settings.DEFAULT_FROM_EMAIL)
