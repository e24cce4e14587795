"""Where a mail provider calls. There is no such address before an operator has set a secret for it."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, include, path


def urlpatterns() -> list[URLResolver]:
    """The one address of the one provider: mail-events/postmark/tracking/. It takes what its secret came along with."""
    if not settings.MAIL_EVENTS_PROVIDER:
        return []
    # It brings all its providers along, and takes a second.
    from anymail.signals import tracking
    from anymail.urls import urlpatterns as providers

    from notifications import mail_events

    names = (f"{settings.MAIL_EVENTS_PROVIDER}_tracking_webhook", f"{settings.MAIL_EVENTS_PROVIDER}_webhook")
    chosen: list[URLPattern] = [pattern for pattern in providers if pattern.name in names]
    if not chosen:
        raise ImproperlyConfigured("MAIL_EVENTS_PROVIDER names one whose calls django-anymail does not know.")
    tracking.connect(mail_events.take, dispatch_uid="notifications.mail_events")
    return [path("mail-events/", include(chosen))]
