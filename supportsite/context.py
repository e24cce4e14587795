"""What every template may use. Nothing here asks the database unless the template does."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

import notifications.access
from core import unsent


def site(request: HttpRequest) -> dict[str, Any]:
    def has_news() -> bool:
        return request.user.is_authenticated and notifications.access.has_news(request.user)

    return {
        "SITE_NAME": settings.SITE_NAME,
        "EXIT_URL": settings.EXIT_URL,
        "SIGN_UP": settings.SIGN_UP,
        "MAIL_TO_FILES": settings.MAIL_TO_FILES,
        "MAIL_DIR": settings.MAIL_DIR,
        "DEBUG_PAGES": settings.DEBUG,
        "has_news": SimpleLazyObject(has_news),
        "writer_field": SimpleLazyObject(lambda: unsent.hidden_field(request)),
    }
