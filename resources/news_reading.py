"""What the library tells those who read it, and its curators about what readers say."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.later import ByKey, Ids
from members.models import Member
from notifications import kinds
from notifications.models import Event
from resources.access import library
from resources.models import ArticlePage, Remark, Saved

# --- a page that one saved has other words. About the version that readers find, so that the next one is news again.


def _who_saved_it(event: Event, after: int, limit: int) -> kinds.Reached:
    """Whoever saved it with these words already has nothing to hear."""
    saved = Saved.objects.filter(
        page__live_revision=event.target_id, at__lt=F("page__last_published_at"), member__gt=after
    )
    return kinds.page_of(saved.order_by("member_id").values_list("member_id", flat=True)[:limit], limit)


def _still_saved(revision_ids: Collection[int], member: Member) -> Collection[int]:
    mine = Saved.objects.filter(member=member).values("page_id")
    pages = ArticlePage.objects.live().filter(live_revision__in=revision_ids, pk__in=mine)
    return Ids(pages, "live_revision")


def _updated_lines(revision_ids: Collection[int]) -> Mapping[int, str]:
    pages = ArticlePage.objects.filter(live_revision__in=revision_ids)
    line = _("“%(title)s”, which you saved, has been updated.")
    return ByKey(pages.values_list("live_revision", "title"), lambda title: line % {"title": title})


def _article_address(event: Event) -> str:
    return library.address(ArticlePage.objects.values_list("slug", flat=True).get(live_revision=event.target_id))


SAVED_UPDATED = kinds.register(
    kinds.Kind(
        key="saved_updated",
        label=gettext_lazy("An article I saved was updated"),
        topic=kinds.Topic.RESOURCES,
        audience=_who_saved_it,
        visible=_still_saved,
        url=_article_address,
        lines=_updated_lines,
        digest_line=gettext_lazy("Something that you saved was updated."),
    )
)

# --- somebody says that something is wrong


def _curators(_event: Event) -> Iterable[int]:
    return Member.objects.filter(is_curator=True, is_active=True).values_list("pk", flat=True)


def _unseen(remark_ids: Collection[int], member: Member) -> Collection[int]:
    if not member.is_curator:
        return set()
    return Ids(Remark.objects.filter(pk__in=remark_ids, seen_at=None))


def _correction_lines(remark_ids: Collection[int]) -> Mapping[int, str]:
    remarks = Remark.objects.filter(pk__in=remark_ids).values_list("pk", "page__title")
    line = _("A reader suggests a correction to “%(title)s”.")
    return ByKey(remarks, lambda title: line % {"title": title})


def _several(remark_ids: Collection[int]) -> dict[int, str]:
    return dict.fromkeys(remark_ids, _("Readers suggest corrections."))


CORRECTION = kinds.register(
    kinds.Kind(
        key="correction",
        label=gettext_lazy("A reader suggests a correction"),
        for_whom=kinds.curators,
        audience=kinds.few(_curators),
        visible=_unseen,
        url=lambda _event: reverse("remarks"),
        lines=_correction_lines,
        grouped=_several,
    )
)

# --- and a curator answers


def _whose(event: Event) -> Iterable[int]:
    told = Remark.objects.filter(pk=event.target_id, member__isnull=False)
    return [pk for pk in told.values_list("member_id", flat=True) if pk]


def _mine(remark_ids: Collection[int], member: Member) -> Collection[int]:
    return Ids(Remark.objects.filter(pk__in=remark_ids, member=member, page__live=True).exclude(answer=""))


def _answer_lines(remark_ids: Collection[int]) -> Mapping[int, str]:
    remarks: Any = Remark.objects.filter(pk__in=remark_ids).values_list("pk", "page__title")
    line = _("A curator answered what you said about “%(title)s”.")
    return ByKey(remarks, lambda title: line % {"title": title})


def _correction_address(event: Event) -> str:
    slug = Remark.objects.values_list("page__slug", flat=True).get(pk=event.target_id)
    return reverse("article_correction", args=[slug])


CORRECTION_ANSWERED = kinds.register(
    kinds.Kind(
        key="correction_answered",
        label=gettext_lazy("An answer to my correction of an article"),
        topic=kinds.Topic.RESOURCES,
        audience=kinds.few(_whose),
        visible=_mine,
        url=_correction_address,
        lines=_answer_lines,
        digest_line=gettext_lazy("Somebody answered you about an article."),
    )
)
