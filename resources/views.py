from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from resources import helplines
from resources.country import chosen, remember


@require_safe
@login_not_required
def help_now(request: HttpRequest) -> HttpResponse:
    """Help lines, without database, cache or session. The country is a cookie that ends with the browser."""
    countries = helplines.countries()
    asked = countries.get(request.GET.get("country", ""))
    country = asked or chosen(request)
    choices = [(found.code, found.name, found is country) for found in countries.values()]
    # Rendered without a request: no context processor runs, so nothing can ask for a session.
    context = {"countries": choices, "country": country, "SITE_NAME": settings.SITE_NAME}
    response = HttpResponse(render_to_string("resources/help_now.html", context))
    if asked:
        remember(response, asked)
    return response


@require_safe
@login_not_required
def leave(request: HttpRequest) -> HttpResponse:
    """Leave this site: a neutral page takes this one's place, and the browser forgets what it kept of it."""
    del request
    response = HttpResponseRedirect(settings.EXIT_URL)
    response.headers["Clear-Site-Data"] = '"cache"'
    response.headers["Cache-Control"] = "no-store"
    return response
