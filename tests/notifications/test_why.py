"""Why did I, or did I not, get this? Every mail that was not sent says so, to its member and to who looks it up."""

import datetime as dt

import pytest
from django.urls import reverse

from forums.news import NEW_REPLY, REPLIED_TO_YOU
from moderation.models import AuditEntry
from notifications import services
from notifications.access.mails import LOOKED_BACK, MAILS_SHOWN
from notifications.models import Delivery, Digest, Event, Notice, Return, Sending, Wishes
from tests import factories
from tests.pages import soup, words

MINE = reverse("news_mails")
SUPPORT = reverse("staff_looks")
Reason = Sending.Reason


@pytest.fixture
def told(member):
    """A notice for `member`, with a mail of which these are the facts."""
    number = iter(range(1, 1000))

    def make(*, kind=REPLIED_TO_YOU, recipient=member, in_digest=False, **mail):
        event = Event.objects.create(kind=kind.key, target_id=next(number))
        notice = Notice.objects.create(event=event, recipient=recipient, in_digest=in_digest)
        if mail:
            Delivery.objects.create(notice=notice, channel="email", **mail)
        notice.refresh_from_db()
        return notice

    return make


def rows(page):
    return [" ".join(row.get_text(" ").split()) for row in soup(page).select(".mail-row")]


def test_a_mail_that_was_sent_says_when(told, sign_in, member):
    sent = factories.now().replace(hour=9, minute=10)
    told(state="sent", settled_at=sent)
    [row] = rows(sign_in(member).get(MINE))
    assert row.startswith("A reply to me Sent on ")
    assert "It may have come twice" not in row


def test_a_mail_that_may_have_come_twice_says_so(told, sign_in, member):
    told(state="sent", settled_at=factories.now(), maybe_twice=True)
    assert "It may have come twice." in rows(sign_in(member).get(MINE))[0]


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in (Reason.QUIET, Reason.STEPPING_BACK)])
def test_each_reason_for_not_sending_can_be_read(told, sign_in, member, reason):
    told(state="skipped", reason=reason, settled_at=factories.now())
    assert f"Not sent. {reason.label}" in rows(sign_in(member).get(MINE))[0]


@pytest.mark.parametrize("reason", [Reason.QUIET, Reason.STEPPING_BACK, Reason.SITE_BUSY])
def test_a_mail_that_waits_says_for_what_and_until_when(told, sign_in, member, reason):
    told(reason=reason, due_at=factories.now() + dt.timedelta(hours=3))
    row = rows(sign_in(member).get(MINE))[0]
    assert str(reason.label) in row
    assert "It is looked at again on" in row


def test_a_mail_on_its_way_and_one_that_is_tried_again_say_so(told, sign_in, member):
    told(attempts=0)
    told(attempts=2, due_at=factories.now() + dt.timedelta(minutes=4))
    again, on_its_way = rows(sign_in(member).get(MINE))
    assert "The mail server did not take it yet. The next try is on" in again
    assert "It is on its way." in on_its_way


def test_news_without_a_mail_says_that_this_was_the_choice(told, sign_in, member):
    told(kind=NEW_REPLY)
    told(kind=NEW_REPLY, in_digest=True)
    in_digest, on_site = rows(sign_in(member).get(MINE))
    assert "No mail, because the choice for this was “On the site” when it came." in on_site
    assert "because the choice for this was “In the digest” when it came" in in_digest


def test_digests_and_mails_that_came_back_are_among_them(told, sign_in, member):
    told(state="sent", settled_at=factories.now())
    day = factories.now().date()
    Digest.objects.create(member=member, day=day, state="skipped", reason=Reason.EMPTY, settled_at=factories.now())
    Digest.objects.create(member=member, day=day - dt.timedelta(days=1), is_goodbye=True, state="sent")
    Return.objects.create(member=member, kind="hard", mark="a", status="5.1.1")
    Return.objects.create(member=member, kind="complaint", mark="b")
    Return.objects.create(member=member, kind="soft", mark="c", status="4.2.2")
    page = words(sign_in(member).get(MINE))
    assert len(rows(sign_in(member).get(MINE))) == 5
    assert "Your digest Not sent. There was nothing to tell." in page
    assert "It came back" in page
    assert "marked as unwanted" in page
    assert "5.1.1" not in page


def test_it_names_nobody_and_nothing_that_was_written(reply, worker, sign_in, member, other_member):
    with worker():
        reply()
    page = sign_in(member).get(MINE)
    assert rows(page)
    for secret in ("A very particular title", "Secret words", "Night watch", other_member.username, member.email):
        assert secret not in page.text


def test_the_way_to_the_news_is_there_for_its_member_only(told, look_up, sign_in, member):
    notice = told(state="sent", settled_at=factories.now())
    assert soup(sign_in(member).get(MINE)).find("a", href=reverse("notice", args=[notice.public_id]))
    page = look_up(member.username)
    assert rows(page)
    assert not soup(page).find("a", href=reverse("notice", args=[notice.public_id]))


def test_everybody_sees_only_their_own(told, sign_in, member, other_member, visitor):
    told(state="sent", settled_at=factories.now())
    Digest.objects.create(member=member, day=factories.now().date())
    assert rows(sign_in(other_member).get(MINE)) == []
    assert visitor.get(MINE).headers["Location"].startswith("/accounts/login/")


def test_each_is_listed_once_however_many_there_are(told, sign_in, member):
    now = factories.now()
    expected = []
    for number in range(2 * MAILS_SHOWN + 5):
        at = now - dt.timedelta(days=70) + dt.timedelta(hours=number)
        if number % 3 == 0:
            made = Digest.objects.create(member=member, day=(now + dt.timedelta(days=number)).date())
            Digest.objects.filter(pk=made.pk).update(created_at=at)
        else:
            made = told(state="sent", settled_at=at)
            Notice.objects.filter(pk=made.pk).update(created_at=at)
        expected.append(at.isoformat())
    browser, met = sign_in(member), []
    page = browser.get(MINE)
    while True:
        met += [time["datetime"] for time in soup(page).select(".mail-row time")]
        if (onward := soup(page).find("a", rel="next")) is None:
            break
        page = browser.get(MINE + onward["href"])
    assert [dt.datetime.fromisoformat(one) for one in met] == [
        dt.datetime.fromisoformat(one) for one in reversed(expected)
    ]
    assert "That was all of the last 90 days." in words(page)


def test_what_is_older_than_that_is_not_listed(told, sign_in, member):
    old = told(state="sent", settled_at=factories.now())
    Notice.objects.filter(pk=old.pk).update(created_at=factories.now() - LOOKED_BACK - dt.timedelta(hours=1))
    told(state="sent", settled_at=factories.now())
    page = sign_in(member).get(MINE)
    assert len(rows(page)) == 1
    assert soup(page).find("a", rel="next") is None


def test_it_costs_the_same_for_few_and_for_many(told, sign_in, member, django_assert_num_queries):
    browser = sign_in(member)
    for many in (1, MAILS_SHOWN):
        for _number in range(many):
            told(state="sent", settled_at=factories.now())
        # who it is, notices, their mails, digests, what came back, the mark in the header
        with django_assert_num_queries(5):
            browser.get(MINE)


# --- support ----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(sign_in, admin):
    """An administrator who has just proved who they are."""
    browser = sign_in(admin)
    browser.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    return browser


@pytest.fixture
def look_up(desk):
    return lambda name: desk.post(SUPPORT, {"name": name, "door": "mails", "reason": "They asked us."}, follow=True)


def test_administrators_look_it_up_by_name_and_each_look_is_kept(told, look_up, sign_in, member, admin):
    told(state="skipped", reason=Reason.MAIL_OFF, settled_at=factories.now())
    Wishes.objects.create(member=member, mail_off=True, bounced_at=factories.now(), stepped_back_at=factories.now())
    page = look_up(member.username.upper())
    assert f"Not sent. {Reason.MAIL_OFF.label}" in rows(page)[0]
    said = words(page)
    assert "They turned all mails off." in said
    assert "Mails to their address came back" in said
    assert "They are stepping back." in said
    assert member.email not in page.text
    entry = AuditEntry.objects.latest("id")
    assert (entry.actor, entry.verb, entry.subject_kind, entry.subject_id) == (admin, "see-mails", "profile", member.pk)
    assert "Looked up what became of somebody’s mails" in words(sign_in(admin).get(reverse("log")))


def test_a_name_that_nobody_has_is_answered_kindly(look_up, desk):
    assert "Nobody is called that" in words(look_up("nobody-at-all"))
    assert AuditEntry.objects.filter(verb="see-mails").count() == 1
    assert desk.get(SUPPORT).status_code == 200
    assert AuditEntry.objects.filter(verb="see-mails").count() == 1


def test_the_log_keeps_whose_mails_were_looked_up_and_neither_names_nor_addresses_that_were_typed(
    told, look_up, member
):
    """Nobody can take anything from the log, and whoever leaves the site takes their name along."""
    told(state="sent", settled_at=factories.now())
    look_up(member.username)
    look_up(member.email[:30])
    found, nobody = AuditEntry.objects.filter(verb="see-mails").order_by("id")
    assert (found.subject_id, found.details) == (member.pk, {"reason": "They asked us."})
    assert (nobody.subject_id, nobody.details) == (None, {"reason": "They asked us."})


def test_pages_further_on_are_of_the_same_member(told, look_up, desk, member):
    for _number in range(MAILS_SHOWN + 1):
        told(state="sent", settled_at=factories.now())
    page = look_up(member.username)
    onward = soup(page).find("a", rel="next")["href"]
    assert len(rows(desk.get(page.request["PATH_INFO"] + onward))) == 1


def test_a_mail_that_is_marked_read_on_the_site_keeps_its_row(told, sign_in, member):
    notice = told(state="skipped", reason=Reason.READ, settled_at=factories.now())
    services.mark_read(notice)
    assert str(Reason.READ.label) in rows(sign_in(member).get(MINE))[0]
