"""What nobody needs any more goes, and the page about it says the same."""

import datetime as dt
import logging

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from forums.models import Draft
from members import retention
from members.models import Invitation, KnownDevice
from members.services import retention as services
from notifications.models import Event, Notice, Return
from tests import factories
from tests.members import relations

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXPORT_DIR = str(tmp_path / "exports")


def terms_of(label: str) -> list[str]:
    return [term.key for term in retention.terms() if label in term.models]


@pytest.mark.parametrize("label", sorted(relations.reaching()))
def test_of_every_model_that_leads_to_a_member_it_is_said_how_long_it_is_kept(label):
    part_of = {
        "members.Member_groups": "members.Member",
        "members.Member_user_permissions": "members.Member",
        "moderation.CaseNote_mentioned": "moderation.CaseNote",
        "moderation.Alert_cases": "moderation.Case",
        "moderation.Alert": "moderation.Case",
        "resources.HelplineChannel": "resources.Helpline",
    }
    if label.startswith("resources.") and label.endswith("Page") and label != "resources.ArticlePage":
        return  # kinds of articles
    if label.startswith("wagtail") and label not in relations.naming_members():
        return  # pages: the site's own
    assert len(terms_of(part_of.get(label, label))) == 1, label


def test_every_model_that_is_named_is_there():
    known = {model._meta.label for model in relations.models()}
    assert {label for term in retention.terms() for label in term.models} - known == set()


def test_every_term_can_be_read_by_people():
    for term in retention.terms():
        for sentence in (term.what, term.why, term.how_long, term.seen_by):
            assert str(sentence).endswith("."), (term.key, sentence)


def session(member, key: str, **ages) -> None:
    now = timezone.now()
    Session.objects.create(session_key=key, session_data="", expire_date=now + ages.get("ends", DAY))
    UserSession.objects.create(
        user=member, session_key=key, ip="203.0.113.9", user_agent="Firefox", last_seen_at=now - ages.get("seen", DAY)
    )


def test_sessions_that_ended_and_addresses_of_a_month_ago_go(member):
    session(member, "a" * 32, ends=-DAY)
    session(member, "b" * 32, seen=31 * DAY)
    session(member, "c" * 32, seen=29 * DAY)
    services.purge()
    # Nobody could end a session of which nothing says whose it is.
    assert set(Session.objects.values_list("session_key", flat=True)) == {"c" * 32}
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"a" * 32, "c" * 32}


def test_drafts_go_thirty_days_after_they_were_last_changed(member):
    old, new = (
        factories.DraftFactory(member=member, thread=factories.ThreadFactory()),
        factories.DraftFactory(member=member, thread=factories.ThreadFactory()),
    )
    Draft.objects.filter(pk=old.pk).update(updated_at=timezone.now() - 31 * DAY)
    Draft.objects.filter(pk=new.pk).update(updated_at=timezone.now() - 29 * DAY)
    services.purge()
    assert list(Draft.objects.values_list("pk", flat=True)) == [new.pk]


def test_devices_and_invitations_go_when_they_are_old(member):
    today = timezone.now().date()
    KnownDevice.objects.create(member=member, digest="a" * 64, seen_on=today - 181 * DAY)
    kept = KnownDevice.objects.create(member=member, digest="b" * 64, seen_on=today - 179 * DAY)
    Invitation.objects.create(digest="a" * 64, expires_at=timezone.now() - 31 * DAY)
    waits = Invitation.objects.create(digest="b" * 64, expires_at=timezone.now() - 29 * DAY)
    services.purge()
    assert list(KnownDevice.objects.all()) == [kept]
    assert list(Invitation.objects.all()) == [waits]


def test_news_that_was_read_goes_after_ninety_days_and_all_after_a_year(member):
    now = timezone.now()
    kept = []
    for number, (read, age, stays) in enumerate(
        [(91, 100, False), (89, 100, True), (None, 300, True), (None, 366, False)]
    ):
        event = Event.objects.create(kind="x", target_id=number)
        notice = Notice.objects.create(event=event, recipient=member, read_at=now - read * DAY if read else None)
        Notice.objects.filter(pk=notice.pk).update(created_at=now - age * DAY)
        kept += [notice.pk] if stays else []
    services.purge()
    assert sorted(Notice.objects.values_list("pk", flat=True)) == kept


def test_events_stay_for_as_long_as_somebody_has_news_of_them(member):
    now = timezone.now()
    told, alone = [Event.objects.create(kind="x", target_id=n, expanded_at=now) for n in range(2)]
    Event.objects.update(created_at=now - 401 * DAY)
    Notice.objects.create(event=told, recipient=member)
    services.purge()
    assert list(Event.objects.all()) == [told]
    assert alone not in Event.objects.all()


def test_mails_that_came_back_are_forgotten_after_half_a_year(member):
    for days, mark in ((181, "a"), (179, "b")):
        row = Return.objects.create(member=member, kind="hard", mark=mark)
        Return.objects.filter(pk=row.pk).update(at=timezone.now() - days * DAY)
    services.purge()
    assert Return.objects.get().mark == "b"


def test_a_dry_run_counts_and_removes_nothing(member, capsys):
    session(member, "a" * 32, ends=-DAY)
    call_command("purge", "--dry-run")
    assert "sessions: 1" in capsys.readouterr().out
    assert Session.objects.count() == 1
    call_command("purge")
    assert Session.objects.count() == 0


def test_the_log_has_numbers_and_nobody(member, caplog):
    session(member, "a" * 32, ends=-DAY, seen=31 * DAY)
    with caplog.at_level(logging.INFO):
        services.purge()
    lines = [record.getMessage() for record in caplog.records if record.name == "members.services.retention"]
    assert "purge sessions: 1" in lines
    for line in lines:
        assert "alder" not in line
        assert "203.0.113.9" not in line


def test_more_than_a_batch_goes_too(member, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    for n in range(5):
        session(member, str(n) * 32, ends=-DAY)
    assert services.purge()["sessions"] == 5


def test_what_goes_wrong_with_one_keeps_none_of_the_others_back(member, monkeypatch):
    session(member, "a" * 32, ends=-DAY)

    def fails() -> int:
        raise OSError("the disk is away")

    broken = retention.Term("broken", "x", "x", "x", "x", end=fails)
    monkeypatch.setitem(retention._terms, "broken", broken)
    monkeypatch.setattr(retention, "terms", lambda: [broken, *[t for t in retention._terms.values() if t != broken]])
    with pytest.raises(ExceptionGroup):
        services.purge()
    assert Session.objects.count() == 0


def test_twice_is_as_once(member):
    session(member, "a" * 32, ends=-DAY)
    services.purge()
    assert set(services.purge().values()) == {0}
