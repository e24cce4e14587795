"""Vetted articles, written and reviewed in Wagtail."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    IntegerBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    URLBlock,
)
from wagtail.fields import StreamField
from wagtail.models import AbstractGroupApprovalTask, Page, PagePermissionTester
from wagtail.search import index

REVIEW_EVERY = dt.timedelta(days=365)


class Evidence(models.TextChoices):
    """How sure the sources make us, in words (M15)."""

    STRONG = "strong", _("Strong: many good studies agree")
    MODERATE = "moderate", _("Moderate: good studies, not all agree")
    EARLY = "early", _("Early: few or small studies")
    EXPERIENCE = "experience", _("Experience: what people tell, not yet studied well")


class Topic(models.TextChoices):
    CONNECTION = "connection", _("Feeling alone and connecting")
    ASKING = "asking", _("Asking for help")
    ONLINE = "online", _("Communities online")
    KINDS = "kinds-of-support", _("Forms of support")
    BODY = "body-and-mind", _("Body and mind")
    PROFESSIONAL = "professional-help", _("Professional help")


class SourceBlock(StructBlock):  # type: ignore[misc]  # here and below: Wagtail carries no types
    """One source that a reader can look up."""

    title = CharBlock()
    authors = CharBlock(required=False)
    publisher = CharBlock(help_text=_("Journal or body"))
    year = IntegerBlock(min_value=1900, max_value=2100)
    url = URLBlock(required=False)
    kind = ChoiceBlock(
        choices=[
            ("systematic review", _("Systematic review")),
            ("guideline", _("Guideline")),
            ("trial", _("Trial")),
            ("observational study", _("Observational study")),
            ("official guidance", _("Official guidance")),
            ("book", _("Book")),
        ]
    )

    class Meta:
        icon = "link"
        template = "resources/blocks/source.html"


class PublishedByReview(PagePermissionTester):  # type: ignore[misc]
    """Nobody publishes by hand, not even an administrator: only the approval of a second person does (invariant 7).

    Wagtail asks here for its button, its form, its bulk action and its API alike.
    """

    def can_publish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return bool(super().can_publish())


class VettedPage(Page):  # type: ignore[misc]
    class Meta:
        abstract = True

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return PublishedByReview(user, self)


class ResourceIndexPage(VettedPage):
    """The front of the library, at /resources/."""

    intro = models.TextField(blank=True)

    max_count = 1
    template = "resources/index.html"
    subpage_types: ClassVar[list[str]] = ["resources.ArticlePage"]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    content_panels = [*Page.content_panels, FieldPanel("intro")]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Articles by topic, in one query."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        articles = list(ArticlePage.objects.child_of(self).live().order_by("path"))
        context["topics"] = [
            (label, found)
            for topic, label in Topic.choices
            if (found := [article for article in articles if article.topic == topic])
        ]
        return context


class ArticleForm(WagtailAdminPageForm):  # type: ignore[misc]  # Wagtail carries no types
    def save(self, commit: bool = True) -> "ArticlePage":  # noqa: FBT001, FBT002 - Django's signature
        """Whoever saves an article first is its author and can never approve it."""
        if self.instance.written_by_id is None:
            self.instance.written_by = self.for_user
        page: ArticlePage = super().save(commit=commit)
        return page


class ArticlePage(VettedPage):
    """An article that a second person checked before anybody read it."""

    summary = models.CharField(max_length=200)
    topic = models.CharField(max_length=20, choices=Topic)
    evidence = models.CharField(max_length=12, choices=Evidence)
    evidence_note = models.CharField(max_length=300, blank=True)
    body = StreamField(
        [("text", RichTextBlock(features=["h2", "h3", "bold", "italic", "ul", "ol", "link", "blockquote"]))]
    )
    sources = StreamField(StreamBlock([("source", SourceBlock())], min_num=1))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    reviewed_on = models.DateField(null=True, blank=True, editable=False)
    review_by = models.DateField(null=True, blank=True, editable=False)

    WORDS: ClassVar[tuple[str, ...]] = (
        "title", "slug", "summary", "topic", "evidence", "evidence_note", "body", "sources", "search_description",
        "go_live_at", "expire_at",
    )  # fmt: skip
    template = "resources/article.html"
    base_form_class = ArticleForm
    subpage_types: ClassVar[list[str]] = []
    parent_page_types: ClassVar[list[str]] = ["resources.ResourceIndexPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary", widget=forms.Textarea(attrs={"rows": 2})),
        FieldPanel("topic"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("evidence"), FieldPanel("evidence_note"), FieldPanel("sources")],
            heading=_("Evidence"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("written_by")),
                name="article_reviewer_is_not_author",
            ),
        ]

    @property
    def is_out_of_date(self) -> bool:
        return self.review_by is not None and self.review_by < timezone.localdate()


def _words(revision: Any) -> dict[str, Any]:
    """What a reader would notice of a revision; empty for None."""
    return {name: revision.content.get(name) for name in ArticlePage.WORDS} if revision else {}


class PeerReviewTask(AbstractGroupApprovalTask):  # type: ignore[misc]
    """Approval by a curator who neither wrote the article nor edited the version under review."""

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, str, bool]]:
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        if user.pk in self.hands(obj):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        """Whoever had a hand in it waits: what is approved is what the reviewer has read."""
        return user.pk in self.hands(obj) or bool(super().locked_for_user(obj, user))

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """Raises PermissionDenied when somebody approves their own words by another way than the button."""
        if action_name == "approve" and user.pk in self.hands(task_state.workflow_state.content_object):
            raise PermissionDenied("Somebody who did not write or edit this article approves it.")
        super().on_action(task_state, user, action_name, **kwargs)

    @staticmethod
    def hands(page: Page) -> set[int]:
        """Ids of all who had a hand in the version under review.

        Wagtail saves a revision of a reviewer who only presses "Approve", so whose words changed counts,
        not who saved. One query for the revisions since the article was last published.
        """
        article = page.specific
        hands = {page.owner_id, getattr(article, "written_by_id", None)}
        published = article.live_revision
        revisions = article.revisions.order_by("created_at", "id")
        if published is not None:
            revisions = revisions.filter(created_at__gt=published.created_at)
        words = _words(published)
        for revision in revisions:
            if (now := _words(revision)) != words:
                hands.add(revision.user_id)
            words = now
        return {pk for pk in hands if pk}

    @classmethod
    def get_description(cls) -> str:
        return str(_("A curator who did not write the article checks sources, wording and promotion"))

    class Meta:
        verbose_name = _("Review by a second curator")
