"""Mails on their way to a real mail server, which takes them, refuses them, thinks for ever or dies in the middle."""

import asyncio
import datetime as dt
import socket
import threading
from email import message_from_bytes, policy
from functools import partial
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection, transaction
from django.utils import timezone

from notifications import services, tasks
from notifications.models import Delivery, Event, Notice, Return, Wishes
from notifications.services import sending
from tests import factories
from tests.at_once import at_once

TIMEOUT_SECONDS = 1


class Behaviour:
    """What the server does when it is asked. Tests change it while it runs."""

    def __init__(self) -> None:
        self.to_recipient = "250 OK"
        self.to_words = "250 OK"
        self.hangs = self.dies = False
        self.received: list[Envelope] = []
        self.connections = 0
        self.thinks = threading.Event()

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.to_words.startswith("250"):
            self.received.append(envelope)
        self.thinks.set()
        if self.hangs:
            await asyncio.sleep(3 * TIMEOUT_SECONDS)
        if self.dies:
            transport: Any = server.transport
            transport.abort()
        return self.to_words

    @property
    def mails(self) -> list[Any]:
        raw = [envelope.original_content or b"" for envelope in self.received]
        return [message_from_bytes(one, policy=policy.default) for one in raw]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture
def server(settings):
    behaviour = Behaviour()
    port = free_port()
    controller = Controller(behaviour, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    options = {"host": "127.0.0.1", "port": port, "timeout": TIMEOUT_SECONDS}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    yield behaviour
    controller.stop()


@pytest.fixture
def waiting(reply):
    """A reply whose mail waits to be sent."""
    made = reply()
    (made.delivery,) = services.expand(made.event)
    return made


def only() -> Delivery:
    return Delivery.objects.get()


def a_while_later() -> None:
    """The pause until the next try is over, and so is the time that a dead worker is waited for."""
    past = timezone.now() - 2 * sending.LEASE
    Delivery.objects.filter(began_at__isnull=False).update(began_at=past)
    Delivery.objects.update(due_at=past)


def test_a_mail_arrives_whole(server, waiting, member, settings):
    settings.RETURNS_ADDRESS = "returns@support.example.org"
    tasks.send_delivery(waiting.delivery)
    (mail,), (envelope,) = server.mails, server.received
    assert only().state == "sent"
    assert envelope.mail_from == "returns@support.example.org"
    assert envelope.rcpt_tos == [member.email] == [mail["To"]]
    assert mail["From"] == settings.DEFAULT_FROM_EMAIL
    assert mail["Subject"] == "You have an update"
    assert mail["Message-ID"] == f"<{only().token.hex}@localhost>"
    assert mail["List-Unsubscribe"].startswith(f"<{settings.SITE_URL}/")
    # As it was on the wire: in one piece, and not in coded words.
    assert f"\r\nList-Unsubscribe: {mail['List-Unsubscribe']}\r\n".encode() in envelope.content
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    link = f"{settings.SITE_URL}/updates/{Notice.objects.get().public_id}/"
    assert all(link in part.get_content() for part in mail.iter_parts())
    assert max(map(len, envelope.content.split(b"\r\n"))) <= 998


def test_an_address_that_does_not_exist_gets_no_more_mails(server, waiting, reply, member):
    server.to_recipient = "550 5.1.1 <alder@example.org>: no such person here"
    tasks.send_delivery(waiting.delivery)
    assert (only().state, only().reason) == ("skipped", "bounced")
    assert Wishes.objects.get(member=member).bounced_at
    assert Return.objects.get().status == "5.1.1"
    server.to_recipient, connections = "250 OK", server.connections
    (another,) = services.expand(reply().event)
    tasks.send_delivery(another)
    assert Delivery.objects.get(pk=another).reason == "bounced"
    assert (server.received, server.connections) == ([], connections)
    services.address_works(member=member)
    tasks.send_delivery(services.expand(reply().event)[0])
    assert len(server.received) == 1


def test_a_server_that_has_something_against_us_does_not_end_mails_to_its_people(server, waiting, member):
    server.to_recipient = "550 5.7.1 Your server is on a list"
    tasks.send_delivery(waiting.delivery)
    assert only().state == "waiting"
    assert not Return.objects.exists()
    server.to_recipient = "250 OK"
    a_while_later()
    tasks.send_delivery(waiting.delivery)
    assert len(server.received) == 1


@pytest.mark.parametrize("where", ["to_recipient", "to_words"])
def test_a_server_that_asks_to_come_later_is_asked_again_later(server, waiting, where, caplog):
    setattr(server, where, "451 4.7.1 Later, please")
    tasks.send_delivery(waiting.delivery)
    delivery = only()
    assert (delivery.state, delivery.attempts, delivery.maybe_twice) == ("waiting", 1, False)
    assert delivery.due_at > timezone.now() + dt.timedelta(seconds=30)
    ours = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    assert len(ours) == 1
    assert "@" not in ours[0]
    setattr(server, where, "250 OK")
    a_while_later()
    tasks.send_delivery(waiting.delivery)
    assert only().state == "sent"
    assert len(server.received) == 1


@pytest.mark.parametrize("trouble", ["hangs", "dies"])
def test_a_server_that_does_not_say_whether_it_took_a_mail_gets_it_again_under_the_same_id(server, waiting, trouble):
    setattr(server, trouble, True)
    tasks.send_delivery(waiting.delivery)
    assert (only().state, only().attempts) == ("waiting", 1)
    setattr(server, trouble, False)
    a_while_later()
    tasks.send_delivery(waiting.delivery)
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert (only().state, only().maybe_twice) == ("sent", True)


def test_a_worker_that_dies_after_the_server_took_the_mail_sends_it_again_under_the_same_id(server, waiting):
    begun = sending._begin(Delivery, waiting.delivery)
    assert begun is not None
    begun.message.send()
    # Here it dies, and nobody notes anything.
    tasks.send_delivery(waiting.delivery)
    assert len(server.received) == 1
    a_while_later()
    tasks.send_delivery(waiting.delivery)
    first, second = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert (only().state, only().maybe_twice) == ("sent", True)


def test_where_no_server_is_the_mail_waits_and_was_surely_not_sent(waiting, settings):
    options = {"host": "127.0.0.1", "port": free_port(), "timeout": TIMEOUT_SECONDS}
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}}
    tasks.send_delivery(waiting.delivery)
    assert (only().state, only().attempts, only().maybe_twice) == ("waiting", 1, False)


def test_while_the_server_thinks_the_row_is_free_and_nobody_else_sends_it(shared_database, server):
    post = factories.PostFactory()
    event = Event.objects.create(kind="replied_to_you", target_id=post.pk, actor=post.author)
    notice = Notice.objects.create(event=event, recipient=post.thread.author)
    pk = Delivery.objects.create(notice=notice, channel=Delivery.Channel.EMAIL).pk
    server.hangs = True

    def look() -> bool:
        assert server.thinks.wait(30)
        with transaction.atomic():
            # Raises at once where somebody holds it.
            Delivery.objects.select_for_update(nowait=True).get(pk=pk)
        sent = services.send(pk)
        connection.close()
        return sent

    _first, by_another = at_once(partial(tasks.send_delivery, pk), look)
    assert by_another is False
    assert len(server.received) == 1
    assert Delivery.objects.get(pk=pk).state == "waiting"
