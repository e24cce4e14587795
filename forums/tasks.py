from celery import shared_task

from forums.services import gatherings, search, waiting


@shared_task(ignore_result=True)
def run_gatherings() -> None:
    """Every minute: open the check-ins whose hour has come, close those whose time is over."""
    gatherings.open_due()
    gatherings.close_due()


@shared_task(ignore_result=True)
def tell_long_waits() -> None:
    """Every ten minutes: moderators hear whom nobody has answered for twelve hours (M3)."""
    waiting.tell_long_waits()
    waiting.forget_old_offers()


# Some ten seconds of work.
INDEXED_AT_ONCE = 20_000


@shared_task(ignore_result=True)
def index_missing() -> None:
    """Every ten minutes: let posts be found that came past the services, with an update or a restored dump."""
    search.index_missing(limit=INDEXED_AT_ONCE)


@shared_task(ignore_result=True)
def rebuild_search_words() -> None:
    """Each night: the words that mistyped ones are compared with."""
    search.rebuild_words()
