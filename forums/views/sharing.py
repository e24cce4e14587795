from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forums import access, library
from forums.rows import thread_rows
from members.requests import MemberRequest
from resources.access import library as pages

# The latest threads that somebody follows, and those that they started.
THREADS = 10


@require_safe
def share_article(request: MemberRequest, slug: str) -> HttpResponse:
    """The link to a page of the library, and threads in whose composer it can be put. Nothing is posted here."""
    article = pages.by_slugs([slug]).get(slug)
    if article is None:
        raise Http404
    context = {
        "article": article,
        "card": library.card_of(article),
        "link": library.link_to(slug).strip(),
        "threads": _threads(request, slug),
    }
    return render(request, "forums/share.html", context)


def _threads(request: MemberRequest, slug: str) -> list[tuple[str, str]]:
    followed = access.followed_page(request.user, None).items
    own = access.own_threads_page(request.user, None).items
    latest = sorted({row["id"]: row for row in [*followed, *own]}.values(), key=lambda row: row["last_post_at"])
    rows = thread_rows(request.user, list(reversed(latest)))
    return [
        (row["title"], reverse("reply", args=[row["public_id"]]) + f"?article={slug}")
        for row in rows
        if not (row["folded"] or row["locked"] or row["archived"] or row["unseen"])
    ][:THREADS]
