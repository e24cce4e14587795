"""Mails that come back, people who do not want them, and reports that somebody made up."""

import datetime as dt
import mailbox
import os
import re
import socketserver
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from notifications import compose, reports, services, tasks
from notifications.models import Delivery, Digest, Event, Notice, Return, Wishes
from supportsite import mail_events, urls

REPORT = """\
From: MAILER-DAEMON@mx.example.net
To: returns@support.example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={type}; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net. {note}

--b1
Content-Type: message/{type}

{fields}

--b1
Content-Type: {returned_as}

{returned}

--b1--
"""
FAILED = """\
Reporting-MTA: dns; mx.example.net
Arrival-Date: Sun, 22 Nov 2026 08:00:00 +0000

Final-Recipient: rfc822; alder@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}"""
UNWANTED = """\
Feedback-Type: {feedback}
User-Agent: SomeProvider/1.0
Version: 1
Original-Rcpt-To: <redacted@example.org>"""


@pytest.fixture
def sent(db, member):
    """A mail to `member` that has left."""
    event = Event.objects.create(kind="replied_to_you", target_id=1)
    notice = Notice.objects.create(event=event, recipient=member)
    return Delivery.objects.create(notice=notice, channel=Delivery.Channel.EMAIL, state="sent")


def returned(sent: Any, **changes: Any) -> bytes:
    """The mail as it is quoted in a report about it."""
    mail: Any = compose.message(sent)
    whole = mail.message()
    for name, value in changes.items():
        whole.replace_header(name, value)
    return bytes(whole.as_bytes())


def bounce(mail: bytes, status: str = "5.1.1", action: str = "failed", said: str = "550 No such user", **fields: Any):
    told = {"type": "delivery-status", "number": 1, "note": "", "returned_as": "message/rfc822", **fields}
    failed = FAILED.format(status=status, action=action, said=said)
    return REPORT.format(fields=failed, returned=mail.decode(), **told).encode()


def complaint(mail: bytes, feedback: str = "abuse") -> bytes:
    told = {"type": "feedback-report", "number": 2, "note": "", "returned_as": "message/rfc822"}
    return REPORT.format(fields=UNWANTED.format(feedback=feedback), returned=mail.decode(), **told).encode()


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    """A mailbox into which reports are put."""
    place: Path = tmp_path / "returns"
    mailbox.Maildir(place, create=True)
    settings.RETURNS_MAILBOX = f"maildir://{place}"
    return place


def put(folder: Path, *mails: bytes) -> None:
    for number, raw in enumerate(mails):
        (folder / "new" / f"{len(list(folder.rglob('*')))}.{number}.mx").write_bytes(raw)


def note(raw: bytes) -> bool:
    """Says whether it was taken for a report about a mail of ours."""
    report = reports.read(raw)
    return report is not None and services.note_report(report)


def left(folder: Path) -> list[str]:
    return sorted(file.name for part in ("new", "cur") for file in (folder / part).iterdir())


def noted() -> list[tuple[str, str]]:
    return sorted(Return.objects.values_list("kind", "status"))


# --- what a report says --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.1.1", "550 5.1.1 No such user", "hard"),
        ("5.1.10", "550 5.1.10 Null MX", "hard"),
        ("5.0.0", "550 Unrouteable address", "hard"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied", "hard"),
        ("5.2.1", "550 Account disabled", "hard"),
        ("5.2.2", "552 Mailbox full", "soft"),
        ("5.7.1", "550 5.7.1 Blocked by our policy", "soft"),
        # What the server quotes is more exact than what it says itself.
        ("5.0.0", "550 5.7.26 This mail is unauthenticated", "soft"),
        ("4.4.7", "Delivery time expired", "soft"),
        ("4.0.0", "451 Try later", "soft"),
        ("", "550 No such user", "hard"),
        ("", "421 Busy", "soft"),
        ("nonsense", "", "soft"),
    ],
)
def test_an_address_is_gone_only_where_the_report_is_about_the_address(sent, member, status, said, kind):
    note(bounce(returned(sent), status, said=said))
    assert [one for one, _status in noted()] == [kind]
    assert bool(Wishes.objects.get(member=member).bounced_at) is (kind == "hard")


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded"])
def test_a_mail_that_is_only_late_or_has_arrived_counts_for_nothing(sent, action):
    assert note(bounce(returned(sent), "4.4.1", action))
    assert noted() == []


@pytest.mark.parametrize("feedback", ["abuse", "fraud", "opt-out"])
def test_who_calls_a_mail_unwanted_gets_none(sent, member, feedback):
    note(complaint(returned(sent), feedback))
    assert Wishes.objects.get(member=member).complained_at
    assert noted() == [("complaint", "")]


def test_who_takes_a_mail_out_of_the_spam_folder_is_not_taken_at_their_word_backwards(sent):
    assert note(complaint(returned(sent), "not-spam"))
    assert noted() == []


def test_a_mail_is_recognised_by_its_headers_alone(sent):
    headers = returned(sent).partition(b"\n\n")[0]
    note(bounce(headers, returned_as="text/rfc822-headers"))
    assert noted() == [("hard", "5.1.1")]


def test_a_mail_is_recognised_where_only_the_report_answers_it(sent):
    raw = bounce(b"Subject: nothing", returned_as="text/rfc822-headers")
    raw = raw.replace(b"MIME-Version", f"In-Reply-To: <{sent.token.hex}@localhost>\nMIME-Version".encode(), 1)
    note(raw)
    assert noted() == [("hard", "5.1.1")]


def test_a_digest_comes_back_too(db, member):
    digest = Digest.objects.create(member=member, day=dt.date(2026, 11, 22), state="sent")
    digest.refresh_from_db()
    headers = f"Message-ID: <{digest.token.hex}@localhost>\nTo: {member.email}".encode()
    note(bounce(headers, returned_as="text/rfc822-headers"))
    assert noted() == [("hard", "5.1.1")]


def test_what_comes_back_from_an_address_that_its_member_has_left_counts_for_nothing(sent, member):
    report = bounce(returned(sent))
    type(member).objects.filter(pk=member.pk).update(email="elsewhere@example.org")
    assert note(report)
    assert noted() == []


# --- what somebody made up -----------------------------------------------------------------------------------


def test_a_made_up_report_stops_nobodys_mails(sent, member):
    forged = returned(sent).replace(sent.token.hex.encode(), b"0" * 32)
    assert note(bounce(forged)) is False
    assert note(complaint(forged)) is False
    assert noted() == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1000,
        b'Content-Type: multipart/report; boundary="b"\n\n' + b"--b\n" * 5000,
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\xff\xfe: \xff\n",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(5000)),
        b"Content-Type: message/rfc822\n\n" * 5000,
        b"Content-Type: multipart/report; boundary=b; charset*=x''%ff\n\n--b\n\n--b--",
        b"Subject: " + b"=?utf-8?q?=ff?= " * 10000,
        b"X: y\n" * 60000,
        b"Content-Type: multipart/report; boundary=b\n\n--b\n"
        + b"".join(b"Content-Type: Multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(300))
        + b"\n" * 200_000,
    ],
    ids=range(10),
)
def test_hostile_mail_is_no_report_and_breaks_nothing(raw):
    report = reports.read(raw)
    assert report is None or report.kind is None or not report.mails


def test_a_mail_of_very_many_parts_inside_each_other_is_not_even_read(sent):
    """Each of its lines is compared with the end of each part: one takes seconds, and a flood of them the worker."""
    extra = b"Content-Type: multipart/mixed; boundary=c\n\n" * reports.MOST_MULTIPARTS
    assert reports.read(bounce(extra + returned(sent))) is None


def test_a_flood_of_reports_is_read_a_while_and_the_rest_the_next_time(sent, folder, monkeypatch):
    put(folder, *[b"Subject: Hello\n\nYou."] * 3, bounce(returned(sent)))
    monkeypatch.setattr(services.returns, "READING_SECONDS", -1)
    tasks.read_returns()
    assert len(list((folder / "new").iterdir())) == 4
    monkeypatch.undo()
    tasks.read_returns()
    assert noted() == [("hard", "5.1.1")]


def test_a_huge_mail_is_not_even_read(sent):
    assert reports.read(bounce(returned(sent)) + b"x" * reports.LARGEST) is None


SOME_REPORT = bounce(b"Message-ID: <" + b"a" * 32 + b"@localhost>\nTo: alder@example.org\n\nWords.")


@given(st.lists(st.tuples(st.integers(0, len(SOME_REPORT) - 1), st.binary(max_size=12)), max_size=30))
def test_whatever_is_changed_in_a_report_it_is_read_or_left(changes):
    raw = SOME_REPORT
    for place, what in changes:
        raw = raw[:place] + what + raw[place + len(what) // 2 :]
    report = reports.read(raw)
    assert report is None or report.kind in (None, Return.Kind.HARD, Return.Kind.SOFT, Return.Kind.COMPLAINT)


# --- how often is enough -------------------------------------------------------------------------------------


def soft(member: Any, mark: str, days_ago: int = 0) -> None:
    services.returns.bounced(member=member, status="4.4.7", mark=mark, soft=True)
    Return.objects.filter(kind="soft", at__gt=timezone.now() - dt.timedelta(minutes=5)).update(
        at=timezone.now() - dt.timedelta(days=days_ago)
    )


def test_an_address_that_fails_on_five_days_is_given_up(member):
    for day in (8, 6, 5, 2):
        soft(member, f"on day {day}", day)
        assert Wishes.objects.get(member=member).bounced_at is None
    soft(member, "today")
    assert Wishes.objects.get(member=member).bounced_at


def test_a_bad_afternoon_of_a_server_counts_once(member):
    for number in range(10):
        services.returns.bounced(member=member, status="4.4.7", mark=str(number), soft=True)
    wishes = Wishes.objects.get(member=member)
    assert (wishes.soft_bounces, wishes.bounced_at) == (1, None)


def test_what_failed_long_ago_is_forgotten(member):
    for day in (30, 29, 28, 27):
        soft(member, f"on day {day}", day)
    soft(member, "today")
    wishes = Wishes.objects.get(member=member)
    assert (wishes.soft_bounces, wishes.bounced_at) == (1, None)


def test_whose_an_address_is_is_found_by_an_index(db, member):
    """A provider calls for every mail that comes back, and a site may have a million members."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        services.note_event(address=member.email.upper(), kind=Return.Kind.HARD, status="5.1.1", mark="1")
    found = next(query["sql"] for query in asked if "LOWER" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {found}")
        assert "member_email_whatever_case" in str(cursor.fetchall())
    assert noted() == [("hard", "5.1.1")]


# --- mailboxes -----------------------------------------------------------------------------------------------


def test_reports_are_noted_and_removed_and_everything_else_stays(sent, folder, capsys):
    put(folder, bounce(returned(sent)), b"Subject: A question to the people who run this\n\nHello?", b"\xff\xfe")
    call_command("read_bounces")
    assert "1 noted and removed, 2 left" in capsys.readouterr().out
    assert noted() == [("hard", "5.1.1")]
    assert len(left(folder)) == 2
    assert all(name.endswith(":2,S") for name in left(folder))
    call_command("read_bounces")
    assert "0 noted and removed, 0 left" in capsys.readouterr().out


def test_the_same_report_counts_once_however_often_it_comes(sent, folder):
    report = bounce(returned(sent))
    put(folder, report, report, bounce(returned(sent), number=7, note="Once more."))
    tasks.read_returns()
    assert noted() == [("hard", "5.1.1")]
    assert left(folder) == []


def test_no_log_names_an_address(sent, folder, caplog):
    put(folder, bounce(returned(sent)), bounce(b"Message-ID: <x@y>"), complaint(returned(sent)))
    with caplog.at_level("DEBUG"):
        tasks.read_returns()
    assert "2 noted, 1 left" in caplog.text
    assert "@" not in caplog.text


def test_a_file_of_mails_is_read_as_well(sent, tmp_path, capsys):
    box = mailbox.mbox(tmp_path / "returns", create=True)
    for raw in (b"Subject: Hello\n\nYou.", bounce(returned(sent))):
        box.add(raw)
    box.close()
    for expected in ("1 noted and removed, 1 left", "0 noted and removed, 0 left"):
        call_command("read_bounces", mailbox=f"mbox://{tmp_path / 'returns'}")
        assert expected in capsys.readouterr().out
    assert noted() == [("hard", "5.1.1")]
    assert (tmp_path / "returns").read_bytes().count(b"\nSubject: ") == 1


def test_a_huge_mail_in_a_file_of_mails_is_left_as_it_is_and_only_its_head_is_asked_again(tmp_path, db, monkeypatch):
    path, bomb = tmp_path / "returns", b"Subject: Hello\n\n" + b"\xffFrom the heart\n>From\n" * 30_000
    path.write_bytes(b"From alder@example.org Sun Nov 22 08:00:00 2026\n" + bomb)
    monkeypatch.setattr(mailbox.mbox, "get_message", lambda *_told: pytest.fail("the whole mail was parsed"))
    for left_unread in (1, 0, 0):
        assert services.collect_returns(mailbox=f"mbox://{path}").unknown == left_unread
    envelope, status, rest = path.read_bytes().split(b"\n", 2)
    assert envelope == b"From alder@example.org Sun Nov 22 08:00:00 2026"
    assert status == b"Status: RO"
    assert rest.rstrip() == bomb.rstrip()


def test_a_lock_that_a_dead_worker_left_keeps_nobody_out_for_good(sent, tmp_path):
    path, lock = tmp_path / "returns", tmp_path / "returns.lock"
    path.write_bytes(b"From somebody Sun Nov 22 08:00:00 2026\n" + bounce(returned(sent)))
    lock.write_bytes(b"")
    with pytest.raises(mailbox.ExternalClashError):
        services.collect_returns(mailbox=f"mbox://{path}")
    an_hour_ago = timezone.now().timestamp() - 3600
    os.utime(lock, (an_hour_ago, an_hour_ago))
    assert services.collect_returns(mailbox=f"mbox://{path}").known == 1
    assert not lock.exists()


class ImapServer(socketserver.StreamRequestHandler):
    """As much of IMAP as is asked for: who signs in right finds these mails, each with its flags."""

    mails: dict[int, tuple[bytes, set[str]]]

    def handle(self) -> None:
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] here\r\n")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            for part in self.answer(command):
                self.wfile.write(part)
            self.wfile.write(f"{tag} {self.result(command)}\r\n".encode())

    def result(self, command: str) -> str:
        wrong = command.startswith("LOGIN") and command != 'LOGIN returns "a pass/word"'
        return "NO [AUTHENTICATIONFAILED] no" if wrong else "OK done"

    def answer(self, command: str) -> Iterator[bytes]:
        mails = type(self).mails
        if command == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif command.startswith("SELECT"):
            yield f"* {len(mails)} EXISTS\r\n".encode()
        elif command == "UID SEARCH UNSEEN":
            unseen = " ".join(str(uid) for uid, (_raw, flags) in mails.items() if r"\Seen" not in flags)
            yield f"* SEARCH {unseen}\r\n".encode()
        elif found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            raw = mails[int(found[1])][0][: int(found[2])]
            yield f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        elif found := re.match(r"UID STORE (\d+) \+FLAGS \((.*)\)", command):
            mails[int(found[1])][1].update(found[2].split())
        elif command == "CLOSE":
            for uid in [uid for uid, (_raw, flags) in mails.items() if r"\Deleted" in flags]:
                del mails[uid]
        elif command == "LOGOUT":
            yield b"* BYE\r\n"


@pytest.fixture
def imap():
    """A server with a mailbox; `imap(*mails)` puts them there and says its address."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), ImapServer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def filled(*mails: bytes) -> str:
        ImapServer.mails = {number: (raw, set()) for number, raw in enumerate(mails, start=1)}
        return f"127.0.0.1:{server.server_address[1]}/INBOX"

    yield filled
    server.shutdown()
    server.server_close()


def test_a_mailbox_on_a_server_is_read_as_well(sent, imap, capsys):
    place = imap(b"Subject: Hello\r\n\r\nYou.", bounce(returned(sent)), b"x" * (reports.LARGEST + 10))
    for expected in ("1 noted and removed, 2 left", "0 noted and removed, 0 left"):
        call_command("read_bounces", mailbox=f"imap://returns:a%20pass%2Fword@{place}")
        assert expected in capsys.readouterr().out
    assert noted() == [("hard", "5.1.1")]
    assert [flags for _raw, flags in ImapServer.mails.values()] == [{r"\Seen"}, {r"\Seen"}]


def test_a_mailbox_that_is_not_there_says_so_and_names_no_password(db, imap, tmp_path):
    for url in (f"maildir://{tmp_path}/no", f"mbox://{tmp_path}/no", f"imap://returns:wrong@{imap()}"):
        with pytest.raises(CommandError, match="could not be read") as error:
            call_command("read_bounces", mailbox=url)
        assert "wrong" not in str(error.value)
    with pytest.raises(CommandError, match="RETURNS_MAILBOX is not set"):
        call_command("read_bounces", mailbox="")


# --- providers that call -------------------------------------------------------------------------------------

CALL = "/mail-events/postmark/tracking/"
SECRET: dict[str, Any] = {"HTTP_AUTHORIZATION": "Basic " + b64encode(b"hook:a-secret").decode()}
DEAD = {
    "RecordType": "Bounce", "ID": 42, "Type": "HardBounce", "TypeCode": 1, "MessageID": "m-1",
    "Details": "smtp;550 5.1.1 no such user", "BouncedAt": "2026-11-22T08:00:00Z", "Inactive": True,
}  # fmt: skip
FULL = DEAD | {"ID": 43, "Type": "SoftBounce", "TypeCode": 4096, "Details": "smtp;452 4.2.2 mailbox full"}
SPAM = DEAD | {"RecordType": "SpamComplaint", "ID": 44, "Type": "SpamComplaint", "TypeCode": 512}
STOP = {
    "RecordType": "SubscriptionChange", "MessageID": "m-1", "ChangedAt": "2026-11-22T08:00:00Z",
    "SuppressSending": True, "SuppressionReason": "ManualSuppression", "Origin": "Recipient",
}  # fmt: skip
OPEN = {"RecordType": "Open", "FirstOpen": True, "MessageID": "m-1", "ReceivedAt": "2026-11-22T08:00:00Z"}


@pytest.fixture
def provider(db, settings):
    """`provider(event, address)` calls as Postmark does."""
    settings.MAIL_EVENTS_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "hook:a-secret"}
    with_events = ModuleType("urls_with_mail_events")
    with_events.__dict__.update(vars(urls))
    with_events.urlpatterns = [*mail_events.urlpatterns(), *urls.urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = with_events

    def call(event: dict[str, Any], address: str, **headers: Any) -> int:
        told = event | {"Email": address, "Recipient": address}
        client = Client(enforce_csrf_checks=True)
        return client.post(CALL, told, content_type="application/json", **(headers or SECRET)).status_code

    return call


def test_a_provider_tells_of_a_dead_address_and_may_tell_it_twice(provider, member):
    for _time in range(2):
        assert provider(DEAD, member.email.upper()) == 200
    assert noted() == [("hard", "5.1.1")]
    assert Wishes.objects.get(member=member).bounced_at


def test_a_provider_tells_of_a_full_mailbox_and_of_who_calls_a_mail_unwanted(provider, member):
    for event in (FULL, SPAM):
        assert provider(event, member.email) == 200
    assert [kind for kind, _status in noted()] == ["complaint", "soft"]
    wishes = Wishes.objects.get(member=member)
    assert wishes.complained_at
    assert wishes.bounced_at is None


def test_who_tells_the_provider_to_stop_gets_no_mails(provider, member):
    assert provider(STOP, member.email) == 200
    assert Wishes.objects.get(member=member).mail_off


def test_who_opened_what_is_not_looked_at_and_strangers_are_nobodys_concern(provider, member):
    assert provider(OPEN, member.email) == 200
    assert provider(DEAD, "stranger@example.org") == 200
    assert noted() == []
    assert not Wishes.objects.exists()


def test_who_does_not_know_the_secret_tells_nothing(provider, member):
    wrong = "Basic " + b64encode(b"hook:another").decode()
    for headers in ({"HTTP_AUTHORIZATION": wrong}, {"HTTP_X_NOTHING": "none"}):
        assert provider(DEAD, member.email, **headers) == 400
    assert Client().get(CALL).status_code == 405
    assert noted() == []


def test_without_a_secret_nobody_can_call_and_with_one_only_the_provider_that_was_chosen(db, provider):
    assert Client().post("/mail-events/mailgun/tracking/", **SECRET).status_code == 404
    assert Client().post("/mail-events/postmark/inbound/", **SECRET).status_code == 404


def test_where_no_provider_was_set_up_there_is_no_such_address(db):
    assert Client().post(CALL, DEAD, content_type="application/json", **SECRET).status_code == 404
