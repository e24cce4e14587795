"""What may be read, by whom, and what they chose."""

from notifications.access.digests import get_digest_for, wishes_for
from notifications.access.mails import MailRow, mails_of
from notifications.access.notices import (
    Row,
    get_notice_for,
    has_news,
    is_visible,
    lit,
    notice_named,
    notices_together,
    updates_for,
    where_it_begins,
)
from notifications.access.outbox import is_late, waiting
from notifications.access.reasons import Held, presses, recipient_of, why_not
from notifications.access.rhythm import AWAY_WEEKLY, Pace, digest_after, is_planned, local_day, pace_of
from notifications.access.wishes import (
    channel_of,
    channels_of,
    choices_of,
    member_of_link,
    next_digest_at,
    offers_digest,
    quiet_until,
    stepping_back_until,
    wishes_of,
    zone_of,
)

__all__ = [
    "AWAY_WEEKLY",
    "Held",
    "MailRow",
    "Pace",
    "Row",
    "channel_of",
    "channels_of",
    "choices_of",
    "digest_after",
    "get_digest_for",
    "get_notice_for",
    "has_news",
    "is_late",
    "is_planned",
    "is_visible",
    "lit",
    "local_day",
    "mails_of",
    "member_of_link",
    "next_digest_at",
    "notice_named",
    "notices_together",
    "offers_digest",
    "pace_of",
    "presses",
    "quiet_until",
    "recipient_of",
    "stepping_back_until",
    "updates_for",
    "waiting",
    "where_it_begins",
    "why_not",
    "wishes_for",
    "wishes_of",
    "zone_of",
]
