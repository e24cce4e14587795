"""What curators are told about the articles that they look after (M15)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import ByKey, Ids
from members.models import Member
from notifications import kinds
from notifications.models import Event
from resources import curating
from resources.models import ArticlePage

# So long before an article's date its curators hear of it, and once more on the day.
AHEAD = dt.timedelta(days=30)


def due_articles() -> Any:
    """Those that readers find, and whose review is due soon or overdue."""
    soon = Q(review_by__lte=timezone.localdate() + AHEAD)
    return ArticlePage.objects.live().filter(soon | Q(reviewed_on=None), retired_at=None)


def overdue_articles() -> Any:
    """Those of them whose day has come, or whom nobody here has reviewed at all."""
    return due_articles().filter(Q(review_by__lte=timezone.localdate()) | Q(reviewed_on=None))


def _curators(_event: Event) -> Iterable[int]:
    return Member.objects.filter(is_curator=True, is_active=True).values_list("pk", flat=True)


def _still_due(revision_ids: Collection[int], member: Member) -> Collection[int]:
    """Not once somebody has reviewed it: what is published then is another revision."""
    if not member.is_curator:
        return set()
    return Ids(due_articles().filter(live_revision__in=revision_ids), "live_revision")


def _lines(revision_ids: Collection[int]) -> Mapping[int, str]:
    return _said(revision_ids, _("“%(title)s” is to be reviewed by %(day)s."))


def _lines_on_the_day(revision_ids: Collection[int]) -> Mapping[int, str]:
    line = _("“%(title)s” was to be reviewed by %(day)s. After that day it says so, and is no longer suggested.")
    return _said(revision_ids, line)


def _said(revision_ids: Collection[int], line: str) -> Mapping[int, str]:
    articles = ArticlePage.objects.filter(live_revision__in=revision_ids)
    never = _("“%(title)s” came with the site. It says that nobody here has checked it, until a curator has.")

    def said(title: str, day: str | None) -> str:
        if day is None:
            return never % {"title": title}
        return line % {"title": title, "day": date_format(dt.date.fromisoformat(day), "j F Y")}

    return ByKey(articles.values_list("live_revision", "title", "review_by"), said)


def _several(revision_ids: Collection[int]) -> dict[int, str]:
    return dict.fromkeys(revision_ids, _("Articles are to be reviewed."))


def _editor(event: Event) -> str:
    return curating.editor(ArticlePage.objects.get(live_revision=event.target_id).pk)


# About the revision that readers find, so that the review after the next one is news again.
REVIEW_DUE = kinds.register(
    kinds.Kind(
        key="review_due",
        audience=kinds.few(_curators),
        visible=_still_due,
        url=_editor,
        lines=_lines,
        grouped=_several,
        label=gettext_lazy("An article is to be reviewed soon"),
        for_whom=kinds.curators,
        useful_for=dt.timedelta(days=14),
    )
)
REVIEW_OVER = kinds.register(
    kinds.Kind(
        key="review_over",
        audience=kinds.few(_curators),
        visible=_still_due,
        url=_editor,
        lines=_lines_on_the_day,
        grouped=_several,
        label=gettext_lazy("An article’s review date has come"),
        for_whom=kinds.curators,
        useful_for=dt.timedelta(days=14),
    )
)
