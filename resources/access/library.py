"""What readers find in the library: by need, by topic, by kind, by words."""

import datetime as dt
import functools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce, Left, Length
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.models import Page as WagtailPage
from wagtail.models import PageViewRestriction, Site

from core.built import Built, BuiltByRules
from core.pagination import Page, keyset_page
from resources.models import ArticlePage, Kind, Need, ResourceIndexPage, Topic

ARTICLES_A_PAGE = 20
# Of each topic, on the front page.
BESIDE_A_TOPIC = 3
HITS = 30
# Tired people read more slowly than the 230 words a minute of the studies. A word is six characters with its space, and
# half a character more for what keeps it in shape.
WORDS_A_MINUTE = 180
_CHARACTERS_A_MINUTE = round(6.5 * WORDS_A_MINUTE)


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """What a list shows of a page. `minutes` is how long it takes, about, to read; or to do or to watch."""

    id: int
    slug: str
    title: str
    summary: str
    topic: str
    kind: Kind
    minutes: int
    reviewed_on: dt.date | None
    review_by: dt.date | None
    is_retired: bool = False
    # Its curators know how long the exercise or the film itself is.
    is_measured: bool = False

    @property
    def takes(self) -> str:
        """How long it takes, and to do what, so that nobody takes one for the other. "" where its parts decide that."""
        if self.kind == Kind.GUIDE:
            return ""
        if self.is_measured and self.kind == Kind.EXERCISE:
            said = ngettext("about %(n)d minute to do", "about %(n)d minutes to do", self.minutes)
        elif self.is_measured:
            said = ngettext("about %(n)d minute to watch", "about %(n)d minutes to watch", self.minutes)
        else:
            said = ngettext("about %(n)d minute to read", "about %(n)d minutes to read", self.minutes)
        return said % {"n": self.minutes}

    @property
    def url(self) -> str:
        return address(self.slug)

    @property
    def is_unchecked(self) -> bool:
        """As `ArticlePage.is_unchecked`: lists have only pages that readers find."""
        return self.reviewed_on is None

    @property
    def is_out_of_date(self) -> bool:
        return self.review_by is not None and self.review_by < timezone.localdate()


def address(slug: str) -> str:
    return reverse("wagtail_serve", args=[f"{slug}/"])


def listed() -> Any:
    """Pages that readers find: published, and still recommended. Those past their date say so."""
    return ArticlePage.objects.live().filter(retired_at=None)


def suggested() -> Any:
    """Those that this site suggests by itself: somebody here checked them, and not too long ago (M15)."""
    return listed().filter(review_by__gte=timezone.localdate())


def intro() -> str:
    """The curators' words at the front. One query."""
    return str(ResourceIndexPage.objects.values_list("intro", flat=True).first() or "")


_FIELDS = (
    "id", "slug", "title", "summary", "topic", "review_by", "reviewed_on", "retired_at",
    "model", "length", "to_do", "to_watch",
)  # fmt: skip


def rows(articles: Any) -> Any:
    """`articles` as dicts that `row` takes. Reads no body, only how long it is."""
    return articles.annotate(
        model=F("content_type__model"),
        length=Coalesce(Length(Cast("body", TextField())), 0, output_field=IntegerField()),
        to_do=F("exercisepage__minutes"),
        to_watch=F("videopage__seconds"),
    ).values(*_FIELDS)


def row(found: Mapping[str, Any]) -> ArticleRow:
    return ArticleRow(
        id=found["id"],
        slug=found["slug"],
        title=found["title"],
        summary=found["summary"],
        topic=found["topic"],
        kind=Kind(found["model"].removesuffix("page")),
        minutes=found["to_do"] or _minutes(found["length"], found["to_watch"]),
        reviewed_on=found["reviewed_on"],
        review_by=found["review_by"],
        is_retired=found["retired_at"] is not None,
        is_measured=bool(found["to_do"] or found["to_watch"]),
    )


def _minutes(characters: int, seconds: int | None) -> int:
    if seconds:
        return max(1, round(seconds / 60))
    return max(1, round(characters / _CHARACTERS_A_MINUTE))


def page_of_articles(
    *, need: Need | None = None, topic: Topic | None = None, kind: Kind | None = None, cursor: str | None
) -> Page[ArticleRow]:
    """By title. One query, the same on every page."""
    articles = listed()
    if need:
        articles = articles.filter(needs__contains=[need])
    if topic:
        articles = articles.filter(topic=topic)
    if kind:
        articles = articles.filter(content_type__model=f"{kind}page")
    page = keyset_page(rows(articles), order=["title", "id"], size=ARTICLES_A_PAGE, cursor=cursor)
    return Page([row(found) for found in page.items], page.next_cursor, is_first=page.is_first)


def front() -> Sequence[tuple[Topic, Sequence[ArticleRow]]]:
    """Each topic that has anything, with a few of its pages. One query, whatever the library's size."""
    each = [_some(topic) for topic in Topic]
    found = [row(one) for one in each[0].union(*each[1:], all=True)]
    found.sort(key=lambda article: (_comes_last(article), article.title, article.id))
    return [(topic, some) for topic in Topic if (some := [one for one in found if one.topic == topic])]


def _some(topic: Topic) -> QuerySet[ArticlePage, dict[str, Any]]:
    """Those with the latest date first: what is past its date, or was never checked here, stands here only where there
    is too little else.
    """
    of_topic = rows(listed().filter(topic=topic))
    latest = F("review_by").desc(nulls_last=True)
    some: QuerySet[ArticlePage, dict[str, Any]] = of_topic.order_by(latest, "-id")[:BESIDE_A_TOPIC]
    return some


def _comes_last(article: ArticleRow) -> bool:
    return article.is_out_of_date or article.is_unchecked


def by_slugs(slugs: Collection[str]) -> Mapping[str, ArticleRow]:
    """Published pages, also those that are no longer recommended. One query."""
    # Some come from an address that somebody made up.
    found = rows(ArticlePage.objects.live().filter(slug__in=[slug for slug in slugs if "\0" not in slug]))
    return {one["slug"]: row(one) for one in found}


def get_article(slug: str) -> ArticlePage:
    """A published page, also one that is no longer recommended. One query. Raises Http404."""
    article = ArticlePage.objects.live().filter(slug=slug).order_by("pk").first()
    if article is None:
        raise Http404
    found: ArticlePage = article
    return found


# No slug looks like it.
_ANY_SLUG = "\x01 any \x01"


def whole_article(slug: str) -> ArticlePage | None:
    """A published page as what it is (`specific`), with who checked it and what took its place. Two queries.

    None where Wagtail has to be asked: there is no such page below the root of the only site, it is another page's
    alias, or something in this library is kept from some readers.
    """
    if not slug or "/" in slug or "\0" in slug:
        return None
    found = _whereabouts().rows({"slug": slug})
    if not found:
        return None
    pk, kind, reviewed_by, retired_to = found[0]
    model = ContentType.objects.get_for_id(kind).model_class()
    if model is None or not issubclass(model, ArticlePage):
        return None
    beside = [name for name, key in (("reviewed_by", reviewed_by), ("retired_to", retired_to)) if key is not None]
    # It may be gone since.
    pages = model.objects.live().filter(pk=pk)
    whole: ArticlePage | None = (pages.select_related(*beside) if beside else pages).first()
    return whole


@functools.cache
def _whereabouts() -> Built:
    """Written once, with another slug for each page."""
    sites = Site.objects.filter(is_default_site=True, root_page__path=OuterRef("parent"))
    pages = (
        ArticlePage.objects.live()
        .alias(parent=Left("path", Length("path") - WagtailPage.steplen))
        .filter(Exists(sites), ~Exists(Site.objects.filter(is_default_site=False)), slug=_ANY_SLUG, alias_of=None)
        .filter(~Exists(PageViewRestriction.objects.all()))
        .order_by("pk")
    )
    wanted = pages.values_list("pk", "content_type_id", "reviewed_by_id", "retired_to_id")
    return Built(lambda: wanted, {"slug": _ANY_SLUG}, always="slug")


# --- by words


@dataclass(frozen=True, slots=True)
class Found:
    """`loosely` is true where nothing has all the words, and these have some."""

    rows: Sequence[ArticleRow]
    loosely: bool = False


def find(words: str, *, limit: int = HITS, only_suggested: bool = False) -> Found:
    """The pages that fit best, up to `limit`; those past their date or never checked here come last.

    One query, up to three where nothing has all the words: then a beginning of a word in title or summary is enough,
    and then some of the words, but not for what this site suggests by itself.
    """
    terms = [term for term in re.split(r"[\s\-]+", words.replace("\0", " ")) if term]
    if not any(map(str.isalnum, words)):
        return Found([])
    for operator, begins in (("&", False), ("&", True), ("|", False)):
        loosely = operator == "|"
        if loosely and only_suggested:
            break
        values = {"words": _tsquery(terms, operator, begins=begins), "today": timezone.localdate()}
        rules = {"limit": limit, "only_suggested": only_suggested, "kinds": _kinds()}
        if found := _FOUND[begins].rows(values, **rules):
            articles = [row(dict(zip(_FIELDS, one, strict=True))) for one in found]
            return Found(sorted(articles, key=_comes_last), loosely=loosely)
    return Found([])


def _tsquery(terms: Sequence[str], operator: str, *, begins: bool) -> str:
    """As Wagtail writes it; `begins`: of the last word the beginning is enough."""
    quoted = ["'" + term.replace("'", "''").replace("\\", "\\\\") + "'" for term in terms]
    return f" {operator} ".join(quoted) + (":*" if begins else "")


# Nobody looks for it, and no page was to be reviewed by then.
_ANY_WORD, _ANY_DAY = "any1911word", dt.date(1911, 5, 7)


def _kinds() -> tuple[int, ...]:
    """What the index calls each kind of page. Asked once in a process."""
    return tuple(sorted(get_descendants_content_types_pks(ArticlePage)))


def _found(*, begins: bool, limit: int, only_suggested: bool, **_kinds: object) -> QuerySet[ArticlePage, Any]:
    """As Wagtail looks for a word, which costs more to write than to answer."""
    pages = listed().filter(review_by__gte=_ANY_DAY) if only_suggested else listed()
    look = pages.autocomplete if begins else pages.search
    best: QuerySet[ArticlePage, Any] = rows(look(_ANY_WORD)[:limit].get_queryset()).values_list(*_FIELDS)
    return best


_FOUND = {
    begins: BuiltByRules(
        functools.partial(_found, begins=begins),
        {"words": _tsquery([_ANY_WORD], "&", begins=begins), "today": _ANY_DAY},
        always="words",
    )
    for begins in (False, True)
}
