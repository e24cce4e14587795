"""The library as it comes: what the starter articles say, and how they get onto the shelf."""

import re
import tomllib
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import GroupPagePermission, Page, Site, Workflow, WorkflowPage

from core import markdown
from core.wording import LOUD
from members.services import CURATORS_GROUP
from moderation.models import Rule
from resources import helplines
from resources.models import Evidence, Need, PeerReviewTask, ResourceIndexPage, Topic
from resources.services import starter
from resources.services.starter import prepare_library
from tests import factories, pages
from tests.resources.language import never_said

FILES = sorted((starter.STARTER / "articles").glob("*.toml"))
ARTICLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES}
KINDS = {"systematic review", "guideline", "trial", "observational study", "official guidance", "book"}
PROMISED = (
    "what social support does",
    "asking",
    "small steps",
    "online communities",
    "stress",
    "sleep",
    "nutrition",
    "professional help",
    "forms of support",
    "five questions",
)

named = pytest.mark.parametrize("name", ARTICLES)


def test_there_is_an_article_about_everything_that_was_promised():
    titles = " | ".join(article["title"].lower() for article in ARTICLES.values())
    assert len(ARTICLES) == 10
    assert [subject for subject in PROMISED if subject not in titles.replace("-", " ")] == []


def test_the_five_questions_of_newcomers_are_answered():
    headings = re.findall(r"^## \d\. (.+)$", ARTICLES["five-questions-newcomers-ask"]["body"], re.MULTILINE)
    asked = ("support matter", "replace treatment", "overwhelming", "online groups work", "being a burden")
    assert len(headings) == len(asked)
    for heading, words in zip(headings, asked, strict=True):
        assert words in heading


@named
def test_an_article_is_complete(name):
    article = ARTICLES[name]
    assert article["slug"] == name
    assert len(article["summary"]) <= 200
    assert len(article["evidence_note"]) <= 300
    assert article["topic"] in Topic
    assert article["needs"]
    assert set(article["needs"]) <= set(Need)
    assert article["evidence"] in Evidence
    assert isinstance(article["order"], int)
    assert len(article["body"].split()) > 300


@named
def test_an_article_names_sources_that_can_be_looked_up(name):
    sources = ARTICLES[name]["source"]
    assert len(sources) >= 3
    for source in sources:
        assert set(source) == {"title", "authors", "publisher", "year", "url", "kind"}
        assert source["title"]
        assert source["publisher"]
        assert 1950 <= source["year"] <= 2026
        assert source["kind"] in KINDS
        assert re.match(r"https://[\w.-]+/", source["url"])


@named
def test_an_article_speaks_as_the_site_does(name):
    text = " ".join(str(value) for value in ARTICLES[name].values())
    assert not never_said(text)
    assert not LOUD.search(text)


@named
def test_an_article_is_plain_text_with_headings_in_order(name):
    html = markdown.render_article(ARTICLES[name]["body"])
    assert "<h1" not in html
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in pairwise(levels))
    # Nothing was meant as HTML and nothing was lost on the way to it.
    assert not re.search(r"<\w+", ARTICLES[name]["body"])


def test_the_order_of_the_articles_is_clear():
    orders = [article["order"] for article in ARTICLES.values()]
    assert len(orders) == len(set(orders))


def test_the_rule_about_language_notices_what_it_is_for():
    for said in ("She committed  suicide.", "a failed attempt", "It gets better", "Don’t forget", "Ann misses you"):
        assert never_said(said), said
    assert LOUD.search("Well done!")
    assert LOUD.search("Well done 🎉")
    assert not never_said("He died by suicide. I missed the bus. It got better for a while.")


# --- the shelf


@pytest.mark.django_db
def test_preparing_the_library_twice_makes_everything_once():
    prepare_library()
    prepare_library()
    assert ResourceIndexPage.objects.count() == 1
    assert PeerReviewTask.objects.count() == 1
    assert Workflow.objects.filter(name="Vetting").count() == 1
    assert WorkflowPage.objects.filter(workflow__name="Vetting").count() == 1
    assert GroupPagePermission.objects.filter(group__name=CURATORS_GROUP).count() == 2
    assert Site.objects.get(is_default_site=True).root_page.specific == ResourceIndexPage.objects.get()
    assert not Page.objects.filter(slug="home").exists()


@pytest.mark.django_db
def test_curators_may_write_and_not_publish():
    index = prepare_library()
    rights = GroupPagePermission.objects.filter(group__name=CURATORS_GROUP, page=index)
    assert {right.permission.codename for right in rights} == {"add_page", "change_page"}


@pytest.mark.django_db
def test_an_empty_shelf_says_so():
    prepare_library()
    assert "Nothing is published yet" in pages.words(Client().get("/resources/"))


@pytest.mark.django_db
def test_before_the_library_is_prepared_its_address_is_simply_empty():
    assert Client().get("/resources/nothing/").status_code == 404


# --- the command that a deployment runs


def run() -> str:
    said = StringIO()
    call_command("load_starter_content", stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_the_command_loads_everything_once():
    moderation = starter.STARTER.parents[1] / "moderation"
    rules = len(tomllib.loads((moderation / "starter_rules.toml").read_text())["rule"])
    templates = len(tomllib.loads((moderation / "starter_templates.toml").read_text())["template"])
    lines = sum(len(country.helplines) for country in helplines.shipped().values())
    added = f"Added {rules} guidelines, {templates} templates, {lines} helplines and 10 articles."
    assert run().strip() == added
    assert run().strip() == "Added 0 guidelines, 0 templates, 0 helplines and 0 articles."
    assert Rule.objects.count() == rules


@pytest.mark.django_db
def test_guidelines_that_were_edited_stay_as_they_are():
    factories.RuleFactory(title="Our own")
    assert run().startswith("Added 0 guidelines")
    assert list(Rule.objects.values_list("title", flat=True)) == ["Our own"]
