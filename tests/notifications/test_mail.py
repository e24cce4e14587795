"""What a mail says and does not say, how it ends, and how many there are at most."""

import re
import time
from email import message_from_bytes, policy
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from core.notes import ContentNote
from forums.models import Post, Thread
from forums.news import REPLIED_TO_YOU
from moderation.news import DECISION_ABOUT_YOU
from moderation.news_desk import CRISIS_OVERDUE
from notifications import access, compose, kinds, services, tasks
from notifications.models import Channel, Delivery, Event, Notice, Wishes
from notifications.services import sending


@pytest.fixture
def waiting(reply):
    """A reply whose mail waits to be sent."""
    made = reply()
    (made.delivery,) = services.expand(made.event)
    return made


def received(mail: Any) -> Any:
    """As it comes out of the wire at the other end."""
    return message_from_bytes(mail.message(policy=policy.SMTP).as_bytes(), policy=policy.default)


def soup(html: str) -> Any:
    return BeautifulSoup(html, "lxml")


def parts(mail: Any) -> SimpleNamespace:
    whole = received(mail)
    text, html = whole.get_body(("plain",)), whole.get_body(("html",))
    assert text is not None
    assert html is not None
    return SimpleNamespace(whole=whole, text=text.get_content(), html=html.get_content())


def delivery_of(kind: kinds.Kind, member: Any, *, target: int = 1, group: int | None = None) -> Delivery:
    event = Event.objects.create(kind=kind.key, target_id=target, group_id=group)
    notice = Notice.objects.create(event=event, recipient=member, presses=kind.presses)
    return Delivery.objects.create(notice=notice, channel=Delivery.Channel.EMAIL)


def mail_of(kind: kinds.Kind, member: Any, **event: Any) -> Any:
    return compose.message(Delivery.objects.get(pk=delivery_of(kind, member, **event).pk))


# --- what it says --------------------------------------------------------------------------------------------


def test_a_mail_does_not_say_what_it_is_about_or_to_whom_it_goes(waiting, member, settings, mailoutbox):
    services.send(waiting.delivery)
    said = parts(mailoutbox[0])
    notice = Notice.objects.get()
    assert said.whole["Subject"] == "You have an update"
    assert said.whole["To"] == member.email
    del said.whole["To"]
    secrets = ("particular title", "Night watch", "birch", "alder", "comfort", "a reply", "replied", "depress")
    for part in (said.text, said.html, said.whole.as_string()):
        for secret in (*secrets, waiting.thread.slug, str(waiting.thread.public_id)):
            assert secret.lower() not in part.lower()
    link = f"{settings.SITE_URL}/updates/{notice.public_id}/"
    assert link in said.text
    assert f'href="{link}"' in said.html


@pytest.mark.parametrize("key", sorted(kinds._kinds))
def test_no_kind_of_news_gives_itself_away(db, member, key):
    kind = kinds._kinds[key]
    chosen = kinds.get(kind.choice) or kind
    said = parts(mail_of(kind, member, target=10**9))
    for part in (said.text, said.html, said.whole.as_string()):
        assert key not in part
        assert not chosen.label or str(chosen.label) not in part


def test_who_chose_it_reads_in_the_mail_what_it_is_about(waiting, member, mailoutbox):
    Wishes.objects.create(member=member, content_in_mail=True)
    services.send(waiting.delivery)
    said = parts(mailoutbox[0])
    for part in (said.text, soup(said.html).get_text()):
        assert "Somebody replied in “A very particular title”." in part
        assert "because mails are on for: A reply to me." in part
    assert said.whole["Subject"] == "You have an update"
    assert "Secret words" not in said.text + said.html


def test_a_title_with_a_content_note_stays_folded_in_a_mail(waiting, member, mailoutbox):
    Wishes.objects.create(member=member, content_in_mail=True)
    Thread.objects.update(content_notes=[ContentNote.LOSS])
    services.send(waiting.delivery)
    said = parts(mailoutbox[0])
    assert "particular title" not in said.text + said.html
    assert "touches on" in said.text


def test_what_was_hidden_a_moment_ago_is_not_told_even_to_who_reads_in_mails(waiting, member):
    Wishes.objects.create(member=member, content_in_mail=True)
    Post.objects.filter(pk=waiting.post.pk).update(visibility="hidden")
    said = parts(compose.message(Delivery.objects.get()))
    assert "particular title" not in said.text + said.html
    assert str(kinds.USUAL_LINE) in said.text


def test_a_title_cannot_bring_markup_into_a_mail(waiting, member):
    Wishes.objects.create(member=member, content_in_mail=True)
    Thread.objects.update(title='<img src="https://elsewhere.example/x"> & more')
    said = parts(compose.message(Delivery.objects.get()))
    assert soup(said.html).find("img") is None
    assert '<img src="https://elsewhere.example/x"> & more' in said.text


def test_a_mail_brings_no_pictures_and_asks_nobody(waiting, settings, mailoutbox):
    services.send(waiting.delivery)
    html = parts(mailoutbox[0]).html
    addresses = re.findall(r"""(?:(?:src|href)=|url\()\s*["']?([^"')> ]+)""", html)
    assert addresses
    assert all(address.startswith(settings.SITE_URL) for address in addresses)
    assert not soup(html).find(["img", "script", "link", "iframe", "object", "form"])


def test_both_parts_lead_to_the_same_places(waiting, mailoutbox):
    services.send(waiting.delivery)
    said = parts(mailoutbox[0])
    linked = [link["href"] for link in soup(said.html).find_all("a")]
    assert sorted(linked) == sorted(re.findall(r"https?://\S+", said.text))
    assert len(linked) == 4


def test_a_mail_looks_as_meant_where_style_sheets_are_thrown_away_and_keeps_its_dark_colours(waiting, mailoutbox):
    services.send(waiting.delivery)
    page = soup(parts(mailoutbox[0]).html)
    assert "background-color" in page.find("a", class_="button")["style"]
    assert "line-height: 1.6" in page.find("td", class_="words")["style"]
    kept = page.find("style").get_text()
    assert "prefers-color-scheme: dark" in kept
    assert page.find("meta", attrs={"name": "color-scheme"})["content"] == "light dark"


def test_a_mail_is_as_wide_as_its_reader(waiting, mailoutbox):
    services.send(waiting.delivery)
    page = soup(parts(mailoutbox[0]).html)
    assert {table["width"] for table in page.find_all("table")} == {"100%"}
    styles = " ".join(tag["style"] for tag in page.find_all(style=True))
    assert not re.search(r"(?<!max-)(?<!min-)width:\s*\d+px", styles)


@pytest.mark.parametrize(("language", "direction"), [("en-gb", "ltr"), ("ar", "rtl")])
def test_a_mail_says_its_language_and_direction(waiting, settings, language, direction):
    settings.LANGUAGE_CODE = language
    html = soup(parts(compose.message(Delivery.objects.get())).html).html
    assert (html["lang"], html["dir"]) == (language, direction)


# --- how it ends ---------------------------------------------------------------------------------------------


def test_one_click_turns_this_kind_off_and_the_address_is_whole(waiting, member, settings, mailoutbox):
    settings.SITE_URL = "https://a-rather-long-name-of-a-support-community.example.org"
    services.send(waiting.delivery)
    raw = mailoutbox[0].message(policy=policy.SMTP).as_bytes().decode()
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    (address,) = re.findall(r"\r\nList-Unsubscribe: <(https://\S+)>\r\n", raw)
    assert address.startswith(f"{settings.SITE_URL}/")
    answer = Client(enforce_csrf_checks=True).post(urlsplit(address).path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert access.channel_of(member, REPLIED_TO_YOU) == Channel.SITE


def test_another_click_turns_all_mails_off(waiting, member, mailoutbox):
    services.send(waiting.delivery)
    page = soup(parts(mailoutbox[0]).html)
    link = page.find("a", string="Turn off all mails from here")["href"]
    Client().post(urlsplit(link).path)
    assert Wishes.objects.get(member=member).mail_off


def test_a_decision_can_be_turned_off_and_an_alarm_says_that_it_cannot(db, moderator):
    decision, alarm = (parts(mail_of(kind, moderator)) for kind in (DECISION_ABOUT_YOU, CRISIS_OVERDUE))
    assert decision.whole["List-Unsubscribe"]
    assert "Turn off mails for this kind of news" in decision.text
    assert alarm.whole["List-Unsubscribe"] is None
    assert alarm.whole["List-Unsubscribe-Post"] is None
    assert "always comes by mail" in alarm.text
    assert "Turn off all mails" in alarm.text


def test_nobody_and_no_machine_is_asked_for_an_answer(waiting, mailoutbox):
    services.send(waiting.delivery)
    whole = received(mailoutbox[0])
    assert whole["Auto-Submitted"] == "auto-generated"
    assert whole["List-Id"] == "<updates.localhost>"
    assert "Nobody reads the answers" in parts(mailoutbox[0]).text


def test_what_cannot_be_delivered_goes_to_an_address_of_its_own(waiting, settings, mailoutbox):
    settings.RETURNS_ADDRESS = "returns@support.example.org"
    services.send(waiting.delivery)
    assert mailoutbox[0].from_email == "returns@support.example.org"
    assert received(mailoutbox[0])["From"] == settings.DEFAULT_FROM_EMAIL


# --- ids -----------------------------------------------------------------------------------------------------


def ids(mail: Any) -> tuple[str, str | None]:
    whole = received(mail)
    assert whole["In-Reply-To"] == whole["References"]
    return str(whole["Message-ID"]), whole["References"]


def test_the_same_mail_has_the_same_id_on_every_attempt(waiting, mailoutbox):
    services.send(waiting.delivery)
    Delivery.objects.update(state="waiting", began_at=None)
    services.send(waiting.delivery)
    first, second = map(ids, mailoutbox)
    assert first == second
    assert first[0].endswith("@localhost>")


def test_mails_about_the_same_thread_stand_together_and_others_do_not(db, member, other_member):
    mails = [
        ids(mail_of(REPLIED_TO_YOU, somebody, target=target, group=group))
        for target, (somebody, group) in enumerate(
            [(member, 7), (member, 7), (member, 8), (member, None), (other_member, 7)], start=1
        )
    ]
    assert len({own for own, _root in mails}) == 5
    roots = [root for _own, root in mails]
    assert roots[0] == roots[1]
    assert roots[3] is None
    assert len({*roots}) == 4


def test_an_id_tells_nothing(db, member):
    mail = mail_of(REPLIED_TO_YOU, member, target=123456, group=654321)
    notice = Notice.objects.get()
    own, root = ids(mail)
    for known in (
        member.username,
        notice.public_id.hex,
        member.public_id.hex,
        str(notice.public_id),
        "123456",
        "654321",
    ):
        assert known not in own + str(root)
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", own)
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", str(root))


# --- how many ------------------------------------------------------------------------------------------------


def send_many(kind: kinds.Kind, member: Any, count: int) -> list[tuple[str, str]]:
    """What became of each, in the order in which they were to be sent."""
    first = Event.objects.count() + 1
    deliveries = [delivery_of(kind, member, target=target).pk for target in range(first, first + count)]
    for pk in deliveries:
        services.send(pk)
    return [Delivery.objects.values_list("state", "reason").get(pk=pk) for pk in deliveries]


@pytest.fixture
def plain_kind(monkeypatch):
    """A kind of news that everybody may see, by mail."""

    def make(**fields: Any) -> kinds.Kind:
        kind = kinds.Kind(
            key="plain",
            audience=kinds.few(lambda event: []),
            visible=lambda targets, member: targets,
            url=lambda event: "/",
            lines=lambda targets: dict.fromkeys(targets, "News."),
            default=Channel.MAIL,
            **fields,
        )
        monkeypatch.setitem(kinds._kinds, kind.key, kind)
        return kind

    return make


def test_nobody_gets_more_than_ten_mails_an_hour(member, other_member, plain_kind, mailoutbox):
    kind = plain_kind()
    became = send_many(kind, member, sending.TO_ONE_AN_HOUR + 2)
    assert became == [("sent", "")] * sending.TO_ONE_AN_HOUR + [("skipped", "too_many")] * 2
    assert send_many(kind, other_member, 1) == [("sent", "")]


def test_decisions_leave_however_many_there_are(member, plain_kind, mailoutbox):
    became = send_many(plain_kind(presses=True), member, sending.TO_ONE_AN_HOUR + 2)
    assert set(became) == {("sent", "")}


def test_the_site_sends_as_many_a_minute_as_its_server_takes_and_the_others_wait_their_turn(
    member, plain_kind, settings, monkeypatch, mailoutbox
):
    settings.MAILS_A_MINUTE = 2
    assert send_many(plain_kind(), member, 4) == [("sent", "")] * 2 + [("waiting", "site_busy")] * 2
    a_minute_later = time.time() + 60
    monkeypatch.setattr("core.pace.time", lambda: a_minute_later)
    for delivery in Delivery.objects.filter(state="waiting"):
        assert services.send(delivery.pk) is True
    assert len(mailoutbox) == 4


def test_a_mail_that_is_tried_again_does_not_use_up_what_its_member_may_get(
    member, plain_kind, monkeypatch, mailoutbox
):
    def refuse(*_args):
        raise ConnectionRefusedError

    kind = plain_kind()
    retried = delivery_of(kind, member, target=99).pk
    with monkeypatch.context() as server:
        server.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        for _try in range(sending.TO_ONE_AN_HOUR + 1):
            tasks.send_delivery(retried)
    assert services.send(retried) is True
    assert send_many(kind, member, sending.TO_ONE_AN_HOUR - 1) == [("sent", "")] * (sending.TO_ONE_AN_HOUR - 1)


def test_a_mail_that_waits_for_its_turn_does_not_use_up_what_its_member_may_get(member, plain_kind, settings):
    settings.MAILS_A_MINUTE = 0
    delivery = delivery_of(plain_kind(), member).pk
    for _look in range(sending.TO_ONE_AN_HOUR + 1):
        assert services.send(delivery) is False
    settings.MAILS_A_MINUTE = 100
    assert services.send(delivery) is True


def test_writing_a_mail_costs_the_same_whatever_it_says(waiting, member, django_assert_max_num_queries):
    Wishes.objects.create(member=member, content_in_mail=True)
    delivery = Delivery.objects.select_related("notice__event", "notice__recipient").get()
    # What the member chose, what they may still see, and the line about it.
    with django_assert_max_num_queries(3):
        compose.message(delivery)
