"""Boards: where threads stand, who reads them, and what is asked of those who write there."""

import functools

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.notes import ContentNote
from members.models import Member

Viewer = Member | AnonymousUser


@functools.lru_cache(maxsize=1000)
def board_address(slug: str) -> str:
    return reverse("board", args=[slug])


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, viewer: Viewer) -> "BoardQuerySet":
        if not isinstance(viewer, Member):
            return self.filter(audience=Board.Audience.EVERYONE)
        if viewer.is_moderator or viewer.is_staff:
            return self
        return self.exclude(audience=Board.Audience.STAFF)


class Board(models.Model):
    class Audience(models.TextChoices):
        MEMBERS = "members", _("Members")
        EVERYONE = "everyone", _("Everyone, also without an account")
        STAFF = "staff", _("Moderators and administrators")

    class Starters(models.TextChoices):
        """Who may start threads; whoever reads a board may reply in it."""

        MEMBERS = "members", _("All members")
        STAFF = "staff", _("Moderators and administrators")

    class HoldFirst(models.TextChoices):
        """Whose posts a moderator reads before others do."""

        NEVER = "never", _("Nobody’s")
        NEWCOMERS = "newcomers", _("Those of people who are new here")
        ALL = "all", _("Everybody’s")

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300)
    guidelines = models.TextField(blank=True)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.MEMBERS)
    starters = models.CharField(max_length=10, choices=Starters, default=Starters.MEMBERS)
    hold_first = models.CharField(max_length=10, choices=HoldFirst, default=HoldFirst.NEVER)
    # They count for every thread of the board, beside the thread's own.
    content_notes = ArrayField(models.CharField(max_length=20, choices=ContentNote), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_archived = models.BooleanField(default=False)

    objects = BoardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(audience__in=["members", "everyone", "staff"]), name="board_audience"
            ),
            models.CheckConstraint(condition=models.Q(starters__in=["members", "staff"]), name="board_starters"),
            models.CheckConstraint(
                condition=models.Q(hold_first__in=["never", "newcomers", "all"]), name="board_hold_first"
            ),
            models.CheckConstraint(
                condition=models.Q(content_notes__contained_by=ContentNote.values), name="board_content_notes"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return board_address(self.slug)
