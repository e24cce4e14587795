"""What pages are made of."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    ChoiceBlock,
    IntegerBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    StructValue,
    TextBlock,
    URLBlock,
)
from wagtail.blocks.list_block import ListValue
from wagtail.images.blocks import ImageChooserBlock
from wagtail.rich_text import RichText

from resources.checks import Words
from resources.models.vocabulary import SourceKind

# What may be written in rich text: no pictures, no embedded things, no raw HTML.
FEATURES = ["h2", "h3", "bold", "italic", "ul", "ol", "link", "blockquote"]


class SourceBlock(StructBlock):  # type: ignore[misc]  # here and below: Wagtail carries no types
    """One source that a reader can look up."""

    title = CharBlock()
    authors = CharBlock(required=False)
    publisher = CharBlock(help_text=_("Journal or body"))
    year = IntegerBlock(min_value=1900, max_value=2100)
    url = URLBlock(required=False)
    kind = ChoiceBlock(choices=SourceKind.choices)

    class Meta:
        icon = "link"
        template = "resources/blocks/source.html"


class StepBlock(StructBlock):  # type: ignore[misc]
    """One step of an exercise. `minutes`: a timer is offered, and nobody is urged."""

    text = TextBlock()
    minutes = IntegerBlock(required=False, min_value=1, max_value=60)

    class Meta:
        icon = "tick"
        label_format = "{text}"


class StepsBlock(StructBlock):  # type: ignore[misc]
    title = CharBlock(required=False)
    steps = ListBlock(StepBlock(), min_num=1, max_num=20)

    class Meta:
        icon = "list-ol"
        template = "resources/blocks/steps.html"
        description = _("Something to do, one thing after the other. A step may offer a timer, which urges nobody.")
        preview_value = {
            "title": _("A slow breath"),
            "steps": [
                {"text": _("Breathe in while you count to three."), "minutes": None},
                {"text": _("Breathe out while you count to five. Stay with it."), "minutes": 2},
            ],
        }


class CalloutBlock(StructBlock):  # type: ignore[misc]
    tone = ChoiceBlock(choices=[("info", _("Note")), ("warn", _("Take care")), ("help", _("Where to get help"))])
    text = TextBlock()

    class Meta:
        icon = "warning"
        template = "resources/blocks/callout.html"
        description = _("A few words that stand out from the rest.")
        preview_value = {"tone": "info", "text": _("Reading quietly is fine. Nobody expects an answer.")}


class QuoteBlock(StructBlock):  # type: ignore[misc]
    """Somebody's words, with their consent."""

    text = TextBlock()
    who = CharBlock(required=False)

    class Meta:
        icon = "openquote"
        template = "resources/blocks/quote.html"
        description = _("Somebody’s own words. They have agreed to be quoted.")
        preview_value = {"text": _("I wrote one line. Somebody wrote one back."), "who": _("A member")}


class QuestionBlock(StructBlock):  # type: ignore[misc]
    question = CharBlock()
    answer = RichTextBlock(features=FEATURES)

    class Meta:
        icon = "help"
        label_format = "{question}"


class QuestionsBlock(StructBlock):  # type: ignore[misc]
    questions = ListBlock(QuestionBlock(), min_num=1)

    class Meta:
        icon = "help"
        template = "resources/blocks/questions.html"
        description = _("Questions that open to their answers.")
        preview_value = {
            "questions": [
                {
                    "question": _("What if contact is too much today?"),
                    "answer": _("Then reading is enough for today."),
                }
            ]
        }


class HelplineBlock(StructBlock):  # type: ignore[misc]
    """The lines of the country that the reader chose, as on the page that always answers."""

    emergency = BooleanBlock(required=False, default=True)

    class Meta:
        icon = "mobile-alt"
        template = "resources/blocks/helpline.html"
        description = _("Where to call or text, in the country that the reader chose.")
        preview_value = {"emergency": True}


class RelatedBlock(StructBlock):  # type: ignore[misc]
    pages = ListBlock(PageChooserBlock(page_type="resources.ArticlePage"), min_num=1, max_num=6)

    class Meta:
        icon = "doc-full"
        template = "resources/blocks/related.html"
        description = _("Other pages of the library that go with this one.")
        preview_template = "resources/blocks/related_preview.html"


class PictureBlock(StructBlock):  # type: ignore[misc]
    """A picture, and in words what it shows: some readers only hear the page."""

    image = ImageChooserBlock()
    text = CharBlock(
        max_length=250, help_text=_("What the picture shows, for readers who hear the page. A few plain words.")
    )
    caption = CharBlock(required=False, max_length=250)

    class Meta:
        icon = "image"
        template = "resources/blocks/picture.html"
        description = _("A picture with words that say what it shows.")
        preview_template = "resources/blocks/picture_preview.html"


class BodyBlock(StreamBlock):  # type: ignore[misc]
    """What every kind of page may hold."""

    text = RichTextBlock(
        features=FEATURES,
        description=_("Paragraphs, headings and lists."),
        preview_value=_("Small steps count. A line is a step."),
    )
    picture = PictureBlock()
    steps = StepsBlock()
    callout = CalloutBlock()
    quote = QuoteBlock()
    questions = QuestionsBlock()
    helpline = HelplineBlock()
    related = RelatedBlock()


def gather(words: Words, block: Any) -> None:
    """Add to `words` what a block of a page's body says."""
    if block.block_type == "picture":
        words.pictures.append(block.value.get("text") or "")
    _gather(words, block.value, quoted=block.block_type == "quote")


def _gather(words: Words, value: Any, *, quoted: bool) -> None:
    if isinstance(value, RichText):
        words.rich(value.source)
    elif isinstance(value, str):
        words.plain(value, quoted=quoted)
    elif isinstance(value, StructValue):
        for name, part in value.items():
            if name != "tone":
                _gather(words, part, quoted=quoted)
    elif isinstance(value, ListValue):
        for part in value:
            _gather(words, part, quoted=quoted)
