from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """allauth, speaking our way."""

    def format_email_subject(self, subject: str) -> str:
        """Subjects stay as the templates have them: no prefix with the site's name on a lock screen."""
        return subject

    def get_from_email(self) -> str:
        return str(settings.DEFAULT_FROM_EMAIL)

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that rate limits count by: the proxy's word is taken only where an operator says so."""
        return str(request.META.get("REMOTE_ADDR", ""))
