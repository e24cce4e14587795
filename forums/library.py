"""What threads show of the library: cards of pages that posts link to, and something to read below."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from redis.exceptions import RedisError

from forums.access import PostRow
from forums.models import SupportType, Thread
from resources.access import library, shelf
from resources.models import Kind, Topic

# Of one post. The others stay links.
CARDS_A_POST = 3
# So long a card may say what a page no longer says.
_KEPT_SECONDS = 300
_NOTHING = "nothing"


# --- in a post


def shared_in(posts: Iterable[PostRow]) -> Mapping[int, SafeString]:
    """By post, the cards of pages of this site's library that it links to. One query at most, mostly none."""
    linked = {post.id: found for post in posts if not post.is_folded and (found := _linked(post.body_html))}
    articles = _articles({slug for slugs in linked.values() for slug in slugs}) if linked else {}
    cards = {pk: [articles[slug] for slug in slugs if slug in articles] for pk, slugs in linked.items()}
    return {pk: _cards(found) for pk, found in cards.items() if found}


def _linked(html: str) -> Sequence[str]:
    if "/resources/" not in html:
        return ()
    return list(dict.fromkeys(_pattern().findall(html)))[:CARDS_A_POST]


def _pattern() -> re.Pattern[str]:
    site = urlsplit(settings.SITE_URL)
    return re.compile(rf'<a href="(?:https?://{re.escape(site.netloc)})?/resources/([-\w]+)/?(?:[?#][^"]*)?"')


def _articles(slugs: set[str]) -> Mapping[str, library.ArticleRow]:
    kept = _kept(slugs)
    if missing := slugs - set(kept):
        found = library.by_slugs(missing)
        _keep({slug: found.get(slug, _NOTHING) for slug in missing})
        kept |= found
    return {slug: one for slug, one in kept.items() if isinstance(one, library.ArticleRow)}


def _kept(slugs: set[str]) -> dict[str, library.ArticleRow | str]:
    try:
        kept = cache.get_many([f"shared-article:{slug}" for slug in slugs])
    except (RedisError, OSError):
        return {}
    return {key.partition(":")[2]: one for key, one in kept.items()}


def _keep(found: Mapping[str, library.ArticleRow | str]) -> None:
    try:
        cache.set_many({f"shared-article:{slug}": one for slug, one in found.items()}, _KEPT_SECONDS)
    except (RedisError, OSError):
        return


def _cards(articles: Sequence[library.ArticleRow]) -> SafeString:
    return render_to_string("forums/_shared_articles.html", {"articles": articles})


def card_of(article: library.ArticleRow) -> SafeString:
    """The card as a post shows it."""
    return mark_safe(_cards([article]))  # noqa: S308 - made by a template


# --- in a composer


def link_to(slug: str) -> str:
    """What a post says to show the card: the address alone, in a line of its own."""
    return str(settings.SITE_URL).rstrip("/") + library.address(slug) + "\n"


def link_asked_for(slug: str | None) -> str:
    """The same for a page that is there; else "". One query."""
    return link_to(slug) if slug and slug in library.by_slugs([slug]) else ""


# --- below a thread


@dataclass(frozen=True, slots=True)
class _Fitting:
    most: int
    topics: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()


# Where advice was not asked for, one page about being with others; where somebody is glad, nothing to mend.
_FITTING = {
    SupportType.LISTENING: _Fitting(1, frozenset({Topic.CONNECTION})),
    SupportType.EXPERIENCES: _Fitting(2, frozenset({Topic.CONNECTION, Topic.ONLINE}), frozenset({Kind.STORY})),
    SupportType.IDEAS: _Fitting(3, frozenset({Topic.ASKING, Topic.KINDS}), frozenset({Kind.EXERCISE})),
    SupportType.WIN: _Fitting(0),
}


@dataclass(frozen=True, slots=True)
class Related:
    url: str
    title: str
    kind: Kind


def related_to(thread: Thread) -> Sequence[Related]:
    """Pages that go with the words of the thread's title and board, by what it asks for. No query; reads the board."""
    fitting = _FITTING[thread.support]
    found = shelf.suggest(
        title=thread.title,
        around=thread.board.title,
        topics=fitting.topics,
        kinds=fitting.kinds,
        most=fitting.most,
        turn=thread.pk,
    )
    return [Related(library.address(one.slug), one.title, Kind(one.kind)) for one in found]
