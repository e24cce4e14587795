"""The verbs of this app."""

from notifications.services.digests import (
    forget_old_digests,
    has_room_for_digests,
    make_due_digests,
    mend_digest_plans,
    resume_digest,
)
from notifications.services.notices import mark_all_read, mark_read, settle
from notifications.services.outbox import (
    due_events,
    expand,
    expand_batch,
    nudge_on_commit,
    put_off,
    record,
    record_several,
    recording,
)
from notifications.services.returns import address_works, collect_returns, note_event, note_report, note_unsubscribed
from notifications.services.sending import due, postpone, send, send_digest

__all__ = [
    "address_works",
    "collect_returns",
    "due",
    "due_events",
    "expand",
    "expand_batch",
    "forget_old_digests",
    "has_room_for_digests",
    "make_due_digests",
    "mark_all_read",
    "mark_read",
    "mend_digest_plans",
    "note_event",
    "note_report",
    "note_unsubscribed",
    "nudge_on_commit",
    "postpone",
    "put_off",
    "record",
    "record_several",
    "recording",
    "resume_digest",
    "send",
    "send_digest",
    "settle",
]
