"""The curators' pages: they work, and they tell nothing about members."""

import pytest
from django.core import mail

from members.services import set_curator
from tests import factories, pages
from tests.resources import library

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


@pytest.fixture
def waiting(author):
    """An article that waits for review."""
    article = library.draft(author)
    library.submit(article, by=author)
    article.refresh_from_db()
    return article


@pytest.fixture
def curate(sign_in, reviewer):
    return sign_in(reviewer)


@pytest.mark.thorough
def test_every_page_of_a_curators_day_works_and_shows_nobodys_e_mail_address(curate, shelf, waiting, article, reviewer):
    step = waiting.current_workflow_task_state
    for address in (
        "/curate/",
        f"/curate/pages/{shelf.pk}/",
        f"/curate/pages/add/resources/articlepage/{shelf.pk}/",
        f"/curate/pages/{waiting.pk}/edit/",
        f"/curate/pages/{waiting.pk}/view_draft/",
        f"/curate/pages/{waiting.pk}/history/",
        f"/curate/pages/{waiting.pk}/workflow_history/",
        f"/curate/pages/{waiting.pk}/revisions/{waiting.latest_revision_id}/view/",
        f"/curate/pages/{article.pk}/revisions/compare/earliest...latest/",
        f"/curate/pages/workflow/preview/{waiting.pk}/{step.task_id}/",
        "/curate/pages/search/?q=tea",
        "/curate/choose-page/?page_type=wagtailcore.page",
        "/curate/choose-external-link/",
        "/curate/account/",
        "/curate/reports/workflow/",
        "/curate/reports/workflow_tasks/",
        "/curate/reports/aging-pages/",
        "/curate/reports/site-history/",
        "/curate/jsi18n/",
        "/curate/sprite/",
        "/curate/images/",
        "/curate/images/add/",
        "/curate/documents/",
        f"/curate/retire/{article.pk}/",
        f"/curate/api/main/pages/{article.pk}/",
    ):
        page = curate.get(address)
        assert page.status_code == 200, address
        assert "@example.org" not in page.text.replace(reviewer.email, ""), address


def test_a_preview_shows_the_article_as_readers_will_see_it(curate, waiting):
    page = curate.get(f"/curate/pages/{waiting.pk}/view_draft/")
    assert "Small things." in pages.words(page)
    assert "wagtailuserbar" not in page.text


def test_readers_never_see_the_editors_bar(sign_in, admin, article):
    assert "wagtailuserbar" not in sign_in(admin).get(article.url).text


def test_help_and_the_way_out_are_in_the_curators_menu(curate, shelf):
    page = curate.get("/curate/")
    assert '"url": "/leave/"' in page.text
    assert '"url": "/help-now/"' in page.text
    assert "js/quick_exit.js" in page.text


@pytest.mark.parametrize(
    ("curates", "administers", "found"),
    [
        (True, False, {"/questions/desk/", "/remarks/"}),
        (False, True, {"/manage/professionals/"}),
        (True, True, {"/questions/desk/", "/remarks/", "/manage/professionals/"}),
    ],
)
def test_the_menu_leads_to_what_one_may_open_and_to_nothing_else(sign_in, shelf, curates, administers, found):
    somebody = factories.MemberFactory(is_staff=administers, is_superuser=administers)
    set_curator(member=somebody, is_curator=curates)
    browser = sign_in(somebody)
    menu = browser.get("/curate/").text
    for address in ("/questions/desk/", "/remarks/", "/manage/professionals/"):
        assert (f'"url": "{address}"' in menu) == (address in found), address
        assert (browser.get(address).status_code == 200) == (address in found), address


@pytest.mark.parametrize(
    "address",
    [
        "/curate/users/",
        "/curate/users/results/",
        "/curate/users/new/",
        "/curate/users/edit/{member}/",
        "/curate/users/delete/{member}/",
        "/curate/users/history/{member}/",
        "/curate/users/usage/{member}/",
        "/curate/groups/",
        "/curate/groups/edit/1/",
        "/curate/sites/",
        "/curate/workflows/list/",
        "/curate/workflows/tasks/index/",
        "/curate/collections/",
    ],
)
def test_what_is_not_a_curators_work_is_refused(curate, member, address):
    page = curate.get(address.format(member=member.pk))
    assert page.status_code in (302, 403, 404), address
    assert page.headers.get("Location", "/curate/") == "/curate/"
    assert member.username not in page.text
    assert member.email not in page.text


def test_curators_cannot_change_members_or_roles(curate, member, reviewer):
    curate.post(f"/curate/users/edit/{member.pk}/", {"username": "renamed", "is_superuser": "on"})
    curate.post("/curate/users/new/", {"username": "invented", "email": "a@example.org"})
    curate.post(f"/curate/users/delete/{member.pk}/", {})
    member.refresh_from_db()
    assert member.username == "alder"
    assert not member.is_superuser
    assert not type(member).objects.filter(username="invented").exists()


def test_curators_do_not_get_the_administration(curate):
    for address in ("/admin/", "/admin/members/member/", "/admin/account/emailaddress/"):
        assert curate.get(address).status_code == 404


def test_who_no_longer_curates_finds_nothing_there(curate, reviewer):
    assert curate.get("/curate/").status_code == 200
    set_curator(member=reviewer, is_curator=False)
    assert curate.get("/curate/").status_code == 404


def test_mails_about_reviews_do_not_give_the_subject_away(author, reviewer, shelf):
    article = library.draft(author)
    library.submit(article, by=author)
    library.approve(article.current_workflow_task_state, by=reviewer)
    assert {address for sent in mail.outbox for address in sent.to} >= {author.email, reviewer.email}
    for sent in mail.outbox:
        assert sent.subject == "You have an update"
        for given_away in ("Tea with", "article", "page", "Vetting", "review", "writes", "depression"):
            assert given_away not in sent.body.replace(f"Hello {'writes'},", ""), given_away
        assert "/curate/" in sent.body


def test_members_cannot_reach_what_curators_write(sign_in, member, moderator, waiting):
    for somebody in (member, moderator):
        client = sign_in(somebody)
        for address in ("/curate/", f"/curate/pages/{waiting.pk}/edit/", "/curate/api/main/pages/", waiting.url):
            assert client.get(address).status_code == 404, address
