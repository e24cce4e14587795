"""The library as it comes: index page, curators' rights, review workflow, starter articles."""

import tomllib
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from wagtail.models import (
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from core import markdown
from members.models import Member
from members.services import CURATORS_GROUP
from resources.models import REVIEW_EVERY, ArticlePage, PeerReviewTask, ResourceIndexPage

STARTER = Path(__file__).resolve().parent.parent / "starter"
INTRO = "Short articles that somebody checked. Each says what it rests on, how sure that is, and when it was checked."


@transaction.atomic
def prepare_library() -> ResourceIndexPage:
    """Make the index page, the curators' group and the workflow where they are missing. Safe to run again."""
    index = ResourceIndexPage.objects.first() or _make_index()
    group, _created = Group.objects.get_or_create(name=CURATORS_GROUP)
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    # No right to publish: only the workflow does that, after a second person's approval.
    for codename in ("add_page", "change_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=index, permission=permission)
    _workflow(index, group)
    return index


def _make_index() -> ResourceIndexPage:
    Locale.objects.get_or_create(language_code="en")
    root = Page.get_first_root_node()
    index = ResourceIndexPage(title="Resources", slug="resources", intro=INTRO)
    root.add_child(instance=index)
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    site.root_page = index
    site.save()
    # The page that Wagtail's own migrations leave behind, which no address leads to.
    Page.objects.filter(depth=2, slug="home", title="Welcome to your new Wagtail site!").delete()
    return index


def _workflow(index: ResourceIndexPage, group: Group) -> None:
    task, _created = PeerReviewTask.objects.get_or_create(name="Review by a second curator")
    task.groups.add(group)
    workflow, _created = Workflow.objects.get_or_create(name="Vetting")
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 1})
    WorkflowPage.objects.get_or_create(page=index, defaults={"workflow": workflow})


@transaction.atomic
def load_starter_articles(*, author: Member, reviewer: Member) -> int:
    """Add the starter articles that are missing; an edited page is never overwritten. Says how many were added."""
    index = prepare_library()
    there = set(ArticlePage.objects.child_of(index).values_list("slug", flat=True))
    articles = [tomllib.loads(path.read_text()) for path in (STARTER / "articles").glob("*.toml")]
    missing = sorted((a for a in articles if a["slug"] not in there), key=lambda a: a["order"])
    for article in missing:
        _add_article(index, article, author=author, reviewer=reviewer)
    return len(missing)


def _add_article(index: ResourceIndexPage, article: dict[str, Any], *, author: Member, reviewer: Member) -> None:
    today = timezone.localdate()
    page = ArticlePage(
        title=article["title"],
        slug=article["slug"],
        summary=article["summary"],
        topic=article["topic"],
        evidence=article["evidence"],
        evidence_note=article["evidence_note"],
        body=[("text", markdown.render_article(article["body"]))],
        sources=[("source", source) for source in article["source"]],
        owner=author,
        written_by=author,
        reviewed_by=reviewer,
        reviewed_on=today,
        review_by=today + REVIEW_EVERY,
    )
    index.add_child(instance=page)
    page.save_revision(user=author).publish(user=reviewer, skip_permission_checks=True)
