from celery import shared_task
from django.core.management import call_command


@shared_task(ignore_result=True)
def publish_scheduled() -> None:
    """Publish approved articles whose time has come, and take down those whose time is over."""
    call_command("publish_scheduled", verbosity=0)
