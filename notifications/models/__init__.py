"""What notifications keep."""

from notifications.models.digests import Digest, Return
from notifications.models.outbox import Delivery, Event, Notice
from notifications.models.sending import Sending
from notifications.models.wishes import Channel, Choice, Rhythm, Wishes

__all__ = ["Channel", "Choice", "Delivery", "Digest", "Event", "Notice", "Return", "Rhythm", "Sending", "Wishes"]
