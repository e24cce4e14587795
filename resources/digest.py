"""One vetted article in each digest, another one each time."""

import datetime as dt
from collections.abc import Sequence
from itertools import count
from math import gcd

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import notifications.access
from members.models import Member
from notifications import digests
from notifications.digests import Item
from resources.models import ArticlePage

KEPT_SECONDS = 300
# Days between digests: one, seven or 28, all made of these.
_STEPS = 2 * 7

# Title, path, the day until which it counts as checked.
_Article = tuple[str, str, dt.date]


def _article(reader: Member, since: dt.datetime, _limit: int) -> Sequence[Item]:
    """Everybody begins somewhere else, and comes by all articles before one comes again, or nearly."""
    articles = [article for article in _vetted() if article[2] >= timezone.localdate()]
    if not articles:
        return []
    # Steps of one, seven and 28 days all come by each of so many places, because they share no factor with them.
    places = next(number for number in count(len(articles)) if gcd(number, _STEPS) == 1)
    day = since.astimezone(notifications.access.zone_of(reader)).toordinal()
    title, path, _review_by = articles[(day + reader.pk) % places % len(articles)]
    plain = _("A short article that somebody checked.")
    return [Item(line=title, plain=plain, url=path, url_tells=True)]


def _vetted() -> Sequence[_Article]:
    """Published and checked. The same for everybody, so it is asked for once in a few minutes."""
    found: Sequence[_Article] | None = cache.get("digest-articles")
    if found is None:
        articles = ArticlePage.objects.live().filter(review_by__isnull=False, retired_at=None).order_by("pk")
        found = [(page.title, parts[2], page.review_by) for page in articles if (parts := page.get_url_parts())]
        cache.set("digest-articles", found, KEPT_SECONDS)
    return found


ARTICLE = digests.register(
    digests.Section(
        key="article", title=gettext_lazy("Something to read"), order=50, items=_article, most=1, is_news=False
    )
)
