"""Review by a second person, and what is kept of it."""

from typing import Any, ClassVar

import pgtrigger
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models.functions import UUID7, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, Page, Task, TaskState

from resources.models.pages import ArticlePage

# What a reviewer has looked at before readers see a page. The keys are kept; the words may change.
CHECKLIST = {
    "sources": _("I opened the sources. They say what the page says they say."),
    "evidence": _("The words about how sure this is fit the sources, and nothing is promised."),
    "wording": _("The wording is safe and kind: no methods, no blame, no pressure."),
    "promotion": _("It sells nothing and advertises nobody."),
    "people": _("Nobody can be recognised in it who has not agreed to that in writing."),
    "plain": _("A tired reader can follow it."),
}


class Vetting(models.Model):
    """That a version was checked: by whom, in which role, with which answers. Kept for good."""

    public_id = models.UUIDField(unique=True, editable=False, db_default=UUID7())
    page = models.ForeignKey(ArticlePage, models.CASCADE, related_name="vettings")
    # Of the version that the reviewer has read; its words are in Wagtail's revision.
    revision_id_checked = models.BigIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewer_role = models.CharField(max_length=80, blank=True)
    # Question key to yes.
    checklist = models.JSONField(default=dict)
    # For readers: what changed since the version before.
    what_changed = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[models.Manager["Vetting"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "revision_id_checked"], name="vetting_once_a_version"),
        ]
        indexes = [models.Index(fields=["page", "-id"], name="vetting_of_page")]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="by_another",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT FROM resources_articlepage
                        WHERE page_ptr_id = NEW.page_id AND written_by_id = NEW.reviewer_id
                    ) THEN
                        RAISE EXCEPTION 'vetting_by_another: an author cannot vet their own page';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"vetting {self.pk}"


class ReviewForm(forms.Form):
    """The checklist that stands before an approval."""

    reviewer_role = forms.CharField(
        max_length=80,
        label=_("How readers see you"),
        help_text=_("Your role, such as “psychiatric nurse” or “peer support worker”. It stands on the page."),
    )
    comment = forms.CharField(
        required=False, label=_("For the other curators"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticks = {key: forms.BooleanField(label=question) for key, question in CHECKLIST.items()}
        self.fields = ticks | self.fields


class MachineCheckTask(Task):  # type: ignore[misc]  # Wagtail carries no types
    """What a machine can see: sources, links, wording, reading level. Passes by itself, or goes back with reasons.

    Where an operator has the site ask whether links answer (CHECK_LINKS), the step waits for the worker to do so.
    """

    @transaction.atomic
    def start(self, workflow_state: Any, user: Any = None) -> Any:
        step = super().start(workflow_state, user=user)
        article = workflow_state.content_object.get_latest_revision_as_object()
        found = article.findings() if isinstance(article, ArticlePage) else []
        if found or not settings.CHECK_LINKS or not isinstance(article, ArticlePage):
            self._finish(step, found)
        return step

    def _finish(self, step: Any, found: list[str]) -> None:
        """Wagtail goes on by itself from a step that was over when it had begun."""
        step.status = TaskState.STATUS_REJECTED if found else TaskState.STATUS_APPROVED
        step.finished_at = timezone.now()
        step.comment = "\n".join(found)
        step.save()
        step.log_state_change_action(None, "reject" if found else "approve")

    @classmethod
    def get_description(cls) -> str:
        return str(_("Sources, links, wording, reading level and texts of pictures are checked by the machine"))

    class Meta:
        verbose_name = _("Checks by the machine")


def _findings(page: Page) -> list[str]:
    """Of the version under review."""
    article = page.get_latest_revision_as_object()
    return article.findings() if isinstance(article, ArticlePage) else []


class PeerReviewTask(AbstractGroupApprovalTask):  # type: ignore[misc]  # Wagtail carries no types
    """Approval by a curator who neither wrote the page nor edited the version under review, with a checklist."""

    def get_actions(self, obj: Page, user: Any) -> list[tuple[str, str, bool]]:
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        others = [action for action in actions if action[0] != "approve"]
        if (
            len(others) == len(actions)
            or user.pk in self.hands(obj)
            or _findings(obj)
            or obj.specific.is_changed_in_review
        ):
            return others
        return [*others, ("approve", str(_("Approve")), True)]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        form: type[forms.Form] = ReviewForm if action == "approve" else TaskStateCommentForm
        return form

    def locked_for_user(self, obj: Page, user: Any) -> bool:
        """Whoever had a hand in it waits: what is approved is what the reviewer has read."""
        return user.pk in self.hands(obj) or bool(super().locked_for_user(obj, user))

    @transaction.atomic
    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """Keep the answers of the checklist with an approval, whichever way it comes.

        Locks the step, so that of two who approve at once one is told that it is done.

        Raises:
            PermissionDenied: the approval is of one's own words, without the whole checklist, of a version in which
                the machine still finds something, or of other words than were handed in.
        """
        # The row that an action changes, not one that was read before somebody else changed it.
        step = TaskState.objects.select_for_update(of=("self",)).get(pk=task_state.pk)
        if action_name == "approve":
            kwargs = {"comment": self._vet(step, user, kwargs)}
        super().on_action(step, user, action_name, **kwargs)
        task_state.refresh_from_db()

    def _vet(self, step: Any, user: Any, answers: dict[str, Any]) -> str:
        """Write down what the reviewer has looked at; their words for other curators."""
        page = step.workflow_state.content_object.specific
        if user.pk in self.hands(page):
            raise PermissionDenied("Somebody who did not write or edit this article approves it.")
        form = ReviewForm(answers)
        if not form.is_valid():
            raise PermissionDenied("An approval comes with the whole checklist and the reviewer’s role.")
        if _findings(page):
            raise PermissionDenied("What the machine found is mended first.")
        if step.status != TaskState.STATUS_IN_PROGRESS:
            raise PermissionDenied("This step is over.")
        # Or the reviewer would stand for words that came after they had read.
        if page.is_changed_in_review:
            raise PermissionDenied("It was changed since it was handed in.")
        if isinstance(page, ArticlePage):
            revision = page.get_latest_revision()
            Vetting.objects.create(
                page=page,
                revision_id_checked=revision.pk,
                reviewer=user,
                reviewer_role=form.cleaned_data["reviewer_role"],
                checklist=dict.fromkeys(CHECKLIST, True),
                what_changed=revision.content.get("what_changed") or "",
            )
        return str(form.cleaned_data["comment"])

    @staticmethod
    def hands(page: Page) -> set[int]:
        """Ids of all who had a hand in the version under review.

        Wagtail saves a revision of a reviewer who only presses "Approve", so whose words changed counts,
        not who saved. One query for the revisions since the article was last published.
        """
        article = page.specific
        hands = {page.owner_id, getattr(article, "written_by_id", None)}
        published = article.live_revision
        revisions = article.revisions.order_by("created_at", "id")
        if published is not None:
            revisions = revisions.filter(created_at__gt=published.created_at)
        words = article.words_in(published)
        for revision in revisions:
            if (now := article.words_in(revision)) != words:
                hands.add(revision.user_id)
            words = now
        return {pk for pk in hands if pk}

    @classmethod
    def get_description(cls) -> str:
        return str(_("A curator who did not write the article checks sources, wording and promotion"))

    class Meta:
        verbose_name = _("Review by a second curator")
