from celery import shared_task
from django.core.management import call_command

from resources.services import reviewing


@shared_task(ignore_result=True)
def publish_scheduled() -> None:
    """Publish approved articles whose time has come, and take down those whose time is over."""
    call_command("publish_scheduled", verbosity=0)


@shared_task(ignore_result=True)
def tell_reviews_due() -> None:
    """Each morning: curators hear which articles are to be reviewed (M15)."""
    reviewing.tell_reviews_due()
