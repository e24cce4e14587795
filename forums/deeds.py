"""What moderators do with a thread: the verb in the log, and how its author is told."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Deed(models.TextChoices):
    """The labels stand in the list of what was done, on the pages of moderators and of the author."""

    OPEN = "thread:open", _("Opened for replies")
    SLOW = "thread:slow", _("Put into slow mode")
    LOCK = "thread:lock", _("Closed to new replies")
    ARCHIVE = "thread:archive", _("Archived")
    CLOSE_AS_ASKED = "thread:close-as-asked", _("Closed to new replies, as the author asked")
    LEAVE_OPEN = "thread:leave-open", _("Left open, though the author asked to close it")
    PIN = "thread:pin", _("Pinned")
    UNPIN = "thread:unpin", _("No longer pinned")
    REQUEST = "thread:request", _("Support type or content notes changed")
    MOVE = "thread:move", _("Moved to another board")
    MERGE = "thread:merge", _("Joined to another thread")
    RECEIVE = "thread:receive", _("Posts of another thread joined to this one")
    SPLIT = "thread:split", _("Posts moved to a thread of their own")

    @property
    def sentence(self) -> "StrPromise | None":
        """For the author, about `title`. None where nothing changes for them."""
        return _SENTENCES.get(self)


PREFIX = "thread:"
_SENTENCES: "dict[Deed, StrPromise]" = {
    Deed.OPEN: _("Your thread “%(title)s” is open for replies again."),
    Deed.SLOW: _("Your thread “%(title)s” is in slow mode: everybody waits a while between two replies."),
    Deed.LOCK: _("Your thread “%(title)s” is closed to new replies."),
    Deed.ARCHIVE: _("Your thread “%(title)s” is archived. It can be read, and nothing is added."),
    Deed.CLOSE_AS_ASKED: _("Your thread “%(title)s” is closed to new replies, as you asked."),
    Deed.LEAVE_OPEN: _("A moderator read that you want “%(title)s” closed, and left it open for now."),
    Deed.REQUEST: _("A moderator changed the support type or the content notes of your thread “%(title)s”."),
    Deed.MOVE: _("Your thread “%(title)s” stands on another board now."),
    Deed.MERGE: _("Your thread “%(title)s” goes on in another thread now."),
    Deed.RECEIVE: _("Posts of another thread were added to your thread “%(title)s”."),
    Deed.SPLIT: _("Something you wrote stands in a thread of its own now."),
}
