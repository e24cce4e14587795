"""Articles for tests."""

from typing import Any

from django.test import override_settings

from members.models import Member
from resources.models import ArticlePage, ResourceIndexPage
from resources.services.starter import prepare_library

SOURCE = {
    "title": "A review of many trials",
    "authors": "Somebody A",
    "publisher": "A journal",
    "year": 2020,
    "url": "https://doi.org/10.1000/1",
    "kind": "systematic review",
}


def unsearched() -> override_settings:
    """Wagtail's search and its index of links are not kept up, which costs more than all the rest."""
    return override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}})


def index() -> ResourceIndexPage:
    """The front of the library, made if it is not there yet."""
    page: ResourceIndexPage = prepare_library()
    return page


def draft(author: Member, *, title: str = "Tea with a neighbour", text: str = "<p>Small things.</p>") -> ArticlePage:
    """An article that `author` has written and nobody has reviewed."""
    article = ArticlePage(
        title=title,
        summary="Why small things count.",
        topic="connection",
        evidence="early",
        body=[("text", text)],
        sources=[("source", SOURCE)],
        owner=author,
        written_by=author,
        live=False,
    )
    index().add_child(instance=article)
    article.save_revision(user=author)
    return article


def submit(article: ArticlePage, *, by: Member) -> Any:
    """Hand the latest version in for review; the review step that now waits."""
    return article.get_workflow().start(article, by).current_task_state


def approve(step: Any, *, by: Member) -> None:
    step.task.specific.on_action(step, by, "approve")


def published(*, author: Member, reviewer: Member, **fields: str) -> ArticlePage:
    """An article that went the whole way."""
    article = draft(author, **fields)
    approve(submit(article, by=author), by=reviewer)
    article.refresh_from_db()
    return article
