from celery import shared_task
from django.core.management import call_command


@shared_task(ignore_result=True)
def clear_expired_sessions() -> None:
    """Sessions that have ended are deleted every night."""
    call_command("clearsessions")
