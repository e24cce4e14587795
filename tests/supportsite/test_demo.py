"""The community that a fresh copy comes with: what is in it, how it speaks, and when it is loaded."""

import datetime as dt
import tomllib
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Max, Min, Q
from django.test import Client, override_settings
from django.utils import timezone
from wagtail.models import Site

from core.text import normalise
from forums.models import Board, ContentNote, Post, Reaction, SupportType, Thread, Visibility
from forums.services import gatherings
from members.models import Block, KeywordFilter, Member, Mute
from members.names import username_validators
from moderation.models import Appeal, Case, CaseNote, Decision, Flag, Priority, Rule, Sanction, Shift, Signal, Source
from moderation.screening import screen
from notifications.models import Delivery, Event, Notice
from resources.models import ArticlePage, Professional, Question, Saved
from supportsite.demo import desk, load
from supportsite.demo import library as demo_library
from supportsite.demo.hands import REPLIES
from supportsite.demo.load import BOARD_ORDER, CONTENT, load_demo
from supportsite.demo.people import PASSWORD, PSEUDONYMS, SIGN_INS
from supportsite.demo.profiles import PROFILES
from tests import factories, pages
from tests.resources import library
from tests.resources.language import never_said

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

CONTENTS = {slug: tomllib.loads((CONTENT / f"{slug}.toml").read_text(encoding="utf-8")) for slug in BOARD_ORDER}
THREADS: list[dict[str, Any]] = [row for content in CONTENTS.values() for row in content["thread"]]
WORDS = [
    (row["title"], body)
    for row in THREADS
    for body in (row["body"], *(reply["body"] for reply in row.get("reply", ())))
]
PEOPLE = {*PSEUDONYMS, "hazelwood", *desk.NEWCOMERS, *(sign_in.username for sign_in in SIGN_INS)}


# --- what was written for it


def test_every_file_of_the_demo_is_loaded():
    assert {path.stem for path in CONTENT.glob("*.toml")} == set(BOARD_ORDER)


def test_every_author_exists_and_nearly_everybody_writes():
    authors = {row["author"] for row in THREADS} | {
        reply["author"] for row in THREADS for reply in row.get("reply", ())
    }
    assert authors <= PEOPLE
    assert len(authors) >= 35


def test_nobody_in_the_demo_has_a_name_that_would_be_refused():
    assert len(PEOPLE) == 42
    for name in PEOPLE:
        for validate in username_validators:
            validate(name)


@pytest.mark.parametrize("slug", BOARD_ORDER)
def test_no_words_of_the_demo_are_words_that_this_site_never_says(slug):
    for row in CONTENTS[slug]["thread"]:
        texts = [row["title"], row["body"], *(reply["body"] for reply in row.get("reply", ()))]
        for text in texts:
            assert not never_said(text), f"{row['title']}: {text[:60]}"
    assert not never_said(" ".join(str(value) for value in CONTENTS[slug]["board"].values()))


def test_the_words_are_kept_exactly_as_they_were_written():
    for title, body in WORDS:
        assert normalise(body) == body.strip(), title
        assert normalise(title) == title


def test_titles_and_bodies_fit_the_forms():
    for title, body in WORDS:
        assert 3 <= len(title) <= 120
        assert 1 <= len(body) <= 20_000


def test_no_two_threads_are_called_the_same_and_no_two_posts_say_the_same():
    titles = [row["title"] for row in THREADS]
    assert len(titles) == len(set(titles))
    bodies = [body for _title, body in WORDS]
    assert len(bodies) == len(set(bodies))


def test_support_types_and_content_notes_are_ones_that_exist_and_all_types_occur():
    assert {row["support_type"] for row in THREADS} == set(SupportType.values)
    assert {note for row in THREADS for note in row.get("notes", ())} <= set(ContentNote.values)


def test_replies_come_in_the_order_in_which_they_were_written_and_answer_earlier_posts():
    for row in THREADS:
        hours = [0, *(reply["hours_later"] for reply in row.get("reply", ()))]
        assert hours == sorted(hours), row["title"]
        for number, reply in enumerate(row.get("reply", ()), start=2):
            assert 1 <= reply.get("to", 1) < number, row["title"]


def test_nobody_gives_advice_about_methods_or_doses():
    # Screening would hold such a post; the demo shows a community that does not need it.
    held = [title for title, body in WORDS if screen(body).holds]
    assert held == []


# --- the community


@pytest.fixture(scope="module")
def community(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with library.unsearched():
            made = load_demo()
        yield made
        transaction.set_rollback(True)


def test_it_is_as_large_as_it_says(community):
    assert (community.boards, community.members, community.threads, community.articles) == (6, 42, 122, 14)
    assert community.posts >= 600
    counted = (Board, Member, Thread, Post, ArticlePage)
    told = (community.boards, community.members, community.threads, community.posts, community.articles)
    assert tuple(model.objects.count() for model in counted) == told


def test_the_posts_of_every_thread_are_numbered_without_gaps(community):
    threads = Thread.objects.annotate(posts_there=Count("posts"), first=Min("posts__number"), last=Max("posts__number"))
    assert not threads.exclude(first=1).exists()
    assert not threads.exclude(last=F("posts_there")).exists()
    assert not threads.exclude(last_number=F("posts_there")).exists()


def test_nothing_lies_ahead_and_threads_know_their_last_words(community):
    now = timezone.now()
    assert not Post.objects.filter(created_at__gt=now).exists()
    threads = Thread.objects.annotate(last_words=Max("posts__created_at"))
    assert not threads.exclude(last_post_at=F("last_words")).exists()
    assert not Post.objects.filter(created_at__lt=F("thread__created_at")).exists()


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_at_whatever_hour_it_is_loaded_nothing_lies_ahead_and_the_order_stays(hour):
    now = dt.datetime(2026, 10, 27, hour, 5, tzinfo=dt.UTC)  # two days after the clocks went back in London
    for row in THREADS:
        started = load._started(row, now)
        times = [started] + [load._later(started, reply["hours_later"], now) for reply in row.get("reply", ())]
        assert times == sorted(times), row["title"]
        assert times[-1] < now, row["title"]


def test_posts_stand_in_the_order_of_their_times(community):
    times: dict[int, Any] = {}
    for thread, created_at in Post.objects.order_by("thread", "number").values_list("thread", "created_at"):
        assert created_at >= times.get(thread, created_at)
        times[thread] = created_at


def test_a_thread_waits_for_a_reply_until_somebody_else_has_written(community):
    answered = Post.objects.exclude(author=F("thread__author")).values("thread")
    assert not Thread.objects.filter(pk__in=answered, answered_at=None).exists()
    assert not Thread.objects.exclude(pk__in=answered).exclude(answered_at=None).exists()
    assert Thread.objects.waiting().exists()


def test_everybody_can_be_read_but_for_what_moderators_hold_or_put_away(community):
    away = Post.objects.exclude(visibility=Visibility.VISIBLE).values_list("author__username", "visibility")
    assert sorted(away) == [
        ("brisk_walk", Visibility.HIDDEN),
        ("clear_path", Visibility.HELD),
        ("clear_path", Visibility.REMOVED),
        ("sundaybread", Visibility.HELD),
    ]


def test_nobody_reacts_to_themselves(community):
    assert Reaction.objects.exists()
    assert not Reaction.objects.filter(member=F("post__author")).exists()


def test_the_addresses_of_the_demo_reach_nobody(community):
    assert not Member.objects.exclude(email__endswith="@demo.invalid").exists()


@pytest.mark.parametrize("sign_in", SIGN_INS, ids=lambda sign_in: sign_in.username)
def test_the_sign_ins_that_are_printed_work(community, sign_in):
    with transaction.atomic():
        client = Client()
        answer = client.post("/accounts/login/", {"login": sign_in.username, "password": PASSWORD}, follow=True)
        assert f"Hello, {sign_in.username}" in pages.words(answer)
        may_moderate, may_curate = client.get("/moderation/").status_code, client.get("/curate/").status_code
        transaction.set_rollback(True)
    assert (may_moderate == 200) == (sign_in.role.startswith(("moderator", "administrator")))
    assert (may_curate == 200) == (sign_in.role.startswith(("curator", "administrator")))


def test_nothing_but_the_start_of_the_day_decides_what_is_in_it(community):
    # The same community on every machine: who reacted to what is drawn with a fixed seed.
    assert load.SEED == 20
    assert Reaction.objects.count() > 300


# --- the moderators' desk


def test_moderators_find_cases_of_every_class_and_the_guidelines(community):
    waiting = Case.objects.filter(state=Case.State.OPEN)
    assert 8 <= waiting.filter(quiet_until=None).count() <= 10
    assert set(waiting.values_list("priority", flat=True)) == set(Priority.values)
    assert set(waiting.values_list("source", flat=True)) == set(Source.values) - {Source.MODERATOR}
    reasons = set(Flag.objects.filter(case__in=waiting).values_list("reason", flat=True))
    assert reasons >= {"worried", "methods", "abuse", "grooming", "advice", "privacy"}
    assert waiting.filter(subject_kind="profile", flags__reason="grooming").exists()
    assert Rule.objects.exists()


def test_some_of_the_cases_are_late_handed_over_held_noted_or_put_away_until_later(community):
    waiting = Case.objects.filter(state=Case.State.OPEN)
    assert waiting.filter(due_at__lt=timezone.now(), alerted_at__isnull=False, quiet_until=None).count() == 1
    assert waiting.filter(handed_over_at__isnull=False, notes__author__username="rowan").count() == 1
    assert Signal.objects.filter(case__in=waiting, action=3).values("case").distinct().count() == 2
    assert CaseNote.objects.filter(case__in=waiting, mentioned__username="rowan").count() == 1
    assert waiting.filter(quiet_until__gt=timezone.now(), messages__sent_by__username="juniper").count() == 1
    assert not waiting.exclude(claimed_by=None).exists()


def test_one_appeal_was_granted_and_one_waits_for_the_other_moderator(community):
    granted = Appeal.objects.get(state=Appeal.State.WITHDRAWN)
    assert (granted.author.username, granted.decider.username) == ("willow", "juniper")
    assert granted.judge is not None
    assert granted.judge.username == "rowan"
    assert Post.objects.get(pk=granted.decision.case.subject_id).visibility == Visibility.VISIBLE
    waits = Appeal.objects.get(state=Appeal.State.OPEN)
    assert waits.decider.username == "rowan"
    assert waits.due_at > timezone.now()


def test_decisions_say_what_and_why_and_one_limits_somebody_for_a_while(community):
    decided = Decision.objects.filter(replaces=None)
    assert decided.count() == 4
    assert not decided.exclude(statement="").filter(Q(rule=None) | Q(reason="")).exists()
    limit = Sanction.objects.get()
    assert limit.decision is not None
    assert limit.member.username == "brisk_walk"
    assert limit.ends_at is not None
    assert limit.ends_at > timezone.now()
    assert limit.decision.rule_version is not None


def test_a_shift_was_handed_over_and_nobody_is_on_one(community):
    assert not Shift.objects.filter(ended_at=None).exists()
    left = Shift.objects.exclude(handover="").get(acknowledged_by=None)
    assert left.moderator.username == "rowan"
    assert Block.objects.filter(blocked__username="brisk_walk").count() >= 3


def test_some_profiles_say_something_kindly_and_willow_drew_lines(community):
    said = Member.objects.exclude(about="")
    assert set(said.values_list("username", flat=True)) == set(PROFILES)
    assert not [row.about for row in said if never_said(row.about)]
    assert Member.objects.filter(shows_posts=True).count() == 2
    assert Mute.objects.filter(muter__username="willow").exists()
    assert KeywordFilter.objects.filter(member__username="willow").exists()
    assert Thread.objects.filter(author__shows_posts=True).exists()


def test_the_past_of_the_demo_sends_no_mail_and_greets_no_member_with_news(community):
    assert not Event.objects.filter(expanded_at=None).exists()
    assert Delivery.objects.exists()
    assert not Delivery.objects.exclude(state=Delivery.State.SKIPPED, reason__in=Delivery.Reason.values).exists()
    assert Notice.objects.filter(recipient__username="willow").exists()
    assert not Notice.objects.filter(read_at=None, recipient__is_moderator=False).exists()


def test_what_was_reported_is_nothing_that_could_harm_a_reader():
    # The site itself puts two threads before moderators; what is reported by people passes its screening.
    for reply in REPLIES:
        found = {signal.kind for signal in screen(reply["body"]).signals}
        assert found <= {"hostility", "spam"}, reply["name"]
        assert not screen(reply["body"]).holds, reply["name"]
        assert not never_said(reply["body"]), reply["name"]
        assert normalise(reply["body"]) == reply["body"].strip()


# --- the library


def test_what_the_demo_adds_to_the_library_passes_the_checks_of_the_machine(community):
    added = ArticlePage.objects.filter(slug__in=[row["slug"] for row in demo_library.CONTENT["page"]])
    assert len(added) == 4
    assert {page.slug: found for page in added.specific() if (found := page.findings())} == {}


def test_whoever_checked_it_is_said_to_be_made_up_and_one_page_waits_for_its_review(community):
    checked = ArticlePage.objects.exclude(reviewed_on=None)
    assert set(checked.values_list("reviewer_role", flat=True)) == {demo_library.ROLE}
    assert "made-up" in demo_library.ROLE
    assert not checked.filter(vettings=None).exists()
    assert ArticlePage.objects.get(reviewed_on=None).slug == demo_library.UNCHECKED
    assert "made up" in Professional.objects.get().field


def test_two_questions_are_answered_one_waits_and_somebody_saved_a_page(community):
    assert sorted(Question.objects.values_list("state", flat=True)) == ["answered", "answered", "held"]
    assert Saved.objects.get().member.username == "willow"
    client = Client()
    for page in (*ArticlePage.objects.all(), *Question.objects.filter(state="answered")):
        address = page.get_absolute_url() if isinstance(page, Question) else page.url
        assert address, (page.url_path, Site.get_site_root_paths())
        shown = client.get(address)
        assert shown.status_code == 200
        assert not never_said(pages.words(shown))


# --- the command


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("load_demo", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def small_demo(monkeypatch):
    """One board and one article are enough to see when it is loaded."""
    monkeypatch.setattr(load, "BOARD_ORDER", BOARD_ORDER[:1])
    monkeypatch.setattr(desk, "fill", lambda posts, members: None)
    monkeypatch.setattr(desk, "REPLIES", [])
    monkeypatch.setattr(load, "load_starter_articles", library.index)
    monkeypatch.setattr(demo_library, "fill", _one_article)


def _one_article(members: dict[str, Member]) -> int:
    library.published(author=members["linden"], reviewer=members["rowan"])
    return 1


@pytest.mark.thorough
def test_an_empty_database_is_filled_and_the_sign_ins_are_printed(db, small_demo):
    said = run()
    assert "Loaded the demo: 1 boards, 42 members" in said
    assert f"with the password {PASSWORD}" in said
    for sign_in in SIGN_INS:
        assert sign_in.username in said


@pytest.mark.thorough
def test_a_second_start_adds_nothing_and_prints_the_sign_ins_again(db, small_demo):
    run()
    before = Post.objects.count()
    said = run()
    assert "Loaded" not in said
    assert PASSWORD in said
    assert Post.objects.count() == before


def test_a_site_with_members_of_its_own_stays_as_it_is_and_hears_no_passwords(db, small_demo, member):
    assert run() == ""
    assert not Board.objects.exists()
    assert Member.objects.count() == 1


def test_somebody_who_took_a_demo_name_does_not_get_the_passwords_printed(db, small_demo):
    factories.MemberFactory(username=SIGN_INS[0].username)
    assert run() == ""


def test_its_check_in_opens_with_the_first_beat(db, small_demo, monkeypatch):
    monkeypatch.setattr(load, "BOARD_ORDER", ("today",))
    run()
    assert gatherings.open_due() == 1
    opened = Thread.objects.get(title__startswith="Evening check-in, ")
    assert opened.author.username in [sign_in.username for sign_in in SIGN_INS]
    assert opened.occurrence.closes_at > timezone.now()


def test_only_the_sign_ins_can_be_asked_for(db, small_demo):
    assert run("--sign-ins") == ""
    assert not Member.objects.exists()


def test_it_is_all_or_nothing(db, small_demo, monkeypatch):
    def breaks(*_args: Any) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr(load, "_react", breaks)
    with pytest.raises(RuntimeError, match="power"):
        run()
    assert not Member.objects.exists()
    assert not Board.objects.exists()
    assert not ArticlePage.objects.exists()


def test_it_is_never_loaded_outside_a_laptop(db, small_demo):
    with override_settings(LOCAL=False), pytest.raises(CommandError, match="passwords are public"):
        run()
    with override_settings(LOCAL=False), pytest.raises(CommandError, match="passwords are public"):
        run("--sign-ins")
    assert not Member.objects.exists()
