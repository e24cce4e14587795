"""The library as it comes: index page, curators' rights, review workflow, starter articles."""

import tomllib
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    PageLogEntry,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from core import markdown
from members.services import CURATORS_GROUP
from resources.models import ArticlePage, MachineCheckTask, PeerReviewTask, ResourceIndexPage
from resources.models.blocks import FEATURES
from resources.services.helplines import let_curators_in

_UPLOADS = [
    (app, f"{verb}_{model}")
    for app, model in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for verb in ("add", "choose")
]
STARTER = Path(__file__).resolve().parent.parent / "starter"
INTRO = "Short pages. Each says what it rests on, how sure that is, and whether somebody here has checked it, and when."


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
    _uploads(group)
    let_curators_in(group)
    _workflow(index, group)
    return index


def _uploads(group: Group) -> None:
    """Pictures and films: curators add and choose them, and change their own."""
    root = Collection.get_first_root_node()
    for app, codename in _UPLOADS:
        permission = Permission.objects.get(content_type__app_label=app, codename=codename)
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)


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
    checks, _created = MachineCheckTask.objects.get_or_create(name="Checks by the machine")
    review, _created = PeerReviewTask.objects.get_or_create(name="Review by a second curator")
    review.groups.add(group)
    workflow, _created = Workflow.objects.get_or_create(name="Vetting")
    for order, task in enumerate((checks, review)):
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": order})
    WorkflowPage.objects.get_or_create(page=index, defaults={"workflow": workflow})


@transaction.atomic
def load_starter_articles() -> int:
    """Add the starter articles that are missing; says how many were added.

    Nobody's here, and checked by nobody here: they say so until a curator has reviewed them. What was edited or taken
    down stays as it is, and what an administrator deleted stays away.
    """
    index = prepare_library()
    articles = [tomllib.loads(path.read_text(encoding="utf-8")) for path in (STARTER / "articles").glob("*.toml")]
    there = set(ArticlePage.objects.child_of(index).values_list("slug", flat=True))
    deleted = set(PageLogEntry.objects.filter(action="wagtail.delete").values_list("label", flat=True))
    missing = [each for each in articles if each["slug"] not in there and each["title"] not in deleted]
    for article in sorted(missing, key=lambda each: each["order"]):
        _add_article(index, article)
    return len(missing)


def _add_article(index: ResourceIndexPage, article: dict[str, Any]) -> None:
    page = ArticlePage(
        title=article["title"],
        slug=article["slug"],
        summary=article["summary"],
        topic=article["topic"],
        evidence=article["evidence"],
        evidence_note=article["evidence_note"],
        needs=article.get("needs", []),
        author_role=article.get("author_role", ""),
        body=[("text", _as_the_editor_writes(markdown.render_article(article["body"])))],
        sources=[("source", source) for source in article["source"]],
    )
    index.add_child(instance=page)
    # Read back, because only then its blocks have the names by which a later version is compared with this one.
    ArticlePage.objects.get(pk=page.pk).save_revision().publish(skip_permission_checks=True)


def _as_the_editor_writes(html: str) -> str:
    """So that whoever opens the page there and changes nothing has changed nothing, and can review it."""
    converter = ContentstateConverter(FEATURES)
    kept: str = converter.to_database_format(converter.from_database_format(html))
    return kept
