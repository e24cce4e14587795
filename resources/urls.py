from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtail_admin_urls
from wagtail.views import serve

from resources import views

# Everyone may read what was vetted. The decorator marks the view itself, wherever Wagtail routes to it.
login_not_required(serve)

urlpatterns = [
    path("help-now/", views.help_now, name="help_now"),
    path("leave/", views.leave, name="leave"),
    path("curate/", include(wagtail_admin_urls)),
    # Of Wagtail's own addresses only the one that serves pages: its sign-in form would pass two-step sign-in by.
    re_path(rf"^resources/{wagtail_urls.serve_pattern.removeprefix('^')}", serve, name="wagtail_serve"),
]
