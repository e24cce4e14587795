"""Pages of other kinds, each an article with more."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import PageChooserBlock, StreamBlock
from wagtail.fields import StreamField

from resources.models.pages import ArticlePage

# Title and summary come first on every kind; what is the kind's own comes after them.
_HEAD, _REST = ArticlePage.content_panels[:2], ArticlePage.content_panels[2:]


class ExercisePage(ArticlePage):
    """Something to do, in steps (`StepsBlock` in the body)."""

    minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    WORDS: ClassVar[tuple[str, ...]] = (*ArticlePage.WORDS, "minutes")
    template = "resources/exercise.html"
    content_panels = [
        *_HEAD,
        FieldPanel("minutes", help_text=gettext_lazy("About how long it takes, for who wants to know.")),
        *_REST,
    ]

    def own_findings(self) -> list[str]:
        if any(block.block_type == "steps" for block in self.body):
            return []
        return [_("An exercise has steps. Add a block “Steps”.")]


class VideoPage(ArticlePage):
    """A film. Nothing loads before somebody presses play, and is told from where."""

    poster = models.ForeignKey("wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+")
    # One of the two: a file of this site, or an address elsewhere.
    file = models.ForeignKey("wagtaildocs.Document", models.SET_NULL, null=True, blank=True, related_name="+")
    elsewhere = models.URLField(blank=True)
    transcript = models.TextField()
    seconds = models.PositiveIntegerField(null=True, blank=True)

    WORDS: ClassVar[tuple[str, ...]] = (*ArticlePage.WORDS, "poster", "file", "elsewhere", "transcript", "seconds")
    template = "resources/video.html"
    content_panels = [
        *_HEAD,
        MultiFieldPanel(
            [
                FieldPanel("file", help_text=gettext_lazy("A file of this site, MP4 or WebM. Best for readers.")),
                FieldPanel("elsewhere", help_text=gettext_lazy("Or the address of a film elsewhere.")),
                FieldPanel("poster", help_text=gettext_lazy("A still that is shown until somebody presses play.")),
                FieldPanel("seconds", help_text=gettext_lazy("How long it is.")),
                FieldPanel("transcript", help_text=gettext_lazy("Every word that is said, and what is only seen.")),
            ],
            heading=gettext_lazy("Film"),
        ),
        *_REST,
    ]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(file=None) | models.Q(elsewhere=""), name="video_from_one_place"),
        ]

    @property
    def where(self) -> str:
        """The name of the other site, which would learn of whoever presses play."""
        return (urlsplit(self.elsewhere).hostname or "").removeprefix("www.")

    def clean(self) -> None:
        super().clean()
        if self.file and self.elsewhere:
            raise ValidationError({"elsewhere": _("A film comes from one place: a file, or an address elsewhere.")})

    def own_text(self) -> list[str]:
        return [self.transcript, self.elsewhere]

    def own_findings(self) -> list[str]:
        found = []
        if not self.file_id and not self.elsewhere:
            found.append(_("There is no film yet: choose a file, or give an address."))
        if self.elsewhere and not self.elsewhere.startswith("https://"):
            found.append(_("The film’s address begins with https://."))
        if not self.transcript.strip():
            found.append(_("Write down what the film says. Some readers cannot hear it, or cannot play it."))
        return found


class QuestionPage(ArticlePage):
    """A question that people ask, and its answer. `title` is the question."""

    template = "resources/question.html"


class StoryPage(ArticlePage):
    """How somebody found their way. Told with their consent, worded with care."""

    class Consent(models.TextChoices):
        NONE = "none", gettext_lazy("Not yet")
        WRITTEN = "written", gettext_lazy("In writing")

    # Who told it is not kept here; where the consent is kept is.
    consent = models.CharField(max_length=10, choices=Consent, default=Consent.NONE)
    consent_kept_at = models.CharField(max_length=200, blank=True)
    consent_on = models.DateField(null=True, blank=True)

    WORDS: ClassVar[tuple[str, ...]] = (*ArticlePage.WORDS, "consent", "consent_kept_at", "consent_on")
    template = "resources/story.html"
    content_panels = [
        *_HEAD,
        MultiFieldPanel(
            [
                FieldPanel("consent"),
                FieldPanel("consent_on"),
                FieldPanel(
                    "consent_kept_at",
                    help_text=gettext_lazy(
                        "Where the paper or mail is kept. Not who signed it. Readers do not see it."
                    ),
                ),
            ],
            heading=gettext_lazy("Consent of the person whose story it is"),
        ),
        *_REST,
    ]

    def own_findings(self) -> list[str]:
        if self.consent == self.Consent.WRITTEN and self.consent_on and self.consent_kept_at:
            return []
        return [_("A story is told with consent in writing. Say since when there is one, and where it is kept.")]


class TreatmentPage(ArticlePage):
    """What it is, what the evidence says, what to ask."""

    what_it_is = models.TextField(blank=True)
    what_to_expect = models.TextField(blank=True)
    what_to_ask = models.TextField(blank=True)

    WORDS: ClassVar[tuple[str, ...]] = (*ArticlePage.WORDS, "what_it_is", "what_to_expect", "what_to_ask")
    template = "resources/treatment.html"
    content_panels = [
        *_HEAD,
        FieldPanel("what_it_is"),
        FieldPanel("what_to_expect"),
        FieldPanel("what_to_ask", help_text=gettext_lazy("One question a line, to take along.")),
        *_REST,
    ]

    @property
    def questions(self) -> list[str]:
        return [line.strip() for line in self.what_to_ask.splitlines() if line.strip()]

    def own_text(self) -> list[str]:
        return [self.what_it_is, self.what_to_expect, self.what_to_ask]

    def own_findings(self) -> list[str]:
        if all(text.strip() for text in self.own_text()):
            return []
        return [_("Say what the treatment is, what to expect, and what somebody could ask.")]


class GuidePage(ArticlePage):
    """An ordered set of pages."""

    parts = StreamField(StreamBlock([("part", PageChooserBlock(page_type="resources.ArticlePage"))]), blank=True)

    WORDS: ClassVar[tuple[str, ...]] = (*ArticlePage.WORDS, "parts")
    template = "resources/guide.html"
    content_panels = [*_HEAD, FieldPanel("parts"), *_REST]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """With those of its parts that readers find."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        keys = self._keys()
        pages = ArticlePage.objects.live().filter(pk__in=keys, retired_at=None).in_bulk()
        context["parts"] = [pages[key] for key in keys if key in pages]
        return context

    def own_findings(self) -> list[str]:
        keys = self._keys()
        if self.pk in keys:
            return [_("A guide cannot be a part of itself.")]
        if len(keys) < 2:
            return [_("A guide leads through at least two pages.")]
        return []

    def _keys(self) -> list[int]:
        """Of its parts, in their order."""
        return list(dict.fromkeys(int(part["value"]) for part in self.parts.get_prep_value() if part["value"]))
