"""Turning mails off by a link in one of them: in one press, without signing in, and never by opening it."""

import datetime as dt
from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client, override_settings
from django.urls import reverse

from forums.news import NEW_REPLY, REPLIED_TO_YOU
from members.models import Member
from moderation.news import DECISION_ABOUT_YOU
from moderation.news_appeals import APPEAL_JUDGED
from moderation.news_desk import CRISIS_OVERDUE
from notifications import access, kinds, links
from notifications.models import Channel, Choice, Rhythm, Wishes
from notifications.services import wishes as choosing
from tests import factories
from tests.pages import soup, words

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path(url):
    return urlsplit(url).path


def read(url) -> Any:
    return links.read(path(url).split("/")[3])


def state(member):
    """All that a link could turn off."""
    wishes = Wishes.objects.filter(member=member).values("mail_off", "rhythm", "next_digest_at").first()
    return wishes, sorted(Choice.objects.filter(member=member).values_list("kind", "channel"))


@pytest.fixture
def strict():
    """A browser, or a provider's machine, without a session, whose POSTs carry no token."""
    return Client(enforce_csrf_checks=True)


# --- opening changes nothing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_every_link_changes_nothing(strict, member, method):
    choosing.set_digest(member=member, rhythm=Rhythm.DAILY)
    before = state(member)
    for url in (links.off_url(member, REPLIED_TO_YOU), links.digest_off_url(member), links.all_off_url(member)):
        for _again in range(2):
            assert getattr(strict, method)(path(url)).status_code == 200
    assert state(member) == before


def test_the_page_says_what_the_link_turns_off_and_not_whose_mails(strict, member):
    page = words(strict.get(path(links.off_url(member, REPLIED_TO_YOU))))
    assert "Turn these mails off?" in page
    assert "Turn all mails off?" in words(strict.get(path(links.all_off_url(member))))
    assert "Turn the digest off?" in words(strict.get(path(links.digest_off_url(member))))
    assert member.username not in page
    assert member.email not in page


def test_who_opens_a_link_in_somebodys_mail_does_not_learn_of_which_kind_it_was(strict, sign_in, member, other_member):
    """The mail does not say it either, unless its member chose contents in mails."""
    url = path(links.off_url(member, REPLIED_TO_YOU))
    for browser in (strict, sign_in(other_member)):
        assert "A reply to me" not in words(browser.get(url))
        assert "A reply to me" not in words(browser.post(url))
    assert "A reply to me" in words(sign_in(member).get(url))
    Wishes.objects.update_or_create(member=member, defaults={"content_in_mail": True})
    assert "A reply to me" in words(strict.get(url))


# --- one press --------------------------------------------------------------------------------------------------


def test_a_providers_button_turns_one_kind_off_without_session_token_or_redirect(strict, member, other_member):
    url = path(links.off_url(member, REPLIED_TO_YOU))
    for _twice in range(2):
        assert strict.post(url, ONE_CLICK).status_code == 200
    assert access.channel_of(member, REPLIED_TO_YOU) == Channel.SITE
    assert access.channel_of(other_member, REPLIED_TO_YOU) == Channel.MAIL
    assert access.channel_of(member, DECISION_ABOUT_YOU) == Channel.MAIL
    assert "_auth_user_id" not in strict.session


def test_all_mails_end_in_one_press(strict, member):
    choosing.set_digest(member=member, rhythm=Rhythm.DAILY)
    for _twice in range(2):
        assert "All mails are off" in words(strict.post(path(links.all_off_url(member)), ONE_CLICK))
    wishes = Wishes.objects.get(member=member)
    assert (wishes.mail_off, wishes.next_digest_at) == (True, None)
    # Nothing that was chosen is lost.
    assert wishes.rhythm == Rhythm.DAILY


def test_the_digest_ends_in_one_press(strict, member):
    choosing.set_digest(member=member, rhythm=Rhythm.WEEKLY)
    strict.post(path(links.digest_off_url(member)), ONE_CLICK)
    wishes = Wishes.objects.get(member=member)
    assert (wishes.mail_off, wishes.rhythm, wishes.next_digest_at) == (False, Rhythm.OFF, None)


def test_the_pages_own_buttons_work_without_a_script(strict, member):
    page = strict.get(path(links.off_url(member, REPLIED_TO_YOU)))
    kind, everything = soup(page).select("main form")
    assert strict.post(kind["action"]).status_code == 200
    assert access.channel_of(member, REPLIED_TO_YOU) == Channel.SITE
    given = {field["name"]: field["value"] for field in everything.select("input[type=hidden]")}
    assert "All mails are off" in words(strict.post(everything["action"], given))
    assert Wishes.objects.get(member=member).mail_off is True


def test_a_link_of_a_kind_that_counts_with_another_turns_that_one_off(strict, member):
    strict.post(path(links.off_url(member, APPEAL_JUDGED)), ONE_CLICK)
    assert access.channel_of(member, DECISION_ABOUT_YOU) == Channel.SITE


def test_what_was_chosen_meanwhile_is_not_turned_up_by_an_old_link(strict, member):
    Choice.objects.create(member=member, kind=REPLIED_TO_YOU.key, channel=Channel.NOTHING)
    Choice.objects.create(member=member, kind=NEW_REPLY.key, channel=Channel.DIGEST)
    for kind in (REPLIED_TO_YOU, NEW_REPLY):
        assert strict.post(path(links.off_url(member, kind)), ONE_CLICK).status_code == 200
    assert access.channel_of(member, REPLIED_TO_YOU) == Channel.NOTHING
    assert access.channel_of(member, NEW_REPLY) == Channel.DIGEST


def test_what_cannot_end_alone_ends_with_all_mails(member, moderator):
    assert read(links.off_url(moderator, CRISIS_OVERDUE)).what == links.ALL


def test_a_suspended_member_and_somebody_elses_browser_can_use_it_too(sign_in, member, other_member):
    Member.objects.filter(pk=member.pk).update(suspended_until=factories.now() + dt.timedelta(days=3))
    for browser in (sign_in(member), sign_in(other_member)):
        assert browser.get(path(links.all_off_url(member))).status_code == 200
    assert sign_in(other_member).post(path(links.all_off_url(member))).status_code == 200
    assert Wishes.objects.get(member=member).mail_off is True
    assert not Wishes.objects.filter(member=other_member).exists()


# --- what is in the link ----------------------------------------------------------------------------------------


def test_a_link_can_be_read_by_nobody_and_is_another_one_each_time(member, other_member):
    """Members' public ids stand in pages. Found in a mail, one would tell under which name its reader is known."""
    seen, lengths = set(), set()
    for who in (member, other_member):
        for kind in (REPLIED_TO_YOU, REPLIED_TO_YOU, NEW_REPLY):
            token = path(links.off_url(who, kind)).split("/")[3]
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            for secret in (who.username, who.email, kind.key, str(kind.label), str(who.public_id), who.public_id.hex):
                assert secret.encode() not in raw
                assert secret not in token
            for secret in (who.public_id.bytes, links._mark(who.email), links._mark(kind.key)):
                assert secret not in raw
            # Of two mails nobody sees whether they are about the same.
            seen.add(raw[9:40])
            lengths.add(len(token))
    assert len(seen) == 6
    assert len(lengths) == 1


def test_a_link_in_a_mailbox_that_its_member_has_left_turns_nothing_off(strict, member, other_member):
    old, member.email = path(links.all_off_url(member)), "new@example.org"
    member.save()
    before = state(member)
    assert strict.get(old).status_code == 410
    assert strict.post(old, ONE_CLICK).status_code == 410
    # Nor does it once the address is somebody else's.
    Member.objects.filter(pk=other_member.pk).update(email="alder@example.org")
    assert strict.post(old, ONE_CLICK).status_code == 410
    assert state(member) == before
    assert not Wishes.objects.filter(member=other_member).exists()
    assert strict.post(path(links.all_off_url(member)), ONE_CLICK).status_code == 200


def test_no_page_makes_a_link_last_longer_than_its_mail(strict, member):
    page = strict.get(path(links.off_url(member, REPLIED_TO_YOU)))
    addresses = {form["action"] for form in soup(page).select("main form")}
    assert addresses == {page.request["PATH_INFO"]}


def test_each_kind_of_news_has_a_link_that_is_understood(member):
    for what in kinds.all_choices():
        kind: Any = kinds.get(what)
        found = read(links.off_url(member, kind))
        assert found.member == member.public_id
        assert found.what in (what, links.ALL)


def spoilt(url):
    token = path(url).split("/")[3]
    other = "B" if token[60] == "A" else "A"
    return ["x", token[:-2], token[::-1], f"{token[:60]}{other}{token[61:]}", f"{token}{token}", "a.b.c", "é", "=" * 9]


def test_a_broken_link_changes_nothing_and_leads_to_the_settings(strict, member):
    before = state(member)
    for token in spoilt(links.all_off_url(member)):
        for answer in (strict.get(reverse("news_off", args=[token])), strict.post(reverse("news_off", args=[token]))):
            assert answer.status_code == 410
            assert "This link does not work any more" in words(answer)
            assert "as long as the account has the address" in words(answer)
            assert soup(answer).find("a", href=reverse("news_wishes"))
    assert state(member) == before


def test_a_link_that_is_too_old_changes_nothing(strict, member, monkeypatch):
    url = path(links.all_off_url(member))
    monkeypatch.setattr(links, "VALID_FOR", dt.timedelta(seconds=-1))
    assert strict.post(url, ONE_CLICK).status_code == 410
    assert not Wishes.objects.filter(mail_off=True).exists()


def test_a_signature_of_ours_for_something_else_is_not_taken(strict, member):
    token = signing.TimestampSigner(salt="something else", sep=".").sign("x")
    assert strict.get(reverse("news_off", args=[token])).status_code == 410
    # Made by us, and no link.
    for content in (b"short", b"x" * 28):
        token = links._box().encrypt(content).decode().rstrip("=")
        assert strict.get(reverse("news_off", args=[token])).status_code == 410


def test_links_outlive_a_change_of_the_secret_key(strict, member):
    url = path(links.off_url(member, REPLIED_TO_YOU))
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert strict.post(url, ONE_CLICK).status_code == 200
    assert access.channel_of(member, REPLIED_TO_YOU) == Channel.SITE


def test_guessing_is_slowed_down_and_pressing_is_not(strict, member):
    answers = {strict.get(reverse("news_off", args=[f"guess-{n}"])).status_code for n in range(35)}
    assert answers == {410, 429}
    # One provider presses for many members.
    for _many in range(40):
        assert strict.post(path(links.all_off_url(member)), ONE_CLICK).status_code == 200


def test_other_ways_of_asking_are_refused(strict, member):
    for method in ("put", "patch", "delete"):
        assert getattr(strict, method)(path(links.all_off_url(member))).status_code == 405
    assert not Wishes.objects.exists()
