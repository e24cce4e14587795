"""What an export says about news."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from members.exports import Row, Section, leave_out, register, stream
from members.models import Member
from notifications.models import Choice, Delivery, Digest, Notice, Return, Wishes


def _wishes(member: Member) -> Iterator[Row]:
    fields = [field.name for field in Wishes._meta.fields if field.name != "member"]  # noqa: SLF001
    yield from Wishes.objects.filter(member=member).values(*fields)
    yield from stream(Choice.objects.filter(member=member).order_by("kind"), kind_of_news="kind", goes="channel")


def _news(member: Member) -> Iterator[Row]:
    notices = Notice.objects.filter(recipient=member).order_by("pk")
    return stream(notices, kind="event__kind", told_at="created_at", read_at="read_at")


def _mails(member: Member) -> Iterator[Row]:
    mails = Delivery.objects.filter(notice__recipient=member).order_by("pk")
    yield from stream(mails, kind="notice__event__kind", state="state", why="reason", at="settled_at")
    digests = Digest.objects.filter(member=member).order_by("pk")
    yield from stream(digests, digest_of="day", state="state", why="reason", at="settled_at")
    yield from stream(Return.objects.filter(member=member).order_by("pk"), came_back="kind", status="status", at="at")


register(
    Section(
        "news-choices",
        _("How news reaches you"),
        ("notifications.Wishes.member", "notifications.Choice.member"),
        _wishes,
    )
)
register(Section("news", _("What you were told"), ("notifications.Notice.recipient", "notifications.Notice"), _news))
register(
    Section(
        "mails",
        _("Mails to you"),
        ("notifications.Delivery", "notifications.Digest.member", "notifications.Return.member"),
        _mails,
    )
)
leave_out({"notifications.Event.actor": _("That you did what others were told of: it is in what you did itself.")})
