"""What the demo's library has beside the starter articles: pages of other kinds, and questions to a professional."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from core import markdown
from members.models import Member
from resources.models import (
    REVIEW_EVERY,
    ArticlePage,
    ExercisePage,
    GuidePage,
    QuestionPage,
    ResourceIndexPage,
    Topic,
    TreatmentPage,
    Vetting,
)
from resources.models.vetting import CHECKLIST
from resources.services import answering, asking, professionals, saving

CONTENT: dict[str, Any] = tomllib.loads((Path(__file__).resolve().parent / "library.toml").read_text(encoding="utf-8"))
ROLE = "made-up curator of this demo"
# Stays as it came, so that one can see how such a page looks and how a curator reviews it.
UNCHECKED = "nutrition-and-long-term-wellness"
SAVED = {"willow": "sleep-and-mental-clarity"}
_KINDS = {"exercise": ExercisePage, "treatment": TreatmentPage, "question": QuestionPage, "guide": GuidePage}


def fill(members: Mapping[str, Member]) -> int:
    """Beside the starter articles, in the transaction in which the rest is loaded; how many pages there are then."""
    index = ResourceIndexPage.objects.get()
    for row in CONTENT["page"]:
        _add(index, row, author=members["linden"])
    _check(ArticlePage.objects.live().exclude(slug=UNCHECKED), by=members["rowan"])
    for name, slug in SAVED.items():
        saving.save_article(member=members[name], article=ArticlePage.objects.get(slug=slug))
    _ask(members)
    pages: int = ArticlePage.objects.count()
    return pages


def _add(index: ResourceIndexPage, row: dict[str, Any], *, author: Member) -> None:
    fields = {name: value for name, value in row.items() if name not in ("kind", "steps", "source", "parts", "body")}
    if "parts" in row:
        keys = dict(ArticlePage.objects.filter(slug__in=row["parts"]).values_list("slug", "pk"))
        fields["parts"] = [{"type": "part", "value": keys[slug]} for slug in row["parts"]]
    body: list[tuple[str, Any]] = [("text", markdown.render_article(row["body"]))]
    if "steps" in row:
        steps = [step | {"minutes": step["minutes"] or None} for step in row["steps"]]
        body.append(("steps", {"title": "", "steps": steps}))
    page = _KINDS[row["kind"]](
        **fields,
        body=body,
        sources=[("source", source) for source in row["source"]],
        owner=author,
        written_by=author,
    )
    index.add_child(instance=page)
    # Read back with the names that its blocks have now, by which a later version is compared with this one.
    page = page.__class__.objects.get(pk=page.pk)
    page.save_revision(user=author).publish(skip_permission_checks=True)


def _check(articles: Any, *, by: Member) -> None:
    """As if the demo's second curator had reviewed them today."""
    today = timezone.localdate()
    Vetting.objects.bulk_create(
        Vetting(
            page_id=page,
            revision_id_checked=revision,
            reviewer=by,
            reviewer_role=ROLE,
            checklist=dict.fromkeys(CHECKLIST, True),
        )
        for page, revision in articles.order_by("pk").values_list("pk", "live_revision_id")
    )
    articles.update(reviewed_by=by, reviewer_role=ROLE, reviewed_on=today, review_by=today + REVIEW_EVERY)


def _ask(members: Mapping[str, Member]) -> None:
    today = timezone.localdate()
    who = dict(CONTENT["professional"])
    professional = professionals.add_professional(
        actor=members["rowan"],
        member=members[who.pop("member")],
        values=who | {"checked_on": today, "check_again_by": today + dt.timedelta(days=365)},
    )
    for row in CONTENT["question"]:
        question = asking.ask_question(
            author=members[row["author"]],
            topic=Topic(row["topic"]),
            title=row["title"],
            body=row["body"],
            is_anonymous=row.get("is_anonymous", True),
        )
        if "answer" not in row:
            continue  # waits for a curator
        asking.accept_question(
            actor=members["linden"], question=question, version=question.version, topic=Topic(row["topic"])
        )
        answer = answering.save_answer(
            professional=professional, question=question, body=row["answer"], version=0, hand_in=True
        )
        answering.show_answer(actor=members["linden"], answer=answer, version=answer.version)
