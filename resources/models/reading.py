"""What members keep of the library, and what they tell its curators."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import UUID7, Now
from django.utils.translation import gettext_lazy as _

from members.models import Member
from resources.models.pages import ArticlePage


class Saved(models.Model):
    """Kept for later. Nobody else sees it."""

    pk = models.CompositePrimaryKey("member_id", "page_id")
    member = models.ForeignKey(Member, models.CASCADE, related_name="+")
    page = models.ForeignKey(ArticlePage, models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["Saved"]] = models.Manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "-at", "-page"], name="saved_newest"),
            models.Index(fields=["page", "member"], name="saved_by"),
        ]

    def __str__(self) -> str:
        return f"page {self.page_id} saved by member {self.member_id}"


class Edition(models.Model):
    """Which words of a page its readers have last. So that those who saved it hear of other words, and of nothing else.

    However a page came to be published: by a review, by the clock, or by a worker that was away for a day.
    """

    page = models.OneToOneField(ArticlePage, models.CASCADE, primary_key=True, related_name="edition")
    # Of what readers read.
    digest = models.CharField(max_length=64)
    # When the version was published of which this is the digest.
    published_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Edition"]] = models.Manager()

    def __str__(self) -> str:
        return f"edition of page {self.page_id}"


class Remark(models.Model):
    """Whether a page was of help, or what is wrong with it. For curators only, who are not told whose it is.

    One opinion a member and page; corrections as many as there are.
    """

    class Kind(models.TextChoices):
        HELPED = "helped", _("It helped")
        DID_NOT = "did-not", _("It did not help")
        CORRECTION = "correction", _("Something is wrong")

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    page = models.ForeignKey(ArticlePage, models.CASCADE, related_name="remarks")
    # None once they left.
    member = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)
    seen_by = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    # To a correction, for the member.
    answer = models.TextField(blank=True)
    # Made when the form was shown, so that a form that is sent twice says it once.
    submission = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Remark"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "member"],
                condition=Q(kind__in=["helped", "did-not"], member__isnull=False),
                name="remark_one_opinion",
            ),
            models.UniqueConstraint(fields=["member", "submission"], name="remark_sent_once"),
            models.CheckConstraint(condition=~Q(kind="correction", text=""), name="remark_correction_says_what"),
        ]
        indexes = [
            models.Index(fields=["-id"], condition=Q(seen_at=None), name="remark_new"),
            models.Index(fields=["page", "-id"], name="remark_of_page"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} about page {self.page_id}"
