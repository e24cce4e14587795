"""Vetted pages, written and reviewed in Wagtail."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import StreamBlock
from wagtail.fields import StreamField
from wagtail.models import Page, PagePermissionTester
from wagtail.search import index

from resources import checks
from resources.models.blocks import BodyBlock, SourceBlock, gather
from resources.models.panels import ChecksPanel
from resources.models.vocabulary import Evidence, Need, Topic

REVIEW_EVERY = dt.timedelta(days=365)
# Of a page's versions. One is reviewed once a year.
HISTORY_SHOWN = 10


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


def _read(value: Any) -> Any:
    """Blocks are kept as a text of their own; a title that only looks like it stays a title."""
    try:
        return json.loads(value) if isinstance(value, str) and value.startswith("[{") else value
    except ValueError:
        return value


class VettedPage(Page):  # type: ignore[misc]
    # What somebody had a hand in who changed it.
    WORDS: ClassVar[tuple[str, ...]] = ("title", "slug", "search_description", "go_live_at", "expire_at")

    class Meta:
        abstract = True

    @classmethod
    def words_in(cls, revision: Any) -> dict[str, Any]:
        """What a reader would notice of a revision; empty for None."""
        return cls.words_of(revision.content) if revision else {}

    @classmethod
    def words_of(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        """The same of what a revision keeps, whatever the order in which a block's parts were written down."""
        return {name: _read(content.get(name)) for name in cls.WORDS}

    @property
    def is_changed_in_review(self) -> bool:
        """Whether somebody has written into it since it was handed in. Two queries."""
        step = self.current_workflow_task_state
        return step is not None and self.words_in(step.revision) != self.words_in(self.get_latest_revision())

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return PublishedByReview(user, self)


class ResourceIndexPage(VettedPage):
    """The front of the library, at /resources/, which resources/views/library.py shows: this page keeps its words."""

    intro = models.TextField(blank=True)

    WORDS: ClassVar[tuple[str, ...]] = (*VettedPage.WORDS, "intro")
    max_count = 1
    template = "resources/index.html"
    subpage_types: ClassVar[list[str]] = [
        "resources.ArticlePage",
        "resources.ExercisePage",
        "resources.VideoPage",
        "resources.QuestionPage",
        "resources.StoryPage",
        "resources.TreatmentPage",
        "resources.GuidePage",
    ]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    content_panels = [*Page.content_panels, FieldPanel("intro")]


class ArticleForm(WagtailAdminPageForm):  # type: ignore[misc]  # Wagtail carries no types
    needs = forms.MultipleChoiceField(
        choices=Need.choices, required=False, widget=forms.CheckboxSelectMultiple, label=_("Who it is for")
    )

    def clean_slug(self) -> str:
        """Not an address that a page of the site itself has."""
        slug: str = self.cleaned_data["slug"]
        try:
            taken = bool(slug) and resolve(f"/resources/{slug}/").url_name != "wagtail_serve"
        except Resolver404:
            taken = False
        if taken:
            raise forms.ValidationError(_("The site itself has a page at this address. Another word works."))
        return slug

    def save(self, commit: bool = True) -> "ArticlePage":  # noqa: FBT001, FBT002 - Django's signature
        """Whoever writes an article is its author and never approves it. Those that the site comes with have none."""
        if self.instance.pk is None:
            self.instance.written_by = self.for_user
        page: ArticlePage = super().save(commit=commit)
        return page


class ArticlePage(VettedPage):
    """An article that a second person checked before anybody read it. Pages of other kinds are articles with more.

    So one table holds what all of them have, and one query lists, sorts and checks them.
    """

    summary = models.CharField(max_length=200)
    topic = models.CharField(max_length=20, choices=Topic)
    evidence = models.CharField(max_length=12, choices=Evidence)
    evidence_note = models.CharField(max_length=300, blank=True)
    needs = ArrayField(models.CharField(max_length=12, choices=Need), default=list, blank=True)
    body = StreamField(BodyBlock(), blank=True)
    sources = StreamField(StreamBlock([("source", SourceBlock())], min_num=1))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    reviewed_on = models.DateField(null=True, blank=True, editable=False)
    review_by = models.DateField(null=True, blank=True, editable=False)
    # As readers see them: "psychiatric nurse", never a name.
    author_role = models.CharField(max_length=80, blank=True)
    reviewer_role = models.CharField(max_length=80, blank=True, editable=False)
    # For readers, since the version before.
    what_changed = models.CharField(max_length=300, blank=True)
    # No longer recommended: it stays for those who saved or linked it, and points to what took its place.
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+", editable=False)

    WORDS: ClassVar[tuple[str, ...]] = (
        "title", "slug", "summary", "topic", "needs", "evidence", "evidence_note", "body", "sources", "author_role",
        "what_changed", "search_description", "go_live_at", "expire_at",
    )  # fmt: skip
    # Of these, what readers of an earlier version need not hear of.
    _QUIET: ClassVar[frozenset[str]] = frozenset(
        {"slug", "topic", "needs", "author_role", "what_changed", "search_description", "go_live_at", "expire_at"}
    )
    template = "resources/article.html"
    base_form_class = ArticleForm
    subpage_types: ClassVar[list[str]] = []
    parent_page_types: ClassVar[list[str]] = ["resources.ResourceIndexPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary", widget=forms.Textarea(attrs={"rows": 2})),
        MultiFieldPanel([FieldPanel("topic"), FieldPanel("needs")], heading=_("Where readers find it")),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("evidence"), FieldPanel("evidence_note"), FieldPanel("sources")],
            heading=_("Evidence"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("author_role", help_text=_("As readers see you: “psychiatric nurse”. Never your name.")),
                FieldPanel("what_changed", help_text=_("A sentence for those who read the version before.")),
            ],
            heading=_("For readers"),
        ),
        ChecksPanel(heading=_("What the machine sees")),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.AutocompleteField("summary"),
        index.FilterField("retired_at"),
        index.FilterField("review_by"),
    ]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reviewed_by=None) | ~models.Q(reviewed_by=models.F("written_by")),
                name="article_reviewer_is_not_author",
            ),
            models.CheckConstraint(condition=models.Q(needs__contained_by=Need.values), name="article_known_needs"),
            models.CheckConstraint(
                condition=models.Q(retired_to=None) | ~models.Q(retired_to=models.F("pk")),
                name="article_points_elsewhere",
            ),
        ]

    @property
    def is_out_of_date(self) -> bool:
        return self.review_by is not None and self.review_by < timezone.localdate()

    @property
    def is_unchecked(self) -> bool:
        """It came with the site, and nobody here has reviewed it yet: readers find nothing else before its review."""
        return bool(self.live) and self.reviewed_on is None

    @property
    def is_retired(self) -> bool:
        return self.retired_at is not None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With what took its place, and what changed between its versions: two queries."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        instead = self.retired_to if self.retired_to_id else None
        context["instead"] = instead if instead and instead.live and not instead.is_retired else None
        context["history"] = list(self.vettings.order_by("-id")[:HISTORY_SHOWN]) if self.pk else []
        return context

    def own_text(self) -> list[str]:
        """What a page of this kind says beside title, summary and body."""
        return []

    def own_findings(self) -> list[str]:
        """What a page of this kind needs, and has not."""
        return []

    def words(self) -> checks.Words:
        words = checks.Words(sources=len(self.sources))
        for text in (self.title, self.summary, self.evidence_note, self.what_changed, *self.own_text()):
            words.plain(text)
        for block in self.body:
            gather(words, block)
        words.links += [url for block in self.sources if (url := block.value.get("url"))]
        return words

    def findings(self) -> list[str]:
        """What keeps this version from being reviewed, in sentences for its author. Asks no other server."""
        return [*checks.findings(self.words()), *self.own_findings(), *self._unsaid_change()]

    def _unsaid_change(self) -> list[str]:
        published = self.live_revision.content if self.live and self.live_revision else None
        if published is None or (self.what_changed and self.what_changed != published.get("what_changed")):
            return []
        before, now = self.words_of(published), self.words_of(self.serializable_data())
        if all(now[name] == before[name] for name in self.WORDS if name not in self._QUIET):
            return []
        return [gettext("Say in a sentence what changed since the version that readers see.")]
