"""What the authors of threads are told when moderators change something about them.

The news is about the log entry, which holds what was done and why, and whose thread it was. On the site only:
nobody has to hurry because of it.
"""

from collections.abc import Collection, Iterable, Mapping

from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from core.later import ByKey, Ids
from forums.deeds import Deed
from forums.models import Post, Thread
from members.models import Member
from moderation.models import AuditEntry
from notifications import kinds
from notifications.models import Channel, Event


def _entry(event: Event) -> AuditEntry:
    return AuditEntry.objects.get(pk=event.target_id)


def _told(event: Event) -> Iterable[int]:
    return Thread.objects.filter(pk=_entry(event).details["thread"]).values_list("author_id", flat=True)


def _writers(event: Event) -> Iterable[int]:
    """Whose posts were moved; not who has written in the new thread since."""
    details = _entry(event).details
    moved = Post.objects.filter(thread=details["thread"], number__lte=details["posts"])
    return moved.values_list("author_id", flat=True).distinct()


def _thread_id() -> Cast:
    return Cast(KeyTextTransform("thread", "details"), BigIntegerField())


def _of_ones_own(entry_ids: Collection[int], member: Member) -> Collection[int]:
    """Also about a thread that stands where its author can no longer read it: they are told that (M11)."""
    entries = AuditEntry.objects.filter(pk__in=entry_ids).annotate(thread_id=_thread_id())
    own = Thread.objects.filter(author=member).values("pk")
    return Ids(entries.filter(thread_id__in=own))


def _readable(entry_ids: Collection[int], member: Member) -> Collection[int]:
    """Whatever content notes they hide: it is about their own words, and the line does not name the thread."""
    entries = AuditEntry.objects.filter(pk__in=entry_ids).annotate(thread_id=_thread_id())
    readable = Thread.objects.visible_to(member).values("pk")
    return Ids(entries.filter(thread_id__in=readable))


def _lines(entry_ids: Collection[int]) -> Mapping[int, str]:
    entries = AuditEntry.objects.filter(pk__in=entry_ids).annotate(thread_id=_thread_id())
    title = Thread.objects.filter(pk=OuterRef("thread_id")).values("title")
    rows = entries.annotate(title=Subquery(title), reason=KeyTextTransform("reason", "details"))
    return ByKey(rows.values_list("pk", "verb", "title", "reason"), _line)


def _line(verb: str, title: str | None, reason: str | None) -> str:
    deed = Deed(verb)
    told = str(deed.sentence or deed.label) % {"title": title or _("without a title")}
    return _("%(told)s The moderator wrote: %(reason)s") % {"told": told, "reason": reason} if reason else told


def _care_page(event: Event) -> str:
    """Where the author reads what was done. Back to the updates, if the thread stands where they cannot go."""
    thread = Thread.objects.select_related("author", "merged_into").get(pk=_entry(event).details["thread"])
    place = thread.merged_into or thread
    if not Thread.objects.visible_to(thread.author).filter(pk=place.pk).exists():
        return reverse("notices")
    if thread.merged_into:
        return reverse("thread", args=[thread.public_id, thread.slug])
    return reverse("thread_care", args=[thread.public_id])


def _new_thread(event: Event) -> str:
    return Thread.objects.get(pk=_entry(event).details["thread"]).get_absolute_url()


THREAD_CARED_FOR = kinds.register(
    kinds.Kind(
        key="thread_cared_for",
        audience=kinds.few(_told),
        visible=_of_ones_own,
        url=_care_page,
        lines=_lines,
        least=Channel.SITE,
        presses=True,
    )
)
POSTS_MOVED = kinds.register(
    kinds.Kind(
        key="posts_moved",
        audience=kinds.few(_writers),
        visible=_readable,
        url=_new_thread,
        lines=_lines,
        least=Channel.SITE,
    )
)
