"""After somebody left and wanted everything removed: every column of every table is looked through for their name,
their address and their words, by PostgreSQL's own list, so that what is new is looked through as well."""

import datetime as dt
import io
import zipfile
from collections import defaultdict
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import markdown
from forums.composing import quote
from forums.disguise import name_for
from forums.models import Bookmark, Level, PostRevision, Reaction, Thread
from forums.services import following, search
from forums.services.reading import react
from members.models import KeywordFilter, Leaving, Member, Mute
from members.services import begin_change, exports, join, set_profile
from members.services import leaving as services
from moderation.models import Appeal, CaseNote, Flag, Look, Sanction, Shift, Signal, StaffMessage
from moderation.services import appeals, arrivals, doors, reports
from notifications import kinds
from notifications.models import Channel, Choice
from resources.models import Remark
from tests import factories
from tests.notifications.digests import wants_digest
from tests.resources import asking, library

pytestmark = [pytest.mark.thorough, pytest.mark.filterwarnings("ignore:get_connection")]

NAME, ADDRESS, NEXT_ADDRESS, WORD = "quillfern", "reach@velvetmail.example", "next@satinmail.example", "zibeline"
NAMES = (NAME, "velvetmail", "satinmail")

# What moderators decided about is kept until nobody can appeal any more (moderation.services.forgetting): words, and
# never the name.
EVIDENCE = {
    "moderation_decision.snapshot",
    "moderation_flag.snapshot",
    "moderation_signal.snapshot",
    "moderation_appeal.text",
    "moderation_staffmessage.answer",
}


def found_in_tables(*marks: str) -> dict[str, set[str]]:
    """By table and column, which of the marks stand there."""
    found: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(nspname) || '.' || quote_ident(relname), relname FROM pg_class"
            " JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE relkind IN ('r', 'p', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        tables = cursor.fetchall()
        assert len(tables) > 90
        for table, name in tables:
            cursor.execute(
                f"SELECT part.field, part.words FROM {table} AS t, jsonb_each_text(to_jsonb(t)) AS part(field, words)"
                " WHERE t::text ILIKE ANY(%s) AND part.words ILIKE ANY(%s)",
                [[f"%{mark}%" for mark in marks]] * 2,
            )
            for column, value in cursor.fetchall():
                found[f"{name}.{column}"] |= {mark for mark in marks if mark in value.lower()}
    for session in Session.objects.all():
        said = str(session.get_decoded()).lower()
        if here := {mark for mark in marks if mark in said}:
            found["django_session.session_data"] |= here
    return dict(found)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.EXPORT_DIR = str(tmp_path / "exports")


@pytest.fixture
def leaver(db) -> Member:
    member: Member = factories.CuratorFactory(username=NAME, email=ADDRESS, is_moderator=True)
    join(member=member)
    return member


def lived(leaver: Member, worker: Any) -> Thread:
    """They did all that somebody can do here, and others did with them what can be done."""
    boss = factories.MemberFactory(username="steward", is_staff=True, is_superuser=True, is_moderator=True)
    other = factories.MemberFactory(username="birch")
    thread: Thread = factories.ThreadFactory(author=leaver, title=f"About {WORD}", opening=f"My {WORD} week.")
    shared = factories.ThreadFactory(author=other, title=f"For @{NAME}")
    with worker():
        _account(leaver, boss)
        _words(leaver, thread, shared, other)
        _with_others(leaver, thread, shared, other)
        _moderated(leaver, thread, boss)
        _library(leaver)
    search.index_missing(limit=200)
    return thread


def _account(leaver: Member, boss: Member) -> None:
    browser = Client(headers={"User-Agent": f"{WORD} browser"})
    browser.post(reverse("account_login"), {"login": NAME, "password": factories.PASSWORD})
    assert UserSession.objects.filter(user=leaver).exists()
    begin_change(member=leaver, to=NEXT_ADDRESS)
    EmailAddress.objects.create(user=leaver, email=NEXT_ADDRESS)
    set_profile(member=leaver, pronouns=WORD[:8], about=f"I like {WORD}.", shows_posts=True, avatar_seed=3)
    KeywordFilter.objects.create(member=leaver, phrase=WORD, folded=WORD)
    wants_digest(leaver, content_in_mail=True)
    for kind in kinds.known():
        Choice.objects.update_or_create(member=leaver, kind=kind.choice, defaults={"channel": Channel.MAIL})
    export, _new = exports.ask_for_export(member=leaver)
    assert exports.make_export(export_id=export.pk)
    admin = Client()
    admin.force_login(boss)
    page = reverse("admin:members_member_change", args=[leaver.pk])
    form = {"is_moderator": "on", "is_curator": "on", "is_peer_supporter": "on"}
    # What the next page says of it is gone from the session then.
    assert admin.post(page, form, follow=True).redirect_chain
    for door in (Look.Door.ADDRESS, Look.Door.SESSIONS, Look.Door.FILTERS):
        assert doors.look(actor=boss, name=NAME, door=door, reason="They asked us to.")
    arrivals.invite(actor=boss, remark="from the clinic", days=3)


def _words(leaver: Member, thread: Thread, shared: Thread, other: Member) -> None:
    opening = thread.posts.get(number=1)
    PostRevision.objects.create(
        post=opening, version=1, title=f"{WORD} before", body=f"{WORD} first", is_public=True, written_at=timezone.now()
    )
    factories.PostFactory(thread=shared, author=leaver, body=f"Words with {WORD}.")
    factories.PostFactory(thread=shared, author=leaver, body=f"Taken back: {WORD}.", visibility="withdrawn")
    factories.PostFactory(thread=shared, author=leaver, body=f"Removed: {WORD}.", visibility="removed")
    factories.ThreadFactory(author=leaver, title=f"Held {WORD}", visibility="held", opening=WORD)
    hidden = factories.ThreadFactory(author=leaver, title=f"Behind {WORD}", disguise=7, opening=f"Unseen {WORD}.")
    body = quote(name_for(7), f"Unseen {WORD}.") + "I see."
    factories.PostFactory(thread=hidden, author=other, body=body, body_html=markdown.render(body))
    # Its opening stands somewhere else today.
    led = factories.ThreadFactory(author=leaver, title=f"Merged {WORD}", opening="")
    led.posts.update(body="", body_html="")
    factories.DraftFactory(member=leaver, thread=shared, body=WORD, fields={"title": WORD})


def _with_others(leaver: Member, thread: Thread, shared: Thread, other: Member) -> None:
    opening = thread.posts.get(number=1)
    body = f"@{NAME} I hear you.\n\n" + quote(NAME, opening.body) + "Me too."
    named = factories.PostFactory(thread=thread, author=other, body=body, body_html=markdown.render(body))
    PostRevision.objects.create(post=named, version=1, body=body, is_public=True, written_at=timezone.now())
    factories.DraftFactory(member=other, thread=thread, body=body, fields={"title": f"For @{NAME}", "notes": ["loss"]})
    Bookmark.objects.create(member=other, post=opening, note=f"Ask @{NAME} again")
    Bookmark.objects.create(member=leaver, post=named, note=WORD)
    react(member=leaver, post=named, kind=Reaction.Kind.HEARD, on=True)
    react(member=other, post=opening, kind=Reaction.Kind.HEARD, on=True)
    following.set_thread_level(member=leaver, thread=shared, level=Level.ALL)
    Mute.objects.create(muter=other, muted=leaver)
    Mute.objects.create(muter=leaver, muted=factories.MemberFactory())
    factories.BlockFactory(blocker=leaver)


def _moderated(leaver: Member, thread: Thread, boss: Member) -> None:
    """They were reported and decided about, they reported, and they moderated."""
    rule = factories.RuleFactory()
    opening = thread.posts.get(number=1)
    flag = factories.flag(opening)
    Signal.objects.create(
        case=flag.case, kind="words", rule="x", severity=0.5, start=0, end=2, snapshot=f"@{NAME} {WORD}"
    )
    CaseNote.objects.create(case=flag.case, author=boss, text=f"@{NAME} asked for help.")
    StaffMessage.objects.create(
        case=flag.case, member=leaver, sent_by=boss, text=f"Dear @{NAME}", answer=WORD, answered_at=timezone.now()
    )
    factories.decided(flag.case, by=boss, rule=rule)
    decision = flag.case.decisions.get()
    appeal = appeals.appeal(author=leaver, decision=decision, text=f"I meant {WORD}.")
    judge = factories.MemberFactory(username="warden", is_moderator=True)
    appeals.judge(moderator=judge, appeal=appeal, outcome=Appeal.State.UPHELD, answer=f"@{NAME}, it stands.")
    profile = reports.flag(reporter=factories.MemberFactory(), subject=leaver, reason=Flag.Reason.ABUSE)
    factories.decided(profile.case, by=boss, rule=rule, action="warn")
    theirs = reports.flag(
        reporter=leaver, subject=factories.PostFactory(body="Rude"), reason=Flag.Reason.ABUSE, note=f"Like {WORD}"
    )
    factories.decided(theirs.case, by=boss, rule=rule)
    Sanction.objects.create(member=leaver, kind="silenced", reason=f"@{NAME} needs rest.", ends_at=timezone.now())
    Shift.objects.create(moderator=boss, handover=f"@{NAME} is back.", ended_at=timezone.now())
    held = factories.flag(factories.PostFactory()).case
    factories.claimed(held, by=leaver)


def _library(leaver: Member) -> None:
    curator = factories.CuratorFactory(username="reader")
    asking.asked(leaver, title=f"May {WORD} help?", body=f"I wear {WORD}.")
    asking.answered(leaver, curator, asking.professional(), title=f"And {WORD}?", body=f"More {WORD}.")
    asking.professional(member=leaver, registration_number=WORD.upper())
    with library.unsearched():
        page = library.draft(leaver)
        Remark.objects.create(page=page, member=leaver, kind="correction", text=f"{WORD} is spelled so.")


def leaves_for_good(member: Member) -> Leaving:
    leave: Any = services.leave
    found: Leaving = leave.__wrapped__(member=member, way=Leaving.Way.REMOVE_ALL)
    assert services.go_on(leaving_id=found.pk)
    assert services.finish(leaving_id=found.pk, now=found.due_at + dt.timedelta(hours=1))
    return found


def test_the_stage_has_them_everywhere(leaver, worker):
    """Else the next test would find nothing because nothing was there."""
    lived(leaver, worker)
    found = found_in_tables(*NAMES, WORD)
    assert len(found) > 35, sorted(found)
    assert found["forums_post.body"] == {NAME, WORD}
    assert "django_admin_log.object_repr" in found


def test_nothing_of_whoever_removed_everything_is_left_in_the_database(leaver, worker, tmp_path):
    lived(leaver, worker)
    with worker():
        leaves_for_good(leaver)
    found = found_in_tables(*NAMES, WORD)
    kept = {column: marks for column, marks in found.items() if column not in EVIDENCE}
    assert kept == {}
    for column in EVIDENCE & found.keys():
        assert found[column] == {WORD}, column
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_database_is_looked_through_in_every_kind_of_column(member, scene):
    """JSON, lists, what search made of words, and what stands in a session."""
    found = found_in_tables("alder", "long week", "week")
    assert found["members_member.username"] == {"alder"}
    browser = Client()
    browser.force_login(member)
    session = browser.session
    session["unsent"] = {"body": f"A {WORD} draft"}
    session.save()
    factories.DraftFactory(member=member, thread=scene.thread, fields={"title": WORD})
    assert {"django_session.session_data", "forums_draft.fields"} <= found_in_tables(WORD).keys()


def test_an_export_on_the_way_out_has_everything_once_more(leaver, worker):
    lived(leaver, worker)
    file = io.BytesIO()
    exports.write(leaver, file)
    with zipfile.ZipFile(file) as archive:
        everything = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))
    assert everything.count(WORD) > 20
