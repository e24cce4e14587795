"""Pages of every kind: how they are written, what each of them needs, and how readers see it."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState
from wagtail.test.utils.form_data import streamfield

from resources.models import (
    ArticlePage,
    Evidence,
    ExercisePage,
    GuidePage,
    Need,
    QuestionPage,
    StoryPage,
    TreatmentPage,
    VideoPage,
)
from resources.models.blocks import BodyBlock
from resources.models.vetting import CHECKLIST
from resources.services.retiring import retire
from tests import pages
from tests.resources import library
from tests.resources.test_vetting import form, press, write

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

STEPS = ("steps", {"title": "A slow breath", "steps": [{"text": "Breathe out slowly.", "minutes": 2}]})
CONSENT = {"consent": "written", "consent_on": dt.date(2026, 1, 2), "consent_kept_at": "The blue folder"}
TREATMENT = {
    "what_it_is": "Talking with a therapist.",
    "what_to_expect": "Weekly meetings.",
    "what_to_ask": "How long?\nWhat if it does not help?",
}
FILM = {"elsewhere": "https://video.example.org/w/1", "transcript": "Hello. You are not alone.", "seconds": 150}
Filled = tuple[type[ArticlePage], dict[str, Any]]
COMPLETE: list[Filled] = [
    (ExercisePage, {"body": [STEPS], "minutes": 5}),
    (VideoPage, FILM),
    (QuestionPage, {}),
    (StoryPage, CONSENT),
    (TreatmentPage, TREATMENT),
]


def publish(kind, author, reviewer, **fields):
    page = library.add(kind, author, **fields)
    library.approve(library.submit(page, by=author), by=reviewer)
    page.refresh_from_db()
    return page


def sent_back(page):
    step = library.submit(page, by=page.written_by)
    return step.comment if step.status == TaskState.STATUS_REJECTED else ""


@pytest.mark.parametrize(("kind", "fields"), COMPLETE)
def test_a_page_of_every_kind_goes_the_whole_way_and_can_be_read(author, reviewer, shelf, visitor, kind, fields):
    page = publish(kind, author, reviewer, **fields)
    read = visitor.get(page.url)
    assert read.status_code == 200
    words = pages.words(read)
    for said in ("Tea with a neighbour", "Checked by checks", "How sure is this", "A review of many trials"):
        assert said in words


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        (ExercisePage, {}, "An exercise has steps"),
        (VideoPage, FILM | {"elsewhere": ""}, "There is no film yet"),
        (VideoPage, FILM | {"elsewhere": "http://video.example.org/1"}, "begins with https"),
        (VideoPage, FILM | {"transcript": " "}, "Write down what the film says"),
        (VideoPage, FILM | {"transcript": "She committed suicide."}, "never said here"),
        (StoryPage, {}, "consent in writing"),
        (StoryPage, CONSENT | {"consent_kept_at": ""}, "consent in writing"),
        (StoryPage, CONSENT | {"consent_on": None}, "consent in writing"),
        (TreatmentPage, TREATMENT | {"what_to_ask": ""}, "what somebody could ask"),
        (TreatmentPage, TREATMENT | {"what_it_is": "A failed attempt."}, "never said here"),
        (GuidePage, {}, "at least two pages"),
    ],
)
def test_what_a_kind_needs_is_asked_for_before_anybody_reviews_it(author, shelf, kind, fields, why):
    assert why in sent_back(library.add(kind, author, **fields))


def test_a_curator_writes_an_exercise_in_the_editor(sign_in, shelf, author, reviewer, visitor):
    value = {"title": "", "steps-count": 1, "steps-0-deleted": "", "steps-0-order": 0, "steps-0-type": "",
             "steps-0-id": "", "steps-0-value-text": "Breathe out slowly.", "steps-0-value-minutes": "2"}  # fmt: skip
    fields = form(body=streamfield([("steps", value)])) | {"minutes": "5", "needs": ["alone", "sleep"]}
    address = f"/curate/pages/add/resources/exercisepage/{shelf.pk}/"
    assert sign_in(author).get(address).status_code == 200
    written = sign_in(author).post(address, fields | {"action-submit": "1"})
    assert written.status_code == 302
    page = ExercisePage.objects.get()
    press(sign_in(reviewer), page)
    page.refresh_from_db()
    assert page.live
    assert page.needs == ["alone", "sleep"]
    read = visitor.get(page.url)
    assert "Breathe out slowly." in pages.words(read)
    assert pages.soup(read).select_one("[data-timer='2']")


@pytest.mark.parametrize("kind", ["article", "exercise", "video", "question", "story", "treatment", "guide"])
def test_the_editor_of_every_kind_opens(sign_in, author, shelf, kind):
    assert sign_in(author).get(f"/curate/pages/add/resources/{kind}page/{shelf.pk}/").status_code == 200


def test_a_draft_of_any_kind_can_be_previewed(sign_in, author, shelf):
    client = sign_in(author)
    every: list[Filled] = [*COMPLETE, (GuidePage, {})]
    for number, (kind, fields) in enumerate(every):
        page = library.add(kind, author, title=f"Page {number}", **fields)
        assert client.get(f"/curate/pages/{page.pk}/view_draft/").status_code == 200, kind


def test_an_address_that_the_site_needs_is_refused(sign_in, author, shelf):
    page = write(sign_in(author), shelf, slug="how-we-check")
    assert "The site itself has a page at this address" in pages.words(page)
    assert not ArticlePage.objects.exists()


def test_an_address_of_the_site_is_refused_when_it_is_an_unknown_need(author, shelf):
    with pytest.raises(IntegrityError, match="article_known_needs"), transaction.atomic():
        library.add(ArticlePage, author, needs=["money"])
    assert "money" not in Need.values


# --- films


def test_a_film_elsewhere_loads_nothing_before_the_reader_goes_there(author, reviewer, shelf, visitor):
    read = visitor.get(publish(VideoPage, author, reviewer, **FILM).url)
    soup = pages.soup(read)
    assert not soup.find_all(["iframe", "video", "embed", "object"])
    assert not [tag for tag in soup.find_all(src=True) if "example.org" in tag["src"]]
    link = soup.find("a", href=FILM["elsewhere"])
    assert "video.example.org" in link.get_text()
    assert "noreferrer" in link["rel"]
    words = pages.words(read)
    assert "Nothing has been loaded from there" in words
    assert "You are not alone." in words
    assert "frame-src" not in read.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        (ExercisePage, {"body": [STEPS], "minutes": 5}, "bout 5 minutes to do"),
        (ExercisePage, {"body": [STEPS]}, "bout 1 minute to read"),
        (VideoPage, FILM, "bout 2 minutes to watch"),
        (QuestionPage, {}, "bout 1 minute to read"),
    ],
)
def test_how_long_it_takes_is_said_once_and_says_for_what(author, reviewer, shelf, visitor, kind, fields, said):
    page = publish(kind, author, reviewer, **fields)
    for address in (page.url, reverse("library")):
        shown = pages.words(visitor.get(address))
        assert said in shown
        assert shown.count("bout ") - shown.count("bout 2 minutes, if you like") == 1


def test_of_a_guide_nobody_says_how_long_it_takes(author, reviewer, shelf, visitor):
    parts = [publish(QuestionPage, author, reviewer, title=title) for title in ("One", "Two")]
    guide = publish(GuidePage, author, reviewer, title="Both", parts=[("part", part) for part in parts])
    assert "bout 1 minute" not in pages.words(visitor.get(guide.url))


def test_a_film_comes_from_one_place(sign_in, author, shelf):
    with pytest.raises(IntegrityError, match="video_from_one_place"), transaction.atomic():
        library.add(VideoPage, author, **FILM, file=library.film())


# --- guides


def test_a_guide_leads_through_its_parts_in_order_and_leaves_out_what_is_retired(author, reviewer, shelf, visitor):
    parts = [publish(ArticlePage, author, reviewer, title=title) for title in ("Zebra", "Apple", "Mango")]
    guide = publish(GuidePage, author, reviewer, title="A way", parts=[("part", part) for part in parts])
    titles = [found.get_text() for found in pages.soup(visitor.get(guide.url)).select(".guide-parts h3")]
    assert titles == ["Zebra", "Apple", "Mango"]
    retire(actor=reviewer, page=parts[1], reason="old")
    titles = [found.get_text() for found in pages.soup(visitor.get(guide.url)).select(".guide-parts h3")]
    assert titles == ["Zebra", "Mango"]


# --- stories


def test_where_a_consent_is_kept_is_nobodys_business(author, reviewer, shelf, visitor):
    read = visitor.get(publish(StoryPage, author, reviewer, **CONSENT).url)
    assert "agreed in writing" in pages.words(read)
    assert "blue folder" not in read.text


# --- blocks


def test_every_block_shows_itself_to_readers(author, reviewer, shelf, visitor):
    other = publish(ArticlePage, author, reviewer, title="Another page")
    body = [
        ("text", "<p>Words.</p>"),
        ("picture", {"image": library.picture(), "text": "A lamp beside a chair", "caption": "At home"}),
        STEPS,
        ("callout", {"tone": "warn", "text": "Take care with this."}),
        ("quote", {"text": "I wrote one line.", "who": "A member"}),
        ("questions", {"questions": [{"question": "What if?", "answer": "<p>Then rest.</p>"}]}),
        ("helpline", {"emergency": True}),
        ("related", {"pages": [other]}),
    ]
    read = visitor.get(publish(ArticlePage, author, reviewer, body=body).url)
    words = pages.words(read)
    for said in (
        "Words.", "At home", "A slow breath", "Breathe out slowly.", "Take care with this.", "I wrote one line.",
        "A member", "What if?", "Then rest.", "Lines to call or text", "Another page",
    ):  # fmt: skip
        assert said in words
    assert pages.soup(read).find("img", alt="A lamp beside a chair")
    assert {name for name, _value in body} == set(BodyBlock().child_blocks)


def test_the_editor_previews_every_block(sign_in, author, shelf):
    client = sign_in(author)
    for name, block in ArticlePage._meta.get_field("body").stream_block.child_blocks.items():
        assert block.is_previewable, name
        page = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
        assert page.status_code == 200, name
        assert "css/site" in page.text, name


def test_words_in_a_block_are_words_and_no_markup(author, reviewer, shelf, visitor):
    evil = "<script>steal()</script><img src=x onerror=steal()>"
    body = [
        ("callout", {"tone": "info", "text": evil}),
        ("quote", {"text": evil, "who": evil}),
        ("steps", {"title": evil, "steps": [{"text": evil, "minutes": None}]}),
    ]
    page = publish(TreatmentPage, author, reviewer, body=body, **TREATMENT | {"what_it_is": evil})
    soup = pages.soup(visitor.get(page.url))
    assert not soup.find_all(onerror=True)
    assert not [script for script in soup.find_all("script") if "steal" in script.get_text()]


# --- the explanation


def test_everybody_can_read_what_the_words_mean(article):
    read = Client().get("/resources/how-we-check/")
    words = pages.words(read)
    for level in Evidence:
        assert str(level.label).split(":")[0] in words
    for question in CHECKLIST.values():
        assert str(question) in words
    assert "X-Robots-Tag" not in read.headers
    assert pages.soup(Client().get(article.url)).find("a", href="/resources/how-we-check/")
