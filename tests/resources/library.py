"""Articles for tests."""

from io import BytesIO
from typing import Any

import PIL.Image
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from wagtail.documents.models import Document
from wagtail.images.models import Image

from members.models import Member
from resources.models import ArticlePage, ResourceIndexPage
from resources.models.vetting import CHECKLIST
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
    return add(ArticlePage, author, title=title, body=[("text", text)])


def add[Kind: ArticlePage](kind: type[Kind], author: Member, **fields: Any) -> Kind:
    """A page of that kind that `author` has written and nobody has reviewed."""
    usual = {
        "title": "Tea with a neighbour",
        "summary": "Why small things count.",
        "topic": "connection",
        "evidence": "early",
        "body": [("text", "<p>Small things.</p>")],
        "sources": [("source", SOURCE)],
    }
    page = kind(**(usual | fields), owner=author, written_by=author, live=False)
    index().add_child(instance=page)
    page.save_revision(user=author)
    return page


def submit(article: ArticlePage, *, by: Member) -> Any:
    """Hand the latest version in for review; the review step that now waits."""
    return article.get_workflow().start(article, by).current_task_state


def answers(role: str = "peer support worker") -> dict[str, Any]:
    """The checklist of a reviewer who has looked at everything."""
    return dict.fromkeys(CHECKLIST, True) | {"reviewer_role": role, "comment": ""}


def approve(step: Any, *, by: Member) -> None:
    step.task.specific.on_action(step, by, "approve", **answers())


def published(*, author: Member, reviewer: Member, **fields: str) -> ArticlePage:
    """An article that went the whole way."""
    article = draft(author, **fields)
    approve(submit(article, by=author), by=reviewer)
    article.refresh_from_db()
    return article


def picture_file(
    name: str = "lamp.jpg", *, size: tuple[int, int] = (640, 480), kind: str = "JPEG", **saving: Any
) -> Any:
    """What somebody uploads."""
    buffer = BytesIO()
    PIL.Image.new("RGB", size, (214, 180, 120)).save(buffer, kind, **saving)
    return SimpleUploadedFile(name, buffer.getvalue(), content_type=f"image/{kind.lower()}")


def picture(**file: Any) -> Image:
    """A picture that curators can put into a page."""
    image: Image = Image.objects.create(title="A lamp", file=picture_file(**file))
    return image


def film(name: str = "hello.mp4", content: bytes = b"\0\0\0\x18ftypmp42" + b"x" * 1000) -> Document:
    document: Document = Document.objects.create(title="A film", file=SimpleUploadedFile(name, content))
    return document
