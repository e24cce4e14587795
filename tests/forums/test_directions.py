"""Members write in whatever direction their language goes: each place with their words follows the words."""

import re
from typing import Any

import pytest
from bs4 import Comment, Tag

from core import markdown
from forums.models import Board, Bookmark, Draft, Gathering, Post, Thread
from forums.services import search
from tests.pages import soup
from tests.supportsite import stage as stages
from tests.supportsite.table import PAGE, TABLE, address

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = [pytest.mark.filterwarnings("ignore:get_connection"), pytest.mark.django_db]

ARABIC = re.compile("[\u0600-\u06ff]")
ROLES = ("concerned", "member", "moderator", "administrator")
# Whose direction nothing can change, or that nobody sees.
EXEMPT = ("option", "title", "script")


@pytest.fixture
def stage():
    """Everything that members can write is Arabic."""
    made = stages.build()
    Board.objects.update(title="لوحة", purpose="مكان للكلام", guidelines="كن لطيفا")
    Thread.objects.update(title="صباح رمادي")
    Post.objects.update(body="> قال\n\nاليوم كان طويلا", body_html=markdown.render("> قال\n\nاليوم كان طويلا"))
    Draft.objects.update(body="نصف فكرة", fields={"title": "عنوان"})
    Bookmark.objects.update(note="لي")
    Gathering.objects.update(title="لقاء", body="كيف حالك")
    search.reindex(after=0)
    return made


def _has_direction(element: Tag) -> bool:
    around = [element, *element.parents]
    return any(one.name == "bdi" or (one.get("dir") and one.name != "html") for one in around if isinstance(one, Tag))


def _left_out(page: Any) -> list[str]:
    texts = [
        text.strip()
        for text in page.find_all(string=ARABIC)
        if not isinstance(text, Comment)
        and text.parent.name not in EXEMPT
        and not text.find_parent(class_="visually-hidden")
        and not _has_direction(text.parent)
    ]
    fields = [field for field in page.find_all("input", value=ARABIC) if field["type"] in ("text", "search")]
    return texts + [field["name"] for field in fields if not _has_direction(field)]


def test_every_place_with_members_words_follows_their_direction(stage):
    met, wrong = 0, []
    for role in ROLES:
        client = stage.client_of(role)
        for name, row in TABLE.items():
            if row.get[role] != PAGE or name.startswith("wagtail"):
                continue
            where = address(name, stage)
            answer = client.get(where, {"q": "طويلا"} if name == "search" else None)
            if "html" not in answer.headers["Content-Type"]:
                continue
            page = soup(answer)
            met += bool(page.find(string=ARABIC))
            wrong += [f"{name} as {role}: {words}" for words in _left_out(page)]
    assert wrong == []
    assert met > 40
