"""The four classes of urgency."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class Priority(models.IntegerChoices):
    """Class before score (T1): what is at stake decides the order, the clock decides inside a class."""

    CRISIS = 1, _("Crisis")
    DANGER = 2, _("Danger to others, methods")
    ABUSE = 3, _("Abuse, privacy, predation")
    OTHER = 4, _("Everything else")

    @property
    def clock(self) -> dt.timedelta:
        """How soon a person looks."""
        return _CLOCKS[self]


_CLOCKS = {
    Priority.CRISIS: dt.timedelta(minutes=15),
    Priority.DANGER: dt.timedelta(hours=1),
    Priority.ABUSE: dt.timedelta(hours=4),
    Priority.OTHER: dt.timedelta(hours=24),
}
