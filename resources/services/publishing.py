"""What happens when an article has passed review."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone


@transaction.atomic
def publish_vetted(workflow_state: Any, user: Any = None) -> None:
    """Publish the reviewed version, now or when its time comes, and put the reviewer and the dates on it.

    Wagtail calls this when a workflow is finished (WAGTAIL_FINISH_WORKFLOW_ACTION), also one whose review step
    an administrator has switched off. The database refuses a reviewer who is the author.

    Raises:
        PermissionDenied: whoever finishes the workflow wrote or edited what it would publish, or nothing is kept of
            their review of this version.
    """
    # Wagtail imports this module while its own models load, so ours come later.
    from resources.models import REVIEW_EVERY, ArticlePage, PeerReviewTask, Vetting

    if user is None or user.pk in PeerReviewTask.hands(workflow_state.content_object):
        raise PermissionDenied("Somebody who did not write or edit this article approves it.")
    revision = workflow_state.content_object.get_latest_revision()
    article = revision.as_object()
    if isinstance(article, ArticlePage):
        vetting = Vetting.objects.filter(page=article, revision_id_checked=revision.pk, reviewer=user).first()
        if vetting is None:
            raise PermissionDenied("What is published was reviewed, with a checklist.")
        today = timezone.localdate()
        article.reviewed_by, article.reviewed_on, article.review_by = user, today, today + REVIEW_EVERY
        article.reviewer_role = vetting.reviewer_role
        # The version may be from before somebody retired the page; whoever does so now comes after this.
        now = ArticlePage.objects.select_for_update(of=("self",)).get(pk=article.pk)
        article.retired_at, article.retired_to = now.retired_at, now.retired_to
    article.save_revision(user=user, changed=False).publish(user=user, skip_permission_checks=True)
