"""The words by which the library is sorted, and in which it says how sure it is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Evidence(models.TextChoices):
    """How sure the sources make us, in words (M15)."""

    STRONG = "strong", _("Strong: many good studies agree")
    MODERATE = "moderate", _("Moderate: good studies, not all agree")
    EARLY = "early", _("Early: few or small studies")
    EXPERIENCE = "experience", _("Experience: what people tell, not yet studied well")


class Kind(models.TextChoices):
    """What a page is. With “page” behind it, the name of its model."""

    ARTICLE = "article", _("Article")
    EXERCISE = "exercise", _("Exercise")
    VIDEO = "video", _("Video")
    QUESTION = "question", _("Question and answer")
    STORY = "story", _("Recovery story")
    TREATMENT = "treatment", _("Treatment option")
    GUIDE = "guide", _("Guide")


class Topic(models.TextChoices):
    CONNECTION = "connection", _("Feeling alone and connecting")
    ASKING = "asking", _("Asking for help")
    ONLINE = "online", _("Communities online")
    KINDS = "kinds-of-support", _("Forms of support")
    BODY = "body-and-mind", _("Body and mind")
    PROFESSIONAL = "professional-help", _("Professional help")


class Need(models.TextChoices):
    """What somebody comes with, in their own words."""

    ALONE = "alone", _("I feel alone")
    ASK = "ask", _("I want to ask for help")
    SLEEP = "sleep", _("I can’t sleep")
    SOMEONE = "someone", _("Someone I love is struggling")
    LOW = "low", _("I have no energy")
    UNDERSTAND = "understand", _("I want to understand what is going on")
    TREATMENT = "treatment", _("I want to know what treatment there is")


class SourceKind(models.TextChoices):
    REVIEW = "systematic review", _("Systematic review")
    GUIDELINE = "guideline", _("Guideline")
    TRIAL = "trial", _("Trial")
    OBSERVATION = "observational study", _("Observational study")
    GUIDANCE = "official guidance", _("Official guidance")
    BOOK = "book", _("Book")
