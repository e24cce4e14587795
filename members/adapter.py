from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """allauth, speaking our way."""

    def format_email_subject(self, subject: str) -> str:
        """Subjects stay as the templates have them: no prefix with the site's name on a lock screen."""
        return subject

    def get_from_email(self) -> str:
        return str(settings.DEFAULT_FROM_EMAIL)
