"""Taking a page out of what is recommended, without taking it from who saved or linked it."""

from django.db import transaction
from django.utils import timezone

from members.models import Member
from moderation.services import audit
from resources.models import ArticlePage


class CannotRetire(Exception):  # noqa: N818 - said as the sentence that it is
    """It would point to itself, or to a page that points back."""


@transaction.atomic
def retire(*, actor: Member, page: ArticlePage, instead: ArticlePage | None = None, reason: str = "") -> bool:
    """Say on the page that it is no longer recommended, and point to `instead`; whether anything changed.

    It leaves lists, suggestions, search and digests, and a version that waits for its day does not go live. Locks
    the page and what takes its place.

    Raises:
        CannotRetire: `instead` is the page itself, or is retired.
    """
    keys = {page.pk} | ({instead.pk} if instead else set())
    locked = {
        found.pk: found
        for found in ArticlePage.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    }
    if instead and (instead.pk == page.pk or locked[instead.pk].is_retired):
        raise CannotRetire
    now = locked[page.pk]
    if now.is_retired and now.retired_to_id == (instead.pk if instead else None):
        return False
    _keep(page, retired_at=now.retired_at or timezone.now(), retired_to=instead)
    audit.record(
        actor=actor, verb="retire-page", title=page.title, reason=reason, instead=instead.title if instead else ""
    )
    return True


@transaction.atomic
def recommend_again(*, actor: Member, page: ArticlePage) -> bool:
    """Take `retire` back; its review date stays what it was. Whether anything changed."""
    if not ArticlePage.objects.select_for_update(of=("self",)).get(pk=page.pk).is_retired:
        return False
    _keep(page, retired_at=None, retired_to=None)
    audit.record(actor=actor, verb="recommend-page", title=page.title)
    return True


def _keep(page: ArticlePage, **fields: object) -> None:
    """A version that is approved for later holds the fields as they were, so it is approved anew."""
    ArticlePage.objects.filter(pk=page.pk).update(**fields)
    page.revisions.update(approved_go_live_at=None)
    page.refresh_from_db(fields=list(fields))
