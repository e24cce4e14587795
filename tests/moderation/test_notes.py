"""What moderators tell each other about a case."""

import pytest
from django.urls import reverse

from moderation.models import CaseNote
from notifications.models import Notice
from tests import factories
from tests.pages import soup, value_of, words


@pytest.fixture
def note(sign_in):
    def add(who, case, said):
        return sign_in(who).post(reverse("case_note", args=[case.public_id]), {"words": said}, follow=True)

    return add


def test_a_note_is_there_for_colleagues_and_for_nobody_else(
    note, sign_in, decide, moderator, other_moderator, other_member, case
):
    page = note(moderator, case, "I know the author from before.")
    assert "I know the author from before." in words(page)
    seen = words(sign_in(other_moderator).get(reverse("case", args=[case.public_id])))
    assert "I know the author from before." in seen
    decide(other_moderator, case)
    for address in (reverse("notices"), reverse("my_reports"), reverse("home")):
        assert "I know the author" not in sign_in(other_member).get(address).text
    assert sign_in(other_member).get(reverse("case", args=[case.public_id])).status_code == 404


def test_a_note_needs_words_and_no_claim(note, moderator, other_moderator, claim, case):
    claim(other_moderator, case)
    page = note(moderator, case, "  ")
    assert page.status_code == 422
    assert "Nothing was added." in words(page)
    note(moderator, case, "Reading along.")
    assert CaseNote.objects.get().text == "Reading along."


def test_a_note_that_is_too_long_is_kept_for_its_writer(note, moderator, case):
    page = note(moderator, case, "a" * 2001)
    assert page.status_code == 422
    assert value_of(page, "words") == "a" * 2001


def test_a_colleague_who_is_named_is_told_that_there_is_a_note_and_not_what_it_says(
    worker, note, sign_in, moderator, other_moderator, case, mailoutbox
):
    with worker():
        note(moderator, case, "@Warden, could you look at the second line? It is about birch.")
    notice = Notice.objects.get()
    assert notice.recipient == other_moderator
    browser = sign_in(other_moderator)
    updates = words(browser.get(reverse("notices")))
    assert "A colleague named you in a note in the review queue." in updates
    assert "second line" not in updates
    led = browser.get(reverse("notice", args=[notice.public_id]))
    assert led.headers["Location"].startswith(reverse("case", args=[case.public_id]))
    assert mailoutbox == []


def test_only_moderators_are_told_and_never_whom_the_case_is_about(
    worker, note, moderator, other_moderator, member, case
):
    about_colleague = factories.flag(factories.PostFactory(author=other_moderator)).case
    with worker():
        note(moderator, case, f"@{member.username} and @keeper and mail me at x@warden.example")
        note(moderator, about_colleague, "@warden wrote this.")
    assert not Notice.objects.exists()


def test_who_no_longer_moderates_no_longer_hears_of_notes(worker, note, sign_in, moderator, other_moderator, case):
    with worker():
        note(moderator, case, "@warden?")
    other_moderator.is_moderator = False
    other_moderator.save()
    browser = sign_in(other_moderator)
    assert "named you" not in words(browser.get(reverse("notices")))
    assert browser.get(reverse("notice", args=[Notice.objects.get().public_id])).status_code == 410


def test_who_is_here_can_be_named_by_looking(note, sign_in, moderator, other_moderator, case):
    note(other_moderator, case, "I begin here.")
    page = sign_in(moderator).get(reverse("case", args=[case.public_id]))
    assert "Here now: @warden" in words(page)
    assert soup(page).find(id=f"note-{CaseNote.objects.get().pk}")


def test_a_note_sent_after_the_session_had_ended_is_not_lost(sign_in, moderator, case):
    browser = sign_in(moderator)
    address = reverse("case_note", args=[case.public_id])
    writer = value_of(browser.get(reverse("case", args=[case.public_id])), "writer")
    browser.logout()
    browser.post(address, {"words": "Half a thought.", "writer": writer})
    browser.force_login(moderator)
    page = browser.get(address, follow=True)
    assert value_of(page, "words") == "Half a thought."
