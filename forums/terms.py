"""How long words are kept."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from forums.models import Draft
from forums.services import by_decision, withdrawing
from members.retention import Term, register

DRAFTS_KEPT = dt.timedelta(days=30)


def _drafts(now: dt.datetime) -> "QuerySet[Draft]":
    return Draft.objects.filter(updated_at__lt=now - DRAFTS_KEPT)


_YOURS = _("Only you.")

register(
    Term(
        key="words",
        what=_("Your threads and posts, with their earlier versions, and what search makes of them."),
        why=_("They are what the site is for."),
        how_long=_("Until you take them back or leave, if you choose so. Then they are erased, after 7 days."),
        seen_by=_("Whoever may read the board. In anonymous threads nobody sees whose they are."),
        models=("forums.Thread", "forums.Post", "forums.PostRevision", "forums.SearchEntry"),
        end=withdrawing.erase_withdrawn,
    )
)  # fmt: skip
register(
    Term(
        key="removed-words",
        what=_("What moderators removed."),
        why=_("So that a decision can be appealed against."),
        how_long=_("Six months, and for as long as an appeal is open."),
        seen_by=_("You and moderators."),
        end=by_decision.erase_removed,
    )
)
register(
    Term(
        key="drafts",
        what=_("Drafts."),
        why=_("So that nothing that you began is lost."),
        how_long=_("30 days after you last changed them."),
        seen_by=_YOURS,
        models=("forums.Draft",),
        due=_drafts,
    )
)
register(
    Term(
        key="reading",
        what=_("How far you read, what you follow, and your bookmarks."),
        why=_("So that you find where you were, and hear of what you follow."),
        how_long=_("Until you change it or leave."),
        seen_by=_YOURS,
        models=(
            "forums.ReadMark", "forums.ThreadFollow", "forums.BoardFollow", "forums.Bookmark", "forums.WaitingOffer",
        ),
    )
)  # fmt: skip
register(
    Term(
        key="responses",
        what=_("Responses such as “I hear you”."),
        why=_("So that the author sees them."),
        how_long=_("Until you take them back or leave."),
        seen_by=_("The author sees that they are from you. Others see only that there are some."),
        models=("forums.Reaction",),
    )
)
register(
    Term(
        key="gatherings",
        what=_("Gatherings and who hosts them."),
        why=_("So that they open at their hour."),
        how_long=_("For as long as they are held; after the host left, without their name."),
        seen_by=_("Members."),
        models=("forums.Gathering", "forums.Occurrence"),
    )
)
