from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from supportsite import health, views

handler403 = "supportsite.errors.forbidden"
handler404 = "supportsite.errors.not_found"
handler429 = "supportsite.errors.rate_limited"  # asked for by django-allauth
handler500 = "supportsite.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("resources.urls")),
    path("", include("moderation.urls")),
    path("", include("notifications.urls")),
    path("", include("forums.urls")),
]

if settings.DEBUG:
    from supportsite.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
