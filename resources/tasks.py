import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from resources.services import editions, links, professionals, rendering, reviewing, scheduling, shelf

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def publish_scheduled() -> None:
    """Publish approved articles whose time has come, and take down those whose time is over."""
    scheduling.publish_due()
    scheduling.take_down_over()


@shared_task(ignore_result=True)
def check_links() -> None:
    """Ask after the links of pages that were handed in, where an operator wants it, and send them on or back."""
    links.finish_checks()


@shared_task(ignore_result=True)
def look_after_readers() -> None:
    """Every few minutes: those who saved a page hear of its new words, and what is suggested is what is recommended."""
    editions.tell_of_new_words()
    shelf.keep_shelf()


@shared_task(ignore_result=True)
def tell_reviews_due() -> None:
    """Each morning: curators hear which articles are to be reviewed (M15)."""
    reviewing.tell_reviews_due()


@shared_task(ignore_result=True)
def look_after_questions() -> None:
    """Each night: badges that nobody checked again end."""
    professionals.end_overdue()


@shared_task(ignore_result=True)
def keep_help_current() -> None:
    """Every few minutes, and soon after each change: the page that always answers is as curators keep it (M9)."""
    rendering.render_help()


def show_help_soon() -> None:
    """Have the worker make that page anew. Without a broker the next round does."""
    try:
        keep_help_current.delay()
    except (OperationalError, OSError):
        log.warning("No broker: the page for help is made anew with the next round")
