from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from wagtail.documents.models import Document
from wagtail.images.models import Image

from supportsite import health, mail_events, metrics, views

handler403 = "supportsite.errors.forbidden"
handler404 = "supportsite.errors.not_found"
handler429 = "supportsite.errors.rate_limited"  # asked for by django-allauth
handler500 = "supportsite.errors.server_error"

# Addresses and devices of members are nobody's to browse, and an address is not changed behind a member's back.
# Pictures and films come in through the curators' pages, whose forms look at them.
for private in (EmailAddress, Authenticator, UserSession, Image, Document):
    if admin.site.is_registered(private):
        admin.site.unregister(private)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    # Threads and boards are opened most, so that they are looked for first.
    path("", include("forums.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    *mail_events.urlpatterns(),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("members.urls")),
    path("", include("resources.urls")),
    path("", include("moderation.urls")),
    path("", include("notifications.urls")),
]

if settings.DEBUG:
    from supportsite.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
