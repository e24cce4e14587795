from typing import Any

from members.adapter import AccountAdapter
from members.models import Member
from supportsite import news


class Adapter(AccountAdapter):
    """The members', and what allauth mails about an account's safety is also told on the site."""

    def send_notification_mail(
        self, template_prefix: str, user: Member, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        news.record(template_prefix, user)
        super().send_notification_mail(template_prefix, user, context, email)

    def tell_of_new_device(self, user: Member) -> None:
        """By the outbox, so that a mail server that is away keeps nobody from signing in."""
        news.record(news.NEW_DEVICE, user)
