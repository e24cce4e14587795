"""A library with more in it."""

import datetime as dt
from typing import Any

from django.db import connection
from django.utils import timezone
from modelsearch import index
from modelsearch.conf import get_app_config

from members.models import Member
from resources.models import ArticlePage
from tests.resources import library


def page(
    author: Member, reviewer: Member, title: str, text: str = "<p>Small things.</p>", **fields: Any
) -> ArticlePage:
    """A published page whose fields are what a curator would have chosen; `days` until it is to be read again."""
    article = library.published(author=author, reviewer=reviewer, title=title, text=text)
    if (days := fields.pop("days", None)) is not None:
        fields["review_by"] = timezone.localdate() + dt.timedelta(days=days)
    ArticlePage.objects.filter(pk=article.pk).update(**fields)
    article.refresh_from_db()
    return article


def indexed(*articles: ArticlePage) -> None:
    """Wagtail's search knows them, which tests do not keep up otherwise."""
    for article in articles:
        index.insert_or_update_object(article)


def publish_again(article: ArticlePage, *, by: Member, reviewer: Member, **words: Any) -> ArticlePage:
    draft: ArticlePage = ArticlePage.objects.get(pk=article.pk)
    for name, value in ({"what_changed": "A word."} | words).items():
        setattr(draft, name, value)
    draft.save_revision(user=by)
    library.approve(library.submit(draft, by=by), by=reviewer)
    draft.refresh_from_db()
    return draft


def copies(article: ArticlePage, number: int) -> None:
    """`number` pages more like `article`, written into the tables at once."""
    page_model = ArticlePage._meta.pk.related_model
    base = [field.column for field in page_model._meta.local_concrete_fields if field.column != "id"]
    own = [field.column for field in ArticlePage._meta.local_concrete_fields if field.column != "page_ptr_id"]
    instead = {
        "path": "left(path, -4) || upper(lpad(to_hex(n + 65536), 8, '0'))",
        "slug": "'more-' || n",
        "title": "'Copy ' || lpad(n::text, 6, '0')",
        "draft_title": "'Copy ' || n",
        "url_path": "'/resources/more-' || n || '/'",
        "translation_key": "gen_random_uuid()",
        "live_revision_id": "NULL::int",
        "latest_revision_id": "NULL::int",
    }
    chosen = ", ".join(instead.get(column, f'"{column}"') for column in base)
    names, own_names = (", ".join(f'"{column}"' for column in columns) for columns in (base, own))
    entries = get_app_config().get_model("IndexEntry")._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO wagtailcore_page ({names}) SELECT {chosen} FROM wagtailcore_page, "
            f"generate_series(1, %s) AS n WHERE id = %s",
            [number, article.pk],
        )
        cursor.execute(
            f"INSERT INTO resources_articlepage (page_ptr_id, {own_names}) SELECT page.id, {own_names} "
            f"FROM wagtailcore_page AS page, resources_articlepage AS one "
            f"WHERE one.page_ptr_id = %s AND page.slug LIKE 'more-%%'",
            [article.pk],
        )
        cursor.execute(
            f"INSERT INTO {entries} "
            "(content_type_id, object_id, title, autocomplete, body, title_norm, title_text, body_text) "
            "SELECT content_type_id, id::text, to_tsvector('english', title), to_tsvector('simple', title), "
            "to_tsvector('english', 'small things'), 1.0, title, '' "
            "FROM wagtailcore_page WHERE slug LIKE 'more-%%'"
        )
        for table in ("wagtailcore_page", "resources_articlepage", entries):
            cursor.execute(f"ANALYZE {table}")
