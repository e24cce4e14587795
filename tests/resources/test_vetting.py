"""An article's way: a curator writes it, another approves it, everybody reads it (invariant 7)."""

import datetime as dt
import json
from functools import cache

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision, TaskState, Workflow
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from members.services import set_curator
from notifications.models import Event
from resources import news
from resources.models import REVIEW_EVERY, ArticlePage, PeerReviewTask, ResourceIndexPage, Vetting, VideoPage
from resources.models.vetting import CHECKLIST
from resources.services.retiring import retire
from resources.services.reviewing import tell_reviews_due
from resources.tasks import publish_scheduled
from tests import factories, pages
from tests.resources import library

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


@cache
def small_things():
    """The text as the editor keeps it. Each of its paragraphs has a key made by chance, so it is made once."""
    return rich_text("<p>Small things.</p>")


def known(blocks):
    """The block as a browser sends it that was given it before: with its id."""
    blocks["0"]["id"] = "5b2a1c1e-0000-4000-8000-000000000000"
    return blocks


def form(**changes):
    """What a curator's browser sends."""
    fields = {
        "title": "Tea with a neighbour",
        "slug": "tea-with-a-neighbour",
        "summary": "Why small things count.",
        "topic": "connection",
        "evidence": "early",
        "evidence_note": "",
        "author_role": "",
        "what_changed": "",
        "body": known(streamfield([("text", small_things())])),
        "sources": known(streamfield([("source", library.SOURCE)])),
        "seo_title": "",
        "search_description": "",
        "show_in_menus": "",
        "go_live_at": "",
        "expire_at": "",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MIN_NUM_FORMS": 0,
        "comments-MAX_NUM_FORMS": "",
    }
    return nested_form_data(fields | changes)


def write(client, shelf, **changes):
    return client.post(f"/curate/pages/add/resources/articlepage/{shelf.pk}/", form(**changes))


def press(client, article, action="approve"):
    """The button that the editor and the dashboard show while an article waits for review."""
    step = article.current_workflow_task_state
    answers = library.answers() if action == "approve" else {"comment": ""}
    return client.post(f"/curate/pages/workflow/action/{article.pk}/{action}/{step.pk}/", answers)


def fresh(article):
    return ArticlePage.objects.get(pk=article.pk)


# The button in the editor, with what the reviewer was asked in a dialogue.
APPROVE = {
    "action-workflow-action": "true",
    "workflow-action-name": "approve",
    "workflow-action-extra-data": json.dumps(library.answers()),
}

# --- the whole way


def test_a_curator_writes_another_approves_and_everybody_reads(sign_in, shelf, author, reviewer, visitor):
    written = write(sign_in(author), shelf, **{"action-submit": "1"})
    assert written.status_code == 302
    article = ArticlePage.objects.get(slug="tea-with-a-neighbour")
    assert article.written_by == article.owner == author
    assert visitor.get("/resources/tea-with-a-neighbour/").status_code == 404
    assert "Tea with a neighbour" not in visitor.get("/resources/").text

    press(sign_in(reviewer), article)

    page = visitor.get("/resources/tea-with-a-neighbour/")
    assert page.status_code == 200
    for words in (
        "Small things.",
        "Checked by checks (peer support worker) on",
        "Early: few or small studies",
        "A review of many trials",
    ):
        assert words in pages.words(page)
    assert "Tea with a neighbour" in pages.words(visitor.get("/resources/"))


def test_who_reviewed_it_and_when_and_until_when_is_kept(article, reviewer):
    today = timezone.localdate()
    assert article.reviewed_by == reviewer
    assert (article.reviewed_on, article.review_by) == (today, today + REVIEW_EVERY)


def test_a_draft_can_be_saved_and_changed_without_anybody_reading_it(sign_in, shelf, author, visitor):
    client = sign_in(author)
    write(client, shelf)
    article = ArticlePage.objects.get(slug="tea-with-a-neighbour")
    changed = client.post(f"/curate/pages/{article.pk}/edit/", form(title="Coffee with a neighbour"))
    assert changed.status_code == 302
    assert fresh(article).get_latest_revision_as_object().title == "Coffee with a neighbour"
    assert visitor.get("/resources/tea-with-a-neighbour/").status_code == 404


def test_changes_to_a_published_article_wait_for_review_too(sign_in, author, reviewer, article, visitor):
    client = sign_in(author)
    changed = streamfield([("text", rich_text("<p>Smaller things.</p>"))])
    client.post(f"/curate/pages/{article.pk}/edit/", form(body=changed, what_changed="Less.") | {"action-submit": "1"})
    assert "Smaller things." not in visitor.get("/resources/tea-with-a-neighbour/").text
    press(sign_in(reviewer), fresh(article))
    assert "Smaller things." in visitor.get("/resources/tea-with-a-neighbour/").text


def test_a_reviewer_can_send_an_article_back(sign_in, author, reviewer, draft, visitor):
    library.submit(draft, by=author)
    press(sign_in(reviewer), fresh(draft), "reject")
    assert not fresh(draft).live
    assert fresh(draft).current_workflow_state.status == "needs_changes"


def test_an_article_without_sources_is_not_taken_for_review(sign_in, shelf, author):
    page = write(sign_in(author), shelf, sources=streamfield([]), **{"action-submit": "1"})
    assert page.status_code == 200
    assert "could not be created due to validation errors" in pages.words(page)
    assert not ArticlePage.objects.exists()


# --- nobody approves their own words


def test_the_author_is_not_offered_the_button(sign_in, author, reviewer, draft):
    library.submit(draft, by=author)
    assert 'data-workflow-action-name="approve"' not in sign_in(author).get(f"/curate/pages/{draft.pk}/edit/").text
    assert 'data-workflow-action-name="approve"' in sign_in(reviewer).get(f"/curate/pages/{draft.pk}/edit/").text
    task = PeerReviewTask.objects.get()
    assert "approve" not in [action[0] for action in task.get_actions(draft, author)]
    assert "approve" in [action[0] for action in task.get_actions(draft, reviewer)]


def test_the_author_cannot_approve_by_the_address_of_the_button(sign_in, author, draft):
    library.submit(draft, by=author)
    press(sign_in(author), fresh(draft))
    assert not fresh(draft).live
    assert fresh(draft).workflow_in_progress


def test_the_author_cannot_approve_from_the_editor(sign_in, author, draft):
    library.submit(draft, by=author)
    approve = APPROVE
    sign_in(author).post(f"/curate/pages/{draft.pk}/edit/", form() | approve)
    assert not fresh(draft).live


def test_an_author_who_is_an_administrator_cannot_approve_either(sign_in, admin, reviewer, shelf):
    theirs = library.draft(admin)
    library.submit(theirs, by=admin)
    press(sign_in(admin), fresh(theirs))
    assert not fresh(theirs).live


def test_whoever_edited_last_cannot_approve(sign_in, author, reviewer, draft):
    sign_in(reviewer).post(f"/curate/pages/{draft.pk}/edit/", form(summary="My words now."))
    library.submit(fresh(draft), by=author)
    press(sign_in(reviewer), fresh(draft))
    assert not fresh(draft).live


def test_whoever_edited_earlier_cannot_approve_after_somebody_else_saved_again(sign_in, author, reviewer, draft):
    sign_in(reviewer).post(f"/curate/pages/{draft.pk}/edit/", form(summary="My words now."))
    sign_in(author).post(f"/curate/pages/{draft.pk}/edit/", form(summary="My words now.", evidence="moderate"))
    library.submit(fresh(draft), by=author)
    press(sign_in(reviewer), fresh(draft))
    assert not fresh(draft).live


def test_a_reviewer_who_changes_nothing_can_approve_from_the_editor(sign_in, author, reviewer, shelf, visitor):
    write(sign_in(author), shelf, **{"action-submit": "1"})
    article = ArticlePage.objects.get()
    approve = APPROVE
    sign_in(reviewer).post(f"/curate/pages/{article.pk}/edit/", form() | approve)
    assert fresh(article).live
    assert fresh(article).reviewed_by == reviewer


def test_a_second_round_of_review_asks_again_who_changed_what(sign_in, author, reviewer, article):
    # Once approved, the reviewer may write; then somebody else reviews.
    sign_in(reviewer).post(
        f"/curate/pages/{article.pk}/edit/",
        form(summary="My words now.", what_changed="Mine.") | {"action-submit": "1"},
    )
    press(sign_in(reviewer), fresh(article))
    assert fresh(article).summary != "My words now."
    third = factories.CuratorFactory()
    press(sign_in(third), fresh(article))
    assert fresh(article).summary == "My words now."
    assert fresh(article).reviewed_by == third


def test_editing_while_approving_does_not_slip_ones_own_words_in(sign_in, author, reviewer, draft, visitor):
    library.submit(draft, by=author)
    approve = APPROVE
    sign_in(reviewer).post(f"/curate/pages/{draft.pk}/edit/", form(summary="My words now.") | approve)
    assert not fresh(draft).live
    assert visitor.get("/resources/tea-with-a-neighbour/").status_code == 404


def test_the_programs_own_way_refuses_as_well(author, draft):
    step = library.submit(draft, by=author)
    with pytest.raises(PermissionDenied):
        library.approve(step, by=author)
    assert not fresh(draft).live


def test_nobody_approves_their_own_words_at_the_front_of_the_library(author, reviewer, shelf):
    shelf.intro = "Read these in any order."
    shelf.save_revision(user=author)
    library.approve(library.submit(shelf, by=author), by=reviewer)
    front = ResourceIndexPage.objects.get()
    front.intro = "Buy what I sell."
    front.save_revision(user=author)
    step = library.submit(front, by=author)
    with pytest.raises(PermissionDenied):
        library.approve(step, by=author)
    assert ResourceIndexPage.objects.get().intro == "Read these in any order."


def test_what_a_third_person_writes_in_meanwhile_is_not_approved_with_the_rest(sign_in, author, reviewer, draft):
    """Whoever presses the button on the dashboard has read what was handed in."""
    step = library.submit(draft, by=author)
    late = fresh(draft).get_latest_revision_as_object()
    late.summary = "Other words."
    late.save_revision(user=factories.CuratorFactory())
    page = sign_in(reviewer).get(f"/curate/pages/{draft.pk}/edit/")
    assert 'data-workflow-action-name="approve"' not in page.text
    assert "changed since it was handed in" in pages.words(page)
    with pytest.raises(PermissionDenied):
        library.approve(step, by=reviewer)
    assert not fresh(draft).live

    press(sign_in(reviewer), fresh(draft), "reject")
    fresh(draft).current_workflow_state.resume(author)
    press(sign_in(reviewer), fresh(draft))
    assert fresh(draft).live
    assert fresh(draft).summary == "Other words."


def test_a_member_without_a_role_cannot_approve(sign_in, member, author, draft):
    library.submit(draft, by=author)
    assert press(sign_in(member), fresh(draft)).status_code == 404
    assert not fresh(draft).live


def test_the_database_refuses_a_reviewer_who_is_the_author(author, draft):
    with pytest.raises(IntegrityError, match="article_reviewer_is_not_author"), transaction.atomic():
        ArticlePage.objects.filter(pk=draft.pk).update(reviewed_by=author)


def test_a_workflow_without_a_review_step_publishes_nothing(author, draft):
    PeerReviewTask.objects.get().deactivate()
    with pytest.raises(PermissionDenied), transaction.atomic():
        Workflow.objects.get(name="Vetting").start(fresh(draft), author)
    assert not fresh(draft).live


# --- what is kept of a review


def test_an_approval_keeps_the_checklist_the_role_and_the_version(article, reviewer):
    vetting = Vetting.objects.get(page=article)
    assert vetting.reviewer == reviewer
    assert vetting.checklist == dict.fromkeys(CHECKLIST, True)
    assert vetting.reviewer_role == article.reviewer_role == "peer support worker"
    assert article.revisions.filter(pk=vetting.revision_id_checked).exists()


@pytest.mark.parametrize("missing", [*CHECKLIST, "reviewer_role"])
def test_without_the_whole_checklist_nothing_is_approved(sign_in, author, reviewer, draft, missing):
    library.submit(draft, by=author)
    step = fresh(draft).current_workflow_task_state
    answers = {key: value for key, value in library.answers().items() if key != missing}
    sign_in(reviewer).post(f"/curate/pages/workflow/action/{draft.pk}/approve/{step.pk}/", answers)
    extra = {"workflow-action-extra-data": json.dumps(answers)}
    sign_in(reviewer).post(f"/curate/pages/{draft.pk}/edit/", form() | APPROVE | extra)
    with pytest.raises(PermissionDenied):
        step.task.specific.on_action(step, reviewer, "approve", **answers)
    assert not fresh(draft).live
    assert not Vetting.objects.exists()


def test_the_reviewer_is_asked_each_question(sign_in, author, reviewer, draft):
    library.submit(draft, by=author)
    step = fresh(draft).current_workflow_task_state
    asked = sign_in(reviewer).get(f"/curate/pages/workflow/action/{draft.pk}/approve/{step.pk}/").json()["html"]
    for question in CHECKLIST.values():
        assert str(question) in asked
    assert "How readers see you" in asked


def test_of_two_who_approve_at_once_one_is_told_that_it_is_done(author, reviewer, draft):
    step = library.submit(draft, by=author)
    late = TaskState.objects.get(pk=step.pk)
    library.approve(step, by=reviewer)
    with pytest.raises(PermissionDenied), transaction.atomic():
        library.approve(late, by=factories.CuratorFactory())
    assert Vetting.objects.count() == 1


def test_the_database_refuses_a_vetting_by_the_author_and_a_change_to_any(article, author, reviewer):
    with pytest.raises(DatabaseError, match="vetting_by_another"), transaction.atomic():
        Vetting.objects.create(page=article, revision_id_checked=1, reviewer=author)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Vetting.objects.update(reviewer_role="professor")


def test_words_of_a_kind_of_its_own_count_as_words(sign_in, author, reviewer, shelf):
    """Whoever wrote a film's transcript does not approve it."""
    film = library.add(VideoPage, author, elsewhere="https://video.example.org/1", transcript="Hello.")
    film.transcript = "Something else."
    film.save_revision(user=reviewer)
    step = library.submit(film, by=author)
    with pytest.raises(PermissionDenied):
        library.approve(step, by=reviewer)


def test_readers_see_what_changed_and_who_checked(author, reviewer, article, visitor):
    article.summary, article.what_changed = "Why smaller things count.", "A newer review is named."
    article.save_revision(user=author)
    library.approve(library.submit(article, by=author), by=reviewer)
    words = pages.words(visitor.get(article.url))
    assert "A newer review is named." in words
    assert "First published." in words
    assert "Checked by: peer support worker" in words


def test_a_change_that_readers_are_not_told_of_goes_back(author, article):
    article.summary = "Why smaller things count."
    article.save_revision(user=author)
    step = library.submit(article, by=author)
    assert step.status == TaskState.STATUS_REJECTED
    assert "what changed" in step.comment


# --- published at its time


@pytest.fixture
def scheduled(author, reviewer):
    """Approved, and to be published tomorrow."""
    article = library.draft(author)
    article.go_live_at = timezone.now() + dt.timedelta(days=1)
    article.save_revision(user=author)
    library.approve(library.submit(article, by=author), by=reviewer)
    return fresh(article)


def let_its_time_come(article):
    """The clock goes on, and nobody is there to see it."""
    past = timezone.now() - dt.timedelta(hours=7)
    for revision in article.revisions.filter(approved_go_live_at__isnull=False):
        revision.content["go_live_at"] = past.isoformat()
        revision.approved_go_live_at = past
        revision.save()


def test_an_approved_page_waits_for_its_day(scheduled, visitor):
    publish_scheduled()
    assert not fresh(scheduled).live
    assert visitor.get("/resources/tea-with-a-neighbour/").status_code == 404


def test_after_hours_without_a_worker_the_next_one_publishes_it_once(scheduled, visitor, reviewer):
    let_its_time_come(scheduled)
    publish_scheduled()
    publish_scheduled()
    assert visitor.get("/resources/tea-with-a-neighbour/").status_code == 200
    assert fresh(scheduled).reviewed_by == reviewer
    assert PageLogEntry.objects.filter(page=scheduled, action="wagtail.publish.scheduled").count() == 1


def test_a_worker_that_dies_in_the_middle_of_publishing_loses_nothing(scheduled, monkeypatch, visitor):
    """Wagtail takes a version off its list before the page is live."""
    let_its_time_come(scheduled)

    def power_cut(*_args, **_kwargs):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(ArticlePage, "save", power_cut)
        with pytest.raises(SystemExit):
            publish_scheduled()
    assert not fresh(scheduled).live
    publish_scheduled()
    assert visitor.get("/resources/tea-with-a-neighbour/").status_code == 200


@pytest.mark.parametrize("error", [DatabaseError("the disk is full"), KeyError("a kind that is gone")])
def test_a_page_that_cannot_be_published_keeps_no_other_waiting(scheduled, author, reviewer, monkeypatch, error):
    let_its_time_come(scheduled)
    publish = Revision.publish

    def not_this_one(revision, **options):
        if revision.object_id == str(scheduled.pk):
            raise error
        return publish(revision, **options)

    other = library.draft(author, title="Coffee")
    other.go_live_at = timezone.now() + dt.timedelta(days=1)
    other.save_revision(user=author)
    library.approve(library.submit(other, by=author), by=reviewer)
    let_its_time_come(other)
    with monkeypatch.context() as broken:
        broken.setattr(Revision, "publish", not_this_one)
        publish_scheduled()
    assert fresh(other).live
    publish_scheduled()
    assert fresh(scheduled).live


def test_a_page_whose_time_is_over_is_taken_down(article):
    ArticlePage.objects.filter(pk=article.pk).update(expire_at=timezone.now() - dt.timedelta(hours=1))
    publish_scheduled()
    assert not fresh(article).live


# --- curators are told in time


def told(kind, article):
    return Event.objects.filter(kind=kind.key, target_id=article.live_revision_id).count()


def test_curators_are_told_thirty_days_before_and_on_the_day(article):
    today = timezone.localdate()

    def on(days):
        ArticlePage.objects.filter(pk=article.pk).update(review_by=today + dt.timedelta(days=days))
        tell_reviews_due()
        tell_reviews_due()
        return told(news.REVIEW_DUE, article), told(news.REVIEW_OVER, article)

    assert on(31) == (0, 0)
    assert on(30) == (1, 0)
    assert on(1) == (1, 0)
    assert on(0) == (1, 1)
    assert on(-40) == (1, 1)


def test_what_an_outage_kept_until_the_day_is_told_once(article):
    ArticlePage.objects.filter(pk=article.pk).update(review_by=timezone.localdate())
    tell_reviews_due()
    assert (told(news.REVIEW_DUE, article), told(news.REVIEW_OVER, article)) == (0, 1)


def test_nobody_is_asked_to_review_what_is_retired(article, reviewer):
    retire(actor=reviewer, page=article, reason="old")
    ArticlePage.objects.filter(pk=article.pk).update(review_by=timezone.localdate())
    assert tell_reviews_due() == 0


# --- nobody publishes by hand


@pytest.fixture(params=["curator", "administrator"])
def publisher(request, admin, reviewer):
    return admin if request.param == "administrator" else reviewer


def test_there_is_no_publish_button(sign_in, publisher, shelf, draft):
    client = sign_in(publisher)
    for address in (f"/curate/pages/{draft.pk}/edit/", f"/curate/pages/add/resources/articlepage/{shelf.pk}/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "action-publish" not in page.text
        assert "action-submit" in page.text


def test_sending_the_publish_button_all_the_same_saves_a_draft(sign_in, publisher, draft):
    sign_in(publisher).post(f"/curate/pages/{draft.pk}/edit/", form() | {"action-publish": "1"})
    assert not fresh(draft).live


def test_a_new_article_cannot_be_published_as_it_is_written(sign_in, publisher, shelf):
    write(sign_in(publisher), shelf, **{"action-publish": "1"})
    assert not ArticlePage.objects.get().live


def test_publishing_many_at_once_is_refused(sign_in, publisher, draft):
    sign_in(publisher).post(f"/curate/bulk/wagtailcore/page/publish/?id={draft.pk}", {"include_descendants": ""})
    assert not fresh(draft).live


def test_publishing_the_shelf_with_all_that_is_on_it_is_refused(sign_in, publisher, shelf, draft):
    sign_in(publisher).post(f"/curate/bulk/wagtailcore/page/publish/?id={shelf.pk}", {"include_descendants": "on"})
    assert not fresh(draft).live


def test_wagtails_own_api_publishes_nothing(sign_in, publisher, draft):
    answer = sign_in(publisher).post(f"/curate/api/main/pages/{draft.pk}/action/publish/", {})
    assert answer.status_code in (302, 403)
    assert not fresh(draft).live


def test_a_copy_of_an_article_is_a_draft(sign_in, admin, shelf, article):
    fields = {"new_title": "Another", "new_slug": "another", "new_parent_page": shelf.pk, "publish_copies": "on"}
    sign_in(admin).post(f"/curate/pages/{article.pk}/copy/", fields)
    assert not ArticlePage.objects.filter(live=True).exclude(pk=article.pk).exists()


def test_a_reviewer_who_curates_no_more_has_reviewed_all_the_same(scheduled, reviewer, visitor):
    set_curator(member=reviewer, is_curator=False)
    let_its_time_come(scheduled)
    publish_scheduled()
    assert visitor.get("/resources/tea-with-a-neighbour/").status_code == 200


def test_what_is_written_after_the_approval_does_not_go_live_with_it(sign_in, scheduled, author, visitor):
    later = fresh(scheduled).get_latest_revision_as_object()
    later.summary = "Words that nobody has read."
    later.save_revision(user=author)
    let_its_time_come(scheduled)
    publish_scheduled()
    assert fresh(scheduled).live
    assert "Words that nobody has read." not in visitor.get(scheduled.url).text


@pytest.mark.parametrize("how", ["publish_copies", "alias"])
def test_a_copy_under_another_title_is_not_published(sign_in, admin, shelf, article, how):
    fields = {"new_title": "Other words", "new_slug": "other", "new_parent_page": shelf.pk, how: "on"}
    sign_in(admin).post(f"/curate/pages/{article.pk}/copy/", fields)
    for action, data in (
        ("copy", {"title": "Other words", "slug": "other"}),
        ("create_alias", {"update_slug": "other"}),
    ):
        address = f"/curate/api/main/pages/{article.pk}/action/{action}/"
        sign_in(admin).post(address, data | {"destination_page_id": shelf.pk}, content_type="application/json")
    assert not ArticlePage.objects.filter(slug="other", live=True).exists()


def test_an_administrator_can_take_an_article_down_at_once(sign_in, admin, article, visitor):
    sign_in(admin).post(f"/curate/pages/{article.pk}/unpublish/", {})
    assert visitor.get("/resources/tea-with-a-neighbour/").status_code == 404


def test_curators_cannot_take_an_article_down_or_delete_it(sign_in, reviewer, article):
    client = sign_in(reviewer)
    client.post(f"/curate/pages/{article.pk}/unpublish/", {})
    client.post(f"/curate/pages/{article.pk}/delete/", {})
    assert fresh(article).live


# --- what readers are told


def test_an_article_past_its_date_says_so(article, visitor):
    page = visitor.get(article.url)
    assert "past its review date" not in pages.words(page)
    ArticlePage.objects.filter(pk=article.pk).update(review_by=timezone.localdate() - dt.timedelta(days=1))
    assert "This article is past its review date. It may be out of date." in pages.words(visitor.get(article.url))
    assert "Due to be read again" in pages.words(visitor.get("/resources/"))


def test_an_article_is_good_on_the_last_day_of_its_year(article):
    article.review_by = timezone.localdate()
    assert not article.is_out_of_date
    article.review_by -= dt.timedelta(days=1)
    assert article.is_out_of_date


def test_an_article_shows_sources_evidence_and_who_checked_it(article, visitor):
    page = visitor.get(article.url)
    assert pages.soup(page).find("a", href=library.SOURCE["url"])
    assert "Checked by checks (peer support worker) on" in pages.words(page)
    assert "to be read again by" in pages.words(page)
    assert "writes@example.org" not in page.text
    assert "checks@example.org" not in page.text


def test_script_in_an_article_does_not_reach_the_page(sign_in, shelf, author, reviewer, visitor):
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:steal()"}}
    block = {
        "key": "aaaaa",
        "type": "unstyled",
        "text": '<script>steal()</script><img src="x" onerror="steal()"> here',
        "depth": 0,
        "inlineStyleRanges": [{"offset": 0, "length": 8, "style": '"><script>steal()</script>'}],
        "entityRanges": [{"offset": 0, "length": 8, "key": 0}],
    }
    body = streamfield([("text", json.dumps({"blocks": [block], "entityMap": {"0": link}}))])
    write(sign_in(author), shelf, body=body, title="<script>steal()</script>", **{"action-submit": "1"})
    article = ArticlePage.objects.get()
    press(sign_in(reviewer), article)
    for page in (visitor.get(article.url), visitor.get("/resources/")):
        assert page.status_code == 200
        soup = pages.soup(page)
        assert not [script for script in soup.find_all("script") if "steal" in script.get_text()]
        assert not soup.find_all("iframe")
        assert not soup.find_all(onclick=True)
        assert not soup.find_all(onerror=True)
        assert not soup.find_all(href=lambda address: address and address.startswith("javascript"))


def test_script_that_reached_the_database_is_still_not_run(author, reviewer, visitor):
    evil = '<p>Small things.</p><script>steal()</script><a href="javascript:steal()" onclick="steal()">here</a>'
    article = library.published(author=author, reviewer=reviewer)
    article.body = [("text", evil)]
    article.save()
    page = visitor.get(article.url)
    # The policy of the page runs no script that is not a file of ours, whatever an importer put into the database.
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_a_visitor_can_open_an_article_and_search_engines_may_find_it(article):
    page = Client().get(article.url)
    assert page.status_code == 200
    assert "X-Robots-Tag" not in page.headers


def test_the_date_of_review_is_the_sites_day(author, reviewer, monkeypatch):
    at_night = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)  # already the second of July in London
    monkeypatch.setattr(timezone, "now", lambda: at_night)
    article = library.published(author=author, reviewer=reviewer)
    assert article.reviewed_on == dt.date(2026, 7, 2)
