"""Making the page that always answers anew, and saying so when that fails."""

import logging

from django.db import connection, transaction
from django.utils import timezone

from notifications.services import record
from resources import help_pages, news_help
from resources.access.helplines import countries_kept
from resources.models import HelpFailure

log = logging.getLogger(__name__)

# Two that render at once would each show what they have read, and the older might come last.
_LOCK = 0x4E11F
WHY_MAX = 300


def render_help(*, anew: bool = False) -> bool:
    """Make the pages of every country and language, where what is shown is not what curators keep. Says whether it did.

    Takes a lock of its own, so that another one waits. Five queries. When it fails, the last good pages stay, curators
    are told once, and the error goes on.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            countries = countries_kept()
            wanted = anew or not help_pages.is_current(countries)
            if wanted:
                help_pages.write(countries)
    except Exception as error:
        _tell(error)
        raise
    HelpFailure.objects.filter(mended_at=None).update(mended_at=timezone.now())
    return wanted


@transaction.atomic
def _tell(error: Exception) -> None:
    """Once for as long as it goes on."""
    why = f"{error}"[:WHY_MAX] or type(error).__name__
    failure, is_new = HelpFailure.objects.get_or_create(mended_at=None, defaults={"why": why})
    if is_new:
        record(kind=news_help.HELP_FAILED, target_id=failure.pk)
