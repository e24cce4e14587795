"""What members keep of the library and tell about it. Nobody else sees what they keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404

from core.pagination import Page, keyset_page
from members.models import Member
from resources.access import library
from resources.models import ArticlePage, Remark, Saved

SAVED_A_PAGE = 20
REMARKS_A_PAGE = 20
# As many pages as one copy holds: some hundred sheets of paper.
IN_A_COPY = 60
OPINIONS = (Remark.Kind.HELPED, Remark.Kind.DID_NOT)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a reader stands to a page."""

    # How long it takes, in words.
    takes: str
    is_saved: bool = False
    opinion: str = ""


def standing(reader: object, page_id: int) -> Standing | None:
    """None where there is no such page. One query."""
    found = library.rows(ArticlePage.objects.filter(pk=page_id))
    if isinstance(reader, Member):
        said = Remark.objects.filter(page=OuterRef("pk"), member=reader, kind__in=OPINIONS).values("kind")
        saved = Saved.objects.filter(page=OuterRef("pk"), member=reader)
        found = found.annotate(is_saved=Exists(saved), opinion=Subquery(said[:1]))
    one = found.first()
    if one is None:
        return None
    return Standing(library.row(one).takes, one.get("is_saved", False), one.get("opinion") or "")


# --- kept for later


def saved_page(member: Member, cursor: str | None) -> Page[tuple[int, library.ArticleRow | None]]:
    """Keys and pages, the latest saved first; None stands for one that cannot be read any more. Two queries."""
    saved = Saved.objects.filter(member=member).values("page_id", "member_id", "at")
    page = keyset_page(saved, order=["-at", "-page_id", "-member_id"], size=SAVED_A_PAGE, cursor=cursor)
    ids = [one["page_id"] for one in page.items]
    there = {one["id"]: library.row(one) for one in library.rows(ArticlePage.objects.live().filter(pk__in=ids))}
    return Page([(pk, there.get(pk)) for pk in ids], page.next_cursor, is_first=page.is_first)


def saved_for_copy(member: Member) -> Sequence[ArticlePage]:
    """The pages themselves, the latest saved first, at most IN_A_COPY. Two queries, and one for each kind of page."""
    saved = Saved.objects.filter(member=member).order_by("-at", "-page_id", "-member_id")
    ids = list(saved.values_list("page_id", flat=True)[:IN_A_COPY])
    there = {page.pk: page for page in ArticlePage.objects.live().filter(pk__in=ids).specific()}
    return [there[pk] for pk in ids if pk in there]


# --- remarks


def opinion_of(member: Member, article: ArticlePage) -> Remark | None:
    return Remark.objects.filter(page=article, member=member, kind__in=OPINIONS).first()


def corrections_of(member: Member, article: ArticlePage) -> Sequence[Remark]:
    """What `member` told about `article` and what was answered, the latest first, a few of them."""
    told = Remark.objects.filter(page=article, member=member, kind=Remark.Kind.CORRECTION)
    return list(told.order_by("-pk")[:5])


def remarks_page(curator: Member, cursor: str | None, *, only_new: bool) -> Page[Mapping[str, Any]]:
    """Remarks as dicts, the latest first, without a word of whose they are. One query. Raises Http404."""
    check_curates(curator)
    remarks: QuerySet[Remark, Any] = Remark.objects.filter(seen_at=None) if only_new else Remark.objects.all()
    # A mere press of a button asks nothing of anybody.
    remarks = remarks.exclude(text="")
    fields = ("id", "public_id", "kind", "text", "at", "seen_at", "answer", "page__title", "page__slug", "page_id")
    return keyset_page(remarks.values(*fields), order=["-id"], size=REMARKS_A_PAGE, cursor=cursor)


def get_remark_for(curator: Member, public_id: UUID) -> Remark:
    """One query. Raises Http404."""
    check_curates(curator)
    remark = Remark.objects.select_related("page").filter(public_id=public_id).first()
    if remark is None:
        raise Http404
    return remark


def check_curates(member: Member) -> None:
    if not member.is_curator:
        raise Http404
