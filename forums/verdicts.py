"""What moderators can decide about a post: each says what its author is told, how it is done, and how it is undone."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.models import TITLE_MAX, Post, Thread, Visibility
from forums.models.posts import BODY_MAX
from forums.services import by_decision, threads
from forums.services.visibility import set_visibility
from members.models import Member
from moderation.registry import Action, CannotApplyError, Warn

UNTIL_CHANGED = gettext_lazy("For everybody who reads here. Until a moderator changes it.")


def _post(subject: Model) -> Post:
    return cast("Post", subject)


def thread_of(subject: Model) -> Thread:
    return _post(subject).thread


def show_if_waiting(subject: Model) -> bool:
    """What waited for a moderator has been read now."""
    waits = _post(subject).visibility in (Visibility.HELD, Visibility.FOLDED)
    return waits and set_visibility(post=_post(subject), visibility=Visibility.VISIBLE)


# --- left as it is


class SetVisibility(Action):
    """Show or fold one post."""

    visibility: ClassVar[Visibility]

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        del actor
        options["before"] = _post(subject).visibility
        return set_visibility(post=_post(subject), visibility=self.visibility)


class Approve(SetVisibility):
    key = "approve"
    label = gettext_lazy("Leave it as it is")
    visibility = Visibility.VISIBLE


class Show(Approve):
    label = gettext_lazy("Show it to members")


class LeaveOpen(Approve):
    """Of a thread whose author asked for it to be closed."""

    label = gettext_lazy("Leave it as it is, open to replies")

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        left = threads.leave_open(actor=actor, thread=thread_of(subject))
        return super().apply(subject, actor=actor, options=options) or left


class CloseAsAsked(Action):
    key = "close-as-asked"
    label = gettext_lazy("Close the thread, as its author asked")

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        del options
        return threads.close_as_asked(actor=actor, thread=thread_of(subject))


class Keep(Action):
    key = "keep"
    label = gettext_lazy("Keep it hidden")

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        del subject, actor, options
        return False


class KeepRemoved(Keep):
    label = gettext_lazy("Keep it removed")


class KeepTakenBack(Keep):
    label = gettext_lazy("Leave it taken back")


class WarnAndShow(Warn):
    """Of what waited: a warning hides nothing."""

    label = gettext_lazy("Warn the author, and show it to members")

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        del actor, options
        return self.shows_waiting and show_if_waiting(subject)


# --- the words


class Edit(Action):
    key = "edit"
    depends_on_words = True
    weight = 1
    label = gettext_lazy("Edit it, and say so")
    statement = gettext_lazy(
        "A moderator edited your post. What stood there before is kept for you: below you can compare the two."
    )
    scope = gettext_lazy("For everybody who reads here. You can go on editing it; the reason counts then, too.")
    option_fields: ClassVar[Mapping[str, forms.Field]] = {
        "body": forms.CharField(
            label=gettext_lazy("The post, as it is to read"),
            help_text=gettext_lazy("Take out what has to go. Do not change what the author says."),
            max_length=BODY_MAX,
            widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        ),
    }

    def initial(self, subject: Model) -> Mapping[str, Any]:
        return {"body": _post(subject).body}

    def check(self, subject: Model, *, options: Mapping[str, Any]) -> None:
        post = _post(subject)
        before = (post.body, post.thread.title if post.number == 1 else "")
        if (options.get("body", "").strip(), options.get("title", "").strip()) == before:
            raise CannotApplyError(_("These are the words that stand there. Nothing was changed."))

    def apply(self, subject: Model, *, actor: Member, options: dict[str, Any]) -> bool:
        post = _post(subject)
        before = by_decision.correct(actor=actor, post=post, title=options.get("title", ""), body=options["body"])
        if not before:
            raise CannotApplyError(_("These are the words that stand there. Nothing was changed."))
        title = f"{options['title']}\n\n" if post.number == 1 else ""
        options |= {"before": before, "after": f"{title}{options['body']}"}
        if self.shows_waiting:
            show_if_waiting(subject)
        return True

    def revert(self, subject: Model, *, actor: Member, options: Mapping[str, Any]) -> bool:
        return by_decision.uncorrect(actor=actor, post=_post(subject), before=options["before"])


class EditOpening(Edit):
    """With the title that it gives its thread."""

    option_fields: ClassVar[Mapping[str, forms.Field]] = {
        "title": forms.CharField(label=gettext_lazy("Title"), max_length=TITLE_MAX),
        **Edit.option_fields,
    }

    def initial(self, subject: Model) -> Mapping[str, Any]:
        return {"title": thread_of(subject).title, "body": _post(subject).body}


# --- who reads them


class Hide(SetVisibility):
    key = by_decision.HIDE
    label = gettext_lazy("Hide the post")
    statement = gettext_lazy("Your post was hidden. Other members see that a post was here, and not its text.")
    scope = UNTIL_CHANGED
    visibility = Visibility.HIDDEN
    weight = 2

    def revert(self, subject: Model, *, actor: Member, options: Mapping[str, Any]) -> bool:
        return by_decision.show_again(
            actor=actor,
            post=_post(subject),
            hidden=self.visibility,
            before=Visibility(options["before"]),
            unread=not self.shows_waiting,
        )


class HideThread(Hide):
    label = gettext_lazy("Hide the thread with all its replies")
    statement = gettext_lazy("Your thread was hidden. Other members do not see it any more.")


class Remove(Hide):
    key = by_decision.REMOVE
    label = gettext_lazy("Remove the post")
    statement = gettext_lazy("Your post was removed. A line says that there was one; its text is gone for everybody.")
    scope = gettext_lazy(
        "For everybody who reads here, for good. The text is kept for six months, in case you ask for another look, "
        "and then erased."
    )
    visibility = Visibility.REMOVED
    weight = 3


class RemoveThread(Remove):
    label = gettext_lazy("Remove the thread with all its replies")
    statement = gettext_lazy("Your thread was removed. Other members do not see it any more.")


# Those that are taken back after an appeal; the ones for a whole thread have the same names and do the same.
REVERSIBLE: Sequence[type[Action]] = (Edit, Hide, Remove)
