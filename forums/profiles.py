"""A member's profile, ready for forums/person.html. No counts, and nothing of when they were last here (M4)."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

import notifications.access
from core import notes
from core.pagination import Page
from forums.rows import is_folded
from members.access.boundaries import is_muted
from members.models import Member
from resources.access.asking import find_professional


def page_of(viewer: Member, person: Member, posts: Page[dict[str, Any]]) -> dict[str, Any]:
    """Three queries."""
    wishes = notifications.access.wishes_of(person)
    return {
        "person": person,
        "is_own": viewer.pk == person.pk,
        "roles": roles_of(person),
        "muted": viewer.pk != person.pk and is_muted(viewer, person),
        "stepping_back": notifications.access.stepping_back_until(wishes, timezone.now()) is not None,
        "posts": [_row(viewer, person, row) for row in posts.items],
        "page": posts,
    }


def roles_of(person: Member) -> list[tuple[str, str]]:
    """Each role with what it means, in words. One query."""
    roles = []
    if person.is_moderator:
        roles.append((_("Moderator"), _("Looks after what is reported, and decides by the guidelines.")))
    if person.is_curator:
        roles.append((_("Curator"), _("Looks after the articles and the help lines.")))
    professional = find_professional(person)
    if professional is not None:
        meaning = _(
            "Works as: %(field)s. An administrator checked the registration (%(register)s). They answer in public "
            "questions only, and never by private message."
        )
        roles.append(
            (_("Verified professional"), meaning % {"field": professional.field, "register": professional.register})
        )
    if person.is_peer_supporter:
        meaning = _("Knows this from their own life and learned how to stand beside others. Not a professional.")
        roles.append((_("Peer supporter"), meaning))
    return roles or [(_("Member"), _("Here like everybody else, with what they have lived through."))]


def _row(viewer: Member, person: Member, row: dict[str, Any]) -> dict[str, Any]:
    touched = [*row["thread__content_notes"], *row["thread__board__content_notes"]]
    return {
        "url": reverse("post", args=[row["public_id"]]),
        "title": row["thread__title"],
        "number": row["number"],
        "board_title": row["thread__board__title"],
        "written_at": row["created_at"],
        "notes": notes.labels(touched),
        "kept_line": row["kept"].line,
        "folded": bool(row["kept"]) or is_folded(touched, viewer, own=viewer.pk == person.pk),
    }
