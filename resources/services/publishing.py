"""What happens when an article has passed review."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone


@transaction.atomic
def publish_vetted(workflow_state: Any, user: Any = None) -> None:
    """Publish the reviewed version and put the reviewer's name and dates on it.

    Wagtail calls this when a workflow is finished (WAGTAIL_FINISH_WORKFLOW_ACTION), also one whose review step
    an administrator has switched off. The database refuses a reviewer who is the author.

    Raises:
        PermissionDenied: whoever finishes the workflow wrote or edited what it would publish.
    """
    # Wagtail imports this module while its own models load, so ours come later.
    from resources.models import REVIEW_EVERY, ArticlePage, PeerReviewTask

    if user is None or user.pk in PeerReviewTask.hands(workflow_state.content_object):
        raise PermissionDenied("Somebody who did not write or edit this article approves it.")
    article = workflow_state.content_object.get_latest_revision().as_object()
    if isinstance(article, ArticlePage):
        today = timezone.localdate()
        article.reviewed_by, article.reviewed_on, article.review_by = user, today, today + REVIEW_EVERY
    article.save_revision(user=user, changed=False).publish(user=user, skip_permission_checks=True)
