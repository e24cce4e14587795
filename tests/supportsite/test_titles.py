"""What stands in a tab, in the history and in the list of open windows: never what a page is about (M12)."""

import pytest
from django.test import Client

from members.models import Member
from tests.pages import soup
from tests.supportsite.table import PAGE, TABLE, address

pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

# The library is for everybody and found by search engines: a page of it is called what it is.
OF_THE_LIBRARY = {"wagtail_serve"}
TOPICS = ("depress", "suicid", "self-harm", "crisis", "therap", "anxi", "mental", "diagnos", "health")
LONGEST = 40
# Pages on the plain frame know nobody’s choice.
ALONE = {"help_now", "article_plain"}


def titles(stage, role, client=None):
    client = client or stage.client_of(role)
    for name, row in TABLE.items():
        if row.get[role] == PAGE and name not in OF_THE_LIBRARY:
            page = client.get(address(name, stage))
            if page.headers.get("Content-Type", "").startswith("text/html") and not page.streaming:
                title = soup(page).title
                if title is not None:
                    yield name, title.get_text(strip=True)


@pytest.mark.thorough
@pytest.mark.parametrize("role", ["visitor", "concerned", "moderator"])
def test_no_title_says_what_the_page_is_about(role, stage, unchanged):
    names = [person.username for person in stage.people.values()]
    secret = [stage.thread.title, stage.anonymous.title, stage.board.title, stage.question.title, *names]
    looked_at, wrong = 0, []
    for name, title in titles(stage, role):
        looked_at += 1
        words = title.lower()
        if any(word.lower() in words for word in (*secret, *TOPICS)) or len(title) > LONGEST:
            wrong.append(f"{name}: {title}")
    assert looked_at > 15
    assert not wrong, "\n".join(wrong)


@pytest.mark.thorough
def test_whoever_wants_it_so_has_one_title_for_all_pages(stage, unchanged):
    concerned = stage.people["concerned"]
    Member.objects.filter(pk=concerned.pk).update(plain_titles=True)
    found = {name: title for name, title in titles(stage, "concerned") if name not in ALONE}
    assert len(found) > 30
    assert set(found.values()) == {"Alongside"}, {name: title for name, title in found.items() if title != "Alongside"}


def test_what_is_missing_has_a_title_without_its_address(db):
    assert "nowhere" not in soup(Client().get("/nowhere/")).title.get_text()
