"""Where a member's boundaries are (M7)."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from members.models.member import Member

PHRASE_MAX = 80
# Some letters are several when they are taken apart.
FOLDED_MAX = 2 * PHRASE_MAX
# What a page with twenty long posts is looked through for within five milliseconds.
PHRASES_MAX = 500


class BlockQuerySet(models.QuerySet["Block"]):
    def ids_around(self, member: Member) -> "models.QuerySet[Block, int]":
        """The ids of all whom `member` blocked or who blocked them, as one subquery."""
        mine = self.filter(blocker=member).values_list("blocked_id", flat=True)
        theirs = self.filter(blocked=member).values_list("blocker_id", flat=True)
        return mine.union(theirs, all=True)


class Block(models.Model):
    """`blocker` and `blocked` no longer meet anywhere, in either direction, and nobody is told."""

    blocker = models.ForeignKey(Member, models.CASCADE, related_name="blocks_made")
    blocked = models.ForeignKey(Member, models.CASCADE, related_name="blocks_met")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~models.Q(blocker=models.F("blocked")), name="block_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"block {self.pk}"


class Mute(models.Model):
    """`muter` reads the words of `muted` folded and hears nothing of them. Nobody else notices; nothing is parted."""

    muter = models.ForeignKey(Member, models.CASCADE, related_name="mutes_made")
    muted = models.ForeignKey(Member, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["Mute"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["muter", "muted"], name="mute_once"),
            models.CheckConstraint(condition=~models.Q(muter=models.F("muted")), name="mute_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"mute {self.pk}"


class KeywordFilter(models.Model):
    """Words that a member would rather not meet: what holds them is folded, or not shown at all."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="keyword_filters")
    phrase = models.CharField(max_length=PHRASE_MAX)
    # As it is looked for: without case and accents, single spaces (members.filters.folded).
    folded = models.CharField(max_length=FOLDED_MAX, editable=False)
    whole_word = models.BooleanField(default=True)
    hides = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["KeywordFilter"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "folded"], name="keywordfilter_once"),
            models.CheckConstraint(condition=~models.Q(folded=""), name="keywordfilter_some_words"),
        ]

    def __str__(self) -> str:
        return f"filter {self.pk}"
