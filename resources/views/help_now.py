from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from resources import help_pages, helplines
from resources.country import remember
from resources.help_choice import choice_of


@require_safe
@login_not_required
def help_now(request: HttpRequest) -> HttpResponse:
    """Help lines, without database, cache or session. The country is a cookie that ends with the browser.

    The page was made ahead; where it was not, or no longer fits, it is made now from what is known on this machine.
    A web process keeps what this answers while it stays the same (supportsite.front_help).
    """
    countries = helplines.countries()
    chosen = choice_of(request, countries)
    html = help_pages.page(countries, chosen.country, chosen.language)
    # For this reader's country: a browser may keep it for hours without a connection, and nobody between.
    response = HttpResponse(html, headers={"Content-Language": chosen.language, "Cache-Control": "private, no-cache"})
    if len(settings.HELP_LANGUAGES) > 1:
        patch_vary_headers(response, ("Accept-Language",))
    if chosen.country and chosen.is_new:
        remember(response, chosen.country)
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
