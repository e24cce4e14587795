"""Content notes: neutral words for what a thread touches (M8). They describe; they do not claim to protect."""

from collections.abc import Iterable, Sequence

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContentNote(models.TextChoices):
    SELF_HARM = "self-harm", _("Self-harm")
    SUICIDE = "suicide", _("Suicide")
    EATING = "eating", _("Eating")
    ABUSE = "abuse", _("Abuse")
    LOSS = "loss", _("Loss")
    SUBSTANCE_USE = "substance-use", _("Substance use")


def labels(notes: Iterable[str]) -> Sequence[str]:
    """Their names for a page, in the order of the list above, each once; unknown ones are left out."""
    given = set(notes)
    return [str(note.label) for note in ContentNote if note.value in given]


def folded_at_first() -> list[str]:
    """What is folded for readers who have not chosen yet: the two notes that are most often asked for."""
    return [ContentNote.SELF_HARM.value, ContentNote.SUICIDE.value]
