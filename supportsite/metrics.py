"""/metrics, in the format that Prometheus reads: how news fares. Nothing in it concerns anybody in particular."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Raises Http404 without the token that the site was given, and where it was given none."""
    said = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not constant_time_compare(said, f"Bearer {settings.METRICS_TOKEN}".encode()):
        raise Http404
    from supportsite.metrics_families import written

    content, content_type = written(request.headers.get("Accept", ""))
    return HttpResponse(content, content_type=content_type)
