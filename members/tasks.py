import datetime as dt

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

ADDRESSES_KEPT = dt.timedelta(days=30)


@shared_task(ignore_result=True)
def clear_expired_sessions() -> None:
    """Every night: sessions that have ended, and the addresses of devices not seen for 30 days (M13)."""
    call_command("clearsessions")
    UserSession.objects.filter(last_seen_at__lt=timezone.now() - ADDRESSES_KEPT).delete()
