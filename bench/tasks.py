"""What the worker does: telling everybody who follows a board, and digests."""

import os
import time

import psutil

from bench.digests import cpu, mail_server
from bench.shape import FOLLOWED, Shape


def measure(shape: Shape) -> dict[str, float]:
    """In this process, as one worker would. Times in seconds; the processor's are this process's alone."""
    return _notices(shape) | _digests()


def _notices(shape: Shape) -> dict[str, float]:
    """A new thread in the board that most members follow."""
    from forums.models import Board, SupportType
    from forums.news import NEW_THREAD
    from forums.services import posts
    from members.models import Member
    from notifications import services
    from notifications.models import Event, Notice

    post = posts.start_thread(
        author=Member.objects.get(pk=shape.admin),
        board=Board.objects.get(pk=FOLLOWED),
        title="What is new here this week",
        body="A few words about what is new here. Nothing needs to be done.",
        support_type=SupportType.LISTENING,
    )
    event = Event.objects.get(kind=NEW_THREAD.key, target_id=post.thread_id)
    began, used, peak = time.monotonic(), cpu(os.getpid()), 0.0
    batches = 1
    while services.expand_batch(event.pk).goes_on:
        batches += 1
        peak = max(peak, psutil.Process().memory_info().rss / 1e6)
    seconds = time.monotonic() - began
    return {
        "notices": Notice.objects.filter(event=event).count(),
        "notices_seconds": seconds,
        "notices_processor_seconds": cpu(os.getpid()) - used,
        "notices_batches": batches,
        "notices_megabytes": peak,
    }


def _digests(*, due: int = 500, sent: int = 40) -> dict[str, float]:
    """For some members whose hour has come; a real mail server takes them."""
    from django.utils import timezone

    from notifications import services
    from notifications.models import Digest, Wishes

    some = Wishes.objects.order_by("pk").values_list("pk", flat=True)[:due]
    hour = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    Wishes.objects.filter(pk__in=list(some)).update(next_digest_at=hour, digest_hour=hour.hour)
    waiting: list[int] = []
    began = time.monotonic()
    while (batch := services.make_due_digests()).looked_at:
        waiting += batch.waiting
    made = time.monotonic() - began
    began, used = time.monotonic(), cpu(os.getpid())
    for pk in waiting[:sent]:
        services.send_digest(pk)
    done = max(1, min(sent, len(waiting)))
    return {
        "digests_made": Digest.objects.count(),
        "digests_made_seconds": made,
        "digest_sent_milliseconds": (time.monotonic() - began) / done * 1000,
        "digest_sent_processor_milliseconds": (cpu(os.getpid()) - used) / done * 1000,
    }


__all__ = ["mail_server", "measure"]
