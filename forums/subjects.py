"""Posts, as moderation sees them."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, When
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONArray
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.carried import Carried, whole
from forums import access, subjects_profile, verdicts, verdicts_of_threads  # noqa: F401 - registers members beside posts
from forums.disguise import name_for
from forums.models import Post, Thread, Visibility
from forums.services import drafts
from forums.services.visibility import fold
from members.models import Member
from moderation.registry import Action, Alias, Named, Subject, Warn, register


@register(Post)
class PostSubject(Subject[Post]):
    kind = "post"
    template = "forums/_post_subject.html"
    carried = Carried(Post, *whole(Post, "thread", "thread__board"), "author__username", "author__public_id")
    naming = ("thread__title", Case(When(author=F("thread__author"), then=F("thread__disguise"))), "thread_id")

    def actions(self, subject: Post) -> Sequence[Action]:
        hide, remove = _away(subject)
        match subject.visibility:
            case Visibility.VISIBLE:
                return [*_left(subject), *_words(subject), *_of_thread(subject), hide, remove, Warn()]
            case Visibility.HELD | Visibility.FOLDED:
                return [verdicts.Show(), *_words(subject), *_of_thread(subject), hide, remove, verdicts.WarnAndShow()]
            case Visibility.WITHDRAWN:
                # Shown again only by who wrote it; hidden, it does not come back by their undo.
                stands = subject.thread.visibility == Visibility.VISIBLE
                return [verdicts.KeepTakenBack(), *(_of_thread(subject) if stands else []), hide, remove, Warn()]
            case Visibility.REMOVED:
                return [verdicts.KeepRemoved(), *([verdicts.Show()] if subject.body else [])]
            case Visibility.MOVED:
                return [verdicts.Keep()]
            case _:
                return [verdicts.Keep(), verdicts.Show(), remove, Warn()]

    def action(self, subject: Post, key: str) -> Action | None:
        del subject
        known = [*verdicts.REVERSIBLE, *verdicts_of_threads.REVERSIBLE]
        return next((each() for each in known if each.key == key), None)

    def instead(self, subject: Post) -> Sequence[Action]:
        shown = copy.copy(subject)
        shown.thread = copy.copy(subject.thread)
        if subject.visibility in (Visibility.HIDDEN, Visibility.REMOVED) and subject.withdrawn_at is None:
            shown.visibility = Visibility.VISIBLE
        if subject.thread.state in (Thread.State.LOCKED, Thread.State.SLOW):
            shown.thread.state, shown.thread.slow_minutes = Thread.State.OPEN, None
        return self.actions(shown)

    def begin_reply(self, subject: Post, *, member: Member, text: str) -> str:
        if subject.thread.is_closed:
            return ""
        drafts.add_to_reply(member=member, thread=subject.thread, words=text)
        return reverse("reply", args=[subject.thread.public_id]) + f"?to={subject.number}"

    def state(self, subject: Post) -> str:
        return str(Visibility(subject.visibility).label)

    def get(self, subject_id: int) -> Post | None:
        return Post.objects.select_related("thread__board", "author").filter(pk=subject_id).first()

    def find_for(self, member: Member, public_id: UUID) -> Post:
        post = access.get_post_for(member, public_id)
        if not access.can_be_reported(post) or post.author_id == member.pk:
            raise Http404
        return post

    def author(self, subject: Post) -> Member:
        return subject.author

    def report_title(self, subject: Post) -> str:
        return str(_("Report this thread") if subject.number == 1 else _("Report this post"))

    def report_hint(self, subject: Post) -> str:
        if subject.number > 1:
            return ""
        if subject.visibility == Visibility.WITHDRAWN:
            return _of_taken_back(subject)
        return str(
            _("This is about the thread and its first post. If you mean a reply, use Report in the menu below it.")
        )

    def fold(self, subject: Post) -> bool:
        return fold(subject)

    def find_at(self, address: str) -> Post | None:
        return access.post_at(address)

    def snapshot(self, subject: Post) -> str:
        title = subject.thread.title_before or subject.thread.title
        return f"{title}\n\n{subject.body}" if subject.number == 1 else subject.body

    def named(self, values: Sequence[Any]) -> Named:
        """With an alias for what the authors of anonymous threads wrote in them."""
        title, disguise, thread = values
        return Named(title, None if disguise is None else Alias(name_for(disguise), thread))

    def beside(self) -> Mapping[str, Combinable]:
        return {"boards": ArraySubquery(verdicts_of_threads.boards_to_move_to().values(board=JSONArray("pk", "title")))}

    def alias_of(self, subject: Post, member_id: int) -> str:
        """Of whoever started an anonymous thread, also where they report what others wrote in it."""
        disguise = subject.thread.disguise if subject.thread.author_id == member_id else None
        return "" if disguise is None else name_for(disguise)

    def author_door(self, subject: Post) -> str:
        disguised = subject.thread.is_anonymous and subject.author_id == subject.thread.author_id
        return reverse("thread_author", args=[subject.thread.public_id]) if disguised else ""

    def url(self, subject: Post) -> str:
        return reverse("post", args=[subject.public_id])

    def lately_read(self, most: int) -> Sequence[tuple[str, str]]:
        return [
            (f"{title}\n\n{body}" if number == 1 else body, reverse("post", args=[public_id]))
            for number, title, body, public_id in access.lately_read(most)
        ]

    def context(self, subject: Post, beside: Mapping[str, Any] | None = None) -> dict[str, object]:
        """The post in full, whatever its state, with up to two posts before and after it."""
        del beside
        return {"posts": access.around(subject), "post": subject}


def _of_taken_back(opening: Post) -> str:
    if opening.body:
        told = _("Its author took the first post back. Moderators can still read what it said.")
    else:
        told = _("Its author took the first post back, and its words are erased. Say in your words what it was about.")
    return f"{told} {_('If you mean a reply, use Report in the menu below it.')}"


def _left(post: Post) -> Sequence[Action]:
    """Of what can be read: leaving it, or doing what its author asked for."""
    if post.number == 1 and post.thread.closing_asked_at is not None and not post.thread.is_closed:
        return [verdicts.CloseAsAsked(), verdicts.LeaveOpen()]
    return [verdicts.Approve()]


def _away(post: Post) -> tuple[Action, Action]:
    if post.number == 1:
        return verdicts.HideThread(), verdicts.RemoveThread()
    return verdicts.Hide(), verdicts.Remove()


def _words(post: Post) -> Sequence[Action]:
    if not post.body:
        return []
    return [verdicts.EditOpening()] if post.number == 1 else [verdicts.Edit()]


def _of_thread(post: Post) -> Sequence[Action]:
    """What is done to a thread is decided about the post that opens it."""
    if post.number > 1:
        return []
    state: list[Action] = [] if post.thread.is_closed else [verdicts_of_threads.LockThread()]
    if post.thread.state == Thread.State.OPEN:
        state.append(verdicts_of_threads.SlowDown())
    return [verdicts_of_threads.AddNotes(), *state, verdicts_of_threads.Move()]
