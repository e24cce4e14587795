"""What a moderator writes to somebody in distress, and their answer."""

import datetime as dt
from functools import partial

import pytest
from django.urls import reverse

from moderation.models import AuditEntry, Case, StaffMessage
from moderation.services import crisis, messages
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words

TEXT = "You wrote that it is too much. Are you safe?"


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def written(post, *, by):
    case = factories.claimed(factories.flag(post).case, by=by)
    crisis.start(moderator=by, case=case, version=case.version)
    return messages.send(moderator=by, case=case, version=case.version, text=TEXT)


@pytest.fixture
def message(scene, moderator):
    return written(scene.reply, by=moderator)


def address_of(message):
    return reverse("staff_message", args=[message.public_id])


def test_the_member_reads_it_under_help_lines_for_their_country(sign_in, message, other_member):
    browser = sign_in(other_member)
    page = browser.get(address_of(message))
    assert TEXT in words(page)
    headings = [found.get_text() for found in soup(page).select("main h2")]
    assert headings == ["Somebody to talk to, now", "What they wrote", "If you want to answer"]
    assert soup(page).find("select", id="lines-country")
    # Chosen on this page, or earlier on the page with all help.
    assert "116 123" in words(browser.get(address_of(message) + "?country=GB"))
    browser.get(reverse("help_now") + "?country=GB")
    assert "116 123" in words(browser.get(address_of(message)))


def test_neither_mail_nor_title_says_what_it_is_about(worker, scene, moderator, other_member, mailoutbox, sign_in):
    with worker():
        message = written(scene.reply, by=moderator)
    mail = next(mail for mail in mailoutbox if mail.to == [other_member.email])
    assert mail.subject == "You have an update"
    assert TEXT not in str(mail.message())
    assert "moderator" not in mail.body
    browser = sign_in(other_member)
    assert "A moderator wrote to you." in words(browser.get(reverse("notices")))
    notice = other_member.notices.get()
    assert browser.get(reverse("notice", args=[notice.public_id])).headers["Location"] == address_of(message)
    assert soup(browser.get(address_of(message))).title.get_text() == "A message · Alongside"


def test_nobody_else_reads_it(sign_in, visitor, message, member, moderator, other_moderator, curator):
    for who in (member, moderator, other_moderator, curator):
        assert sign_in(who).get(address_of(message)).status_code == 404
        assert sign_in(who).post(address_of(message), {"text": "I."}).status_code == 404
    assert visitor.get(address_of(message)).status_code == 302
    assert fresh(message).answer == ""


def test_the_answer_brings_the_case_back_and_tells_who_wrote(
    worker, sign_in, message, moderator, other_moderator, other_member
):
    before = fresh(message.case)
    assert before.quiet_until
    with worker():
        answer = sign_in(other_member).post(address_of(message), {"text": "My sister is here."}, follow=True)
    assert "Thank you for answering." in words(answer)
    assert "My sister is here." in words(answer)
    case = fresh(message.case)
    assert case.quiet_until is None
    assert case.version == before.version + 1
    assert case.due_at <= factories.now() + dt.timedelta(minutes=15)
    assert "My sister is here." in words(sign_in(moderator).get(reverse("case", args=[case.public_id])))
    assert str(case.public_id) in sign_in(other_moderator).get(reverse("queue")).text
    assert moderator.notices.get(event__kind="message_answered")


def test_one_answers_once_and_the_second_words_are_not_lost(sign_in, message, other_member):
    browser = sign_in(other_member)
    browser.post(address_of(message), {"text": "I am here."})
    assert not soup(browser.get(address_of(message))).find("textarea")
    page = browser.post(address_of(message), {"text": "One more thing."})
    assert page.status_code == 409
    assert value_of(page, "text") == "One more thing."
    assert fresh(message).answer == "I am here."


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5001])
def test_an_answer_has_words_and_not_too_many(sign_in, message, other_member, text):
    assert sign_in(other_member).post(address_of(message), {"text": text}).status_code == 422
    assert fresh(message).answered_at is None


def test_of_two_answers_at_the_same_instant_one_is_kept(shared_database):
    post = factories.PostFactory()
    message = written(post, by=factories.MemberFactory(is_moderator=True))
    sent = at_once(*[partial(messages.answer, member=post.author, message=message, text=text) for text in "abc"])
    assert sorted(sent) == [False, False, True]
    assert fresh(message).answer == "abc"[sent.index(True)]


def test_an_answer_after_the_case_was_decided_opens_a_case_in_which_it_is_read(
    sign_in, message, other_member, moderator, other_moderator, worker
):
    Case.objects.update(
        state="decided", decided_at=factories.now(), claimed_by=None, lease_until=None, quiet_until=None
    )
    with worker():
        sign_in(other_member).post(address_of(message), {"text": "I cannot keep myself safe."})
    again = Case.objects.get(state="open")
    assert (again.priority, again.source, again.subject_id) == (1, "author", message.case.subject_id)
    assert "I cannot keep myself safe." in words(sign_in(other_moderator).get(reverse("case", args=[again.public_id])))
    assert moderator.notices.filter(event__kind="message_answered").exists()


def test_words_sent_after_the_session_had_ended_come_back(visitor, message, other_member):
    visitor.post(address_of(message), {"text": "My sister is here."})
    visitor.force_login(other_member)
    assert value_of(visitor.get(address_of(message)), "text") == "My sister is here."
    assert fresh(message).answer == ""


def test_whoever_is_behind_a_disguise_stays_unknown_to_who_writes_to_them(sign_in, moderator, worker):
    author = factories.MemberFactory(username="kestrelwing")
    thread = factories.ThreadFactory(author=author, disguise=7)
    with worker():
        message = written(thread.posts.get(), by=moderator)
        sign_in(author).post(address_of(message), {"text": "I am with my sister."})
    browser = sign_in(moderator)
    for address in (reverse("case", args=[message.case.public_id]), reverse("queue"), reverse("notices")):
        page = browser.get(address)
        for trace in (author.username, author.email, str(author.public_id)):
            assert trace not in page.text
    assert not AuditEntry.objects.filter(actor=author).exists()


def test_somebody_suspended_reads_and_answers(sign_in, message, other_member):
    type(other_member).objects.update(suspended_until=factories.now() + dt.timedelta(days=1))
    browser = sign_in(fresh(other_member))
    assert browser.get(address_of(message)).status_code == 200
    assert browser.post(address_of(message), {"text": "I am here."}).status_code == 302
    assert StaffMessage.objects.get().answer == "I am here."
