"""What a moderator reads before deciding, and whose hands a case is in."""

import datetime as dt
import re
import zoneinfo
from functools import partial

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from forums.models import Post, PostRevision, SupportType
from forums.services import posts
from moderation import screening
from moderation.access import restrictions_in_words, suggestion
from moderation.access.case_page import accuracy_in_words
from moderation.access.shifts import midnight
from moderation.marks import Span, stretches
from moderation.models import AuditEntry, Case, Flag, Priority, Sanction
from moderation.services import cases, claims, decisions, shifts
from tests import factories
from tests.at_once import at_once
from tests.pages import soup, value_of, words

QUEUE = reverse("queue")


def page_of(browser, case):
    return browser.get(reverse("case", args=[case.public_id]))


def send(browser, name, case, **fields):
    return browser.post(reverse(name, args=[case.public_id]), fields, follow=True)


def fresh(case):
    return Case.objects.select_related("claimed_by").get(pk=case.pk)


def screened(post):
    """What screening notices in the words of `post`, in its case."""
    with transaction.atomic():
        case = cases.open_for_signals(subject=post, verdict=screening.screen(post.body))
    assert case is not None
    return case


def rewritten(post, body):
    Post.objects.filter(pk=post.pk).update(body=body, body_html=f"<p>{body}</p>")


# --- the words ------------------------------------------------------------------------------------------------


def test_a_case_shows_what_a_moderator_needs_to_be_fair(
    sign_in, decide, moderator, other_moderator, other_member, member
):
    thread = factories.ThreadFactory(author=member, title="A long week")
    first, second = factories.PostFactory.create_batch(
        2, thread=thread, author=other_member, body="Pull yourself together."
    )
    factories.PostFactory(thread=thread, author=member, body="That hurt.")
    decide(other_moderator, factories.flag(first).case)
    case = factories.flag(second, reporter=member).case
    Flag.objects.filter(case=case).update(note="He does this often.")
    rewritten(second, "Edited.")
    page = words(page_of(sign_in(moderator), case))
    for seen in (
        "A long week",
        "That hurt.",
        "Edited.",
        "Pull yourself together.",
        "He does this often.",
        "alder",
        "birch",
    ):
        assert seen in page
    assert "No insults, no belittling" in page


def test_a_case_about_words_that_are_gone_still_opens(sign_in, moderator, case):
    Case.objects.update(subject_id=10**9)
    page = page_of(sign_in(moderator), case)
    assert page.status_code == 200
    assert "It is no longer there. What it said is kept below." in words(page)
    assert "I know that kind of week." in words(page)
    assert sign_in(moderator).get(QUEUE).status_code == 200


def test_the_difference_since_the_report_is_shown(sign_in, moderator, case, scene):
    browser = sign_in(moderator)
    assert "The words have not changed since." in words(page_of(browser, case))
    rewritten(scene.reply, "I know that kind of month.")
    page = page_of(browser, case)
    assert "The words have not changed since." not in words(page)
    then_and_now = soup(page).select_one(".version")
    assert [part.get_text() for part in then_and_now.find_all("del")] == ["[removed: week]"]
    assert [part.get_text() for part in then_and_now.find_all("ins")] == ["[added: month]"]


def test_each_wording_is_shown_once_the_latest_first(sign_in, moderator, case, scene):
    factories.flag(scene.reply)
    rewritten(scene.reply, "Something else entirely.")
    factories.flag(Post.objects.get(pk=scene.reply.pk))
    shown = [version.get_text() for version in soup(page_of(sign_in(moderator), case)).select(".version")]
    assert len(shown) == 2
    assert "Something else entirely." in shown[0]
    assert "I know that kind of week." in shown[1]


def test_an_author_who_takes_their_words_back_meanwhile(sign_in, moderator, other_member, case, scene):
    Post.objects.filter(pk=scene.reply.pk).update(visibility="withdrawn", withdrawn_at=timezone.now())
    page = words(page_of(sign_in(moderator), case))
    assert "taken back" in page
    assert "I know that kind of week." in page


def test_what_was_noticed_is_marked_in_the_words(sign_in, moderator, scene):
    rewritten(scene.reply, "I want to die. Call me at +44 20 7946 0958.")
    post = Post.objects.select_related("thread", "author").get(pk=scene.reply.pk)
    page = page_of(sign_in(moderator), screened(post))
    marks = [mark.get_text(" ", strip=True) for mark in soup(page).select(".version mark")]
    assert any("want to die" in mark and "noticed" in mark for mark in marks)
    assert any("+44 20 7946 0958" in mark for mark in marks)
    listed = words(page)
    assert "What screening noticed" in listed
    assert "A phone number" in listed


def test_the_marks_of_an_opening_post_stand_where_the_words_are(sign_in, moderator, other_member):
    posts.start_thread(
        author=other_member,
        board=factories.BoardFactory(),
        title="A long night",
        body="It is late. I want to die.",
        support_type=SupportType.LISTENING,
    )
    page = page_of(sign_in(moderator), Case.objects.get())
    marks = [mark.find(string=True, recursive=False) for mark in soup(page).select(".version mark")]
    assert "I want to die" in marks


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ([], [("one two three", ())]),
        ([(0, 3)], [("one", (1,)), (" two three", ())]),
        ([(0, 7), (4, 13)], [("one ", (1,)), ("two", (1, 2)), (" three", (2,))]),
        ([(4, 7), (4, 7)], [("one ", ()), ("two", (1, 2)), (" three", ())]),
        ([(8, 99), (50, 60), (5, 5)], [("one two ", ()), ("three", (1,))]),
        ([(0, 13), (4, 7)], [("one ", (1,)), ("two", (1, 2)), (" three", (1,))]),
    ],
)
def test_spans_may_overlap_touch_and_lie_outside(spans, pieces):
    found = [Span(start, end, number, f"sign {number}") for number, (start, end) in enumerate(spans, start=1)]
    cut = stretches("one two three", found)
    assert [(piece.text, piece.numbers) for piece in cut] == pieces
    assert "".join(piece.text for piece in cut) == "one two three"


def test_words_are_shown_as_words_and_in_their_own_direction(sign_in, moderator, case, scene):
    Flag.objects.update(snapshot="<b>שלום</b> <script>alert(1)</script>")
    page = page_of(sign_in(moderator), case)
    assert "<script>alert(1)</script>" not in page.text
    assert "<b>שלום</b> <script>alert(1)</script>" in words(page)
    assert soup(page).select_one(".version .changes")["dir"] == "auto"


# --- who reported ---------------------------------------------------------------------------------------------


def judged(reporter, *, fair, dismissed):
    for number in range(fair + dismissed):
        made = factories.flag(factories.PostFactory(), reporter=reporter)
        Flag.objects.filter(pk=made.pk).update(judged="fair" if number < fair else "dismissed")


def test_a_reporters_accuracy_is_told_in_words_once_enough_was_judged(sign_in, moderator, member, case, scene):
    judged(member, fair=4, dismissed=0)
    browser = sign_in(moderator)
    factories.flag(scene.reply, reporter=member)
    assert "What they report" not in words(page_of(browser, case))
    judged(member, fair=1, dismissed=0)
    assert "What they report nearly always holds." in words(page_of(browser, case))


@pytest.mark.parametrize(
    ("share", "sentence"),
    [(1, "nearly always holds"), (0.5, "more often than not"), (0.3, "is dismissed more"), (0, "always dismissed")],
)
def test_accuracy_in_words(share, sentence):
    assert sentence in accuracy_in_words(share)


def test_of_fifty_reports_the_first_ones_are_open_and_the_rest_folded(sign_in, moderator, case, scene):
    for _number in range(14):
        factories.flag(scene.reply)
    page = soup(page_of(sign_in(moderator), case))
    assert len(page.select(".report-list > li")) == 15
    assert len(page.select("details .report-list > li")) == 5


def test_a_case_with_hundreds_of_reports_and_wordings_loads_the_newest_only(
    sign_in, moderator, scene, django_assert_max_num_queries
):
    case = factories.flag(scene.reply).case
    for number in range(1, 61):
        rewritten(scene.reply, f"Wording {number % 13}.")
        made = factories.flag(Post.objects.get(pk=scene.reply.pk))
        Flag.objects.filter(pk=made.pk).update(note=f"Report {number} of many.")
    browser = sign_in(moderator)
    page_of(browser, case)
    with django_assert_max_num_queries(60):
        page = page_of(browser, case)
    shown = soup(page)
    assert len(shown.select(".report-list > li")) == 50
    assert "11 earlier reports are not shown." in words(page)
    assert "Report 60 of many." in words(page)
    assert "Report 10 of many." not in words(page)
    assert len(shown.select(".version")) == 10
    assert "4 earlier wordings are not shown." in words(page)


def test_who_is_here_now_does_not_tell_whose_alias_it_is(sign_in, moderator, other_moderator):
    """A moderator who writes anonymously is on the list like any other: somebody missing would be the author."""
    shifts.start(moderator=other_moderator)
    hidden = factories.ThreadFactory(author=other_moderator, disguise=7)
    page = words(page_of(sign_in(moderator), factories.flag(hidden.posts.get()).case))
    assert "Here now: @warden" in page


# --- the author's history -------------------------------------------------------------------------------------


def test_limits_that_run_and_that_are_over_are_told(sign_in, moderator, other_member, case):
    now = timezone.now()
    Sanction.objects.create(member=other_member, kind="silenced", reason="Rest.", ends_at=now + dt.timedelta(days=1))
    over = Sanction.objects.create(member=other_member, kind="held_first", reason="Rest.", ends_at=now)
    Sanction.objects.filter(pk=over.pk).update(ends_at=now - dt.timedelta(days=3))
    page = words(page_of(sign_in(moderator), case))
    running, past = page.index("Limits that run"), page.index("Limits that are over")
    assert running < page.index("cannot post") < past < page.index("posts are read first")


def test_what_was_decided_under_a_name_is_not_told_beside_an_alias(sign_in, decide, moderator, other_moderator, member):
    named = factories.PostFactory(author=member, body="Pull yourself together.")
    decide(other_moderator, factories.flag(named).case)
    Sanction.objects.create(member=member, kind="silenced", reason="Rest.")
    hidden = factories.ThreadFactory(author=member, disguise=7)
    page = page_of(sign_in(moderator), factories.flag(hidden.posts.get()).case)
    assert "Earlier decisions" not in words(page)
    assert "Limits that run" not in words(page)
    assert member.username not in page.text


def test_under_an_alias_posts_are_not_read_first(sign_in, decide, moderator, other_moderator, member):
    """What is held from then on, under the name, would tell whose alias it is."""
    hidden = factories.ThreadFactory(author=member, disguise=7)
    aliased = factories.flag(hidden.posts.get()).case
    named = factories.flag(factories.PostFactory(author=member)).case
    claims.claim(moderator=moderator, case=aliased)
    claims.claim(moderator=other_moderator, case=named)
    offered = soup(page_of(sign_in(moderator), aliased)).select_one("select[name=sanction]")
    assert "held_first" not in str(offered)
    assert "silenced:24" in str(offered)
    assert "read first" not in words(page_of(sign_in(moderator), aliased))
    assert "held_first:168" in str(soup(page_of(sign_in(other_moderator), named)).select_one("select[name=sanction]"))
    answer = decide(moderator, aliased, sanction="held_first:168")
    assert answer.status_code == 422
    assert not Sanction.objects.exists()


def test_when_the_subject_is_gone_nothing_ties_the_case_to_other_cases(
    sign_in, decide, moderator, other_moderator, other_member, case
):
    decide(other_moderator, factories.flag(factories.PostFactory(author=other_member)).case)
    Case.objects.filter(pk=case.pk).update(subject_id=10**9)
    page = page_of(sign_in(moderator), case)
    assert "Earlier decisions" not in words(page)
    assert other_member.username not in page.text


def gone(case):
    """What it is about is no longer there."""
    Case.objects.filter(pk=case.pk).update(subject_id=10**9)


def test_of_other_cases_those_whose_subject_is_gone_are_left_out(sign_in, decide, moderator, other_moderator, member):
    """Nobody can tell any more whether it was written under an alias."""
    hidden = factories.ThreadFactory(author=member, disguise=7)
    aliased = factories.flag(hidden.posts.get()).case
    decide(other_moderator, aliased, sanction="silenced:24")
    named = factories.flag(factories.PostFactory(author=member)).case
    gone(aliased)
    page = words(page_of(sign_in(moderator), named))
    assert "Earlier decisions" not in page
    assert "Limits that run" not in page
    suggested = suggestion(named, known=True)
    assert suggested
    assert "No limit was set" in suggested.sentence
    assert restrictions_in_words(member) == "Nothing of theirs was restricted before."


# --- who has seen it ------------------------------------------------------------------------------------------


def sights(case):
    return AuditEntry.objects.filter(verb="see-case", details__case=case.pk)


def test_seeing_a_case_goes_to_the_log_once_a_moderator_and_day(sign_in, moderator, other_moderator, case):
    browser = sign_in(moderator)
    for _time in range(3):
        page_of(browser, case)
    assert [entry.actor for entry in sights(case)] == [moderator]
    page_of(sign_in(other_moderator), case)
    assert sights(case).count() == 2


def test_so_does_a_case_that_nobody_reported(sign_in, moderator, scene):
    """It shows words that others may not read."""
    rewritten(scene.reply, "I want to die.")
    case = screened(Post.objects.select_related("thread", "author").get(pk=scene.reply.pk))
    page_of(sign_in(moderator), case)
    assert sights(case).count() == 1


def test_every_page_that_shows_a_case_is_seen(sign_in, moderator, case):
    """Also a form that comes back, and one with a template."""
    claims.claim(moderator=moderator, case=case)
    browser = sign_in(moderator)
    assert send(browser, "hand_over", case, handover=" ").status_code == 422
    assert sights(case).count() == 1
    send(browser, "use_template", case, reason="Dear birch,")
    page_of(browser, case)
    assert sights(case).count() == 1


@pytest.fixture
def decision(decide, moderator, case):
    decide(moderator, case)
    return case.decisions.get()


def looks(verb):
    return [entry.actor for entry in AuditEntry.objects.filter(verb=verb).order_by("id")]


def test_reading_a_decision_about_somebody_else_goes_to_the_log_once_a_day(
    sign_in, moderator, other_moderator, other_member, decision
):
    address = reverse("decision", args=[decision.public_id])
    sign_in(other_member).get(address)
    assert looks("see-decision") == []
    for who in (other_moderator, other_moderator, moderator):
        assert sign_in(who).get(address).status_code == 200
    assert looks("see-decision") == [other_moderator, moderator]


def test_reading_an_appeal_goes_to_the_log_once_a_day(sign_in, other_moderator, decision):
    appeal = factories.AppealFactory(decision=decision)
    browser = sign_in(other_moderator)
    for _time in range(2):
        assert browser.get(reverse("appeal_judge", args=[appeal.public_id])).status_code == 200
    assert browser.post(reverse("appeal_judge", args=[appeal.public_id])).status_code == 422
    assert looks("see-appeal") == [other_moderator]
    assert AuditEntry.objects.get(verb="see-appeal").details == {"case": decision.case_id, "appeal": appeal.pk}


@pytest.mark.parametrize(
    ("visibility", "is_public", "logged"), [("visible", True, 0), ("visible", False, 1), ("hidden", True, 1)]
)
def test_reading_earlier_versions_that_others_cannot_goes_to_the_log_once_a_day(
    sign_in, moderator, other_member, scene, visibility, is_public, logged
):
    Post.objects.filter(pk=scene.reply.pk).update(version=2, visibility=visibility)
    PostRevision.objects.create(
        post=scene.reply, version=1, body="Call me on 0123.", written_at=factories.now(), is_public=is_public
    )
    address = reverse("post_history", args=[scene.reply.public_id])
    browser = sign_in(moderator)
    for _time in range(2):
        assert "0123" in browser.get(address).text
    sign_in(other_member).get(address)
    assert looks("see-versions") == [moderator] * logged


def test_what_their_neighbours_took_back_is_not_shown_beside_a_case(sign_in, moderator, scene, case):
    """What the case is about is, also when its author takes it back."""
    beside = factories.PostFactory(thread=scene.thread, body="I should not have said it.", visibility="withdrawn")
    Post.objects.filter(pk=scene.reply.pk).update(visibility="withdrawn", withdrawn_at=factories.now())
    page = words(page_of(sign_in(moderator), case))
    assert beside.body not in page
    assert "I know that kind of week." in page


def test_of_many_wordings_each_text_that_is_shown_is_read_once(sign_in, moderator, scene):
    case = factories.flag(scene.reply).case
    for number in range(14):
        rewritten(scene.reply, f"Wording {number % 3}. " + "And on it goes. " * 500)
        factories.flag(Post.objects.get(pk=scene.reply.pk))
    browser = sign_in(moderator)
    with CaptureQueriesContext(connection) as queries:
        page = page_of(browser, case)
    assert len(soup(page).select(".version")) == 4
    grouped = [query["sql"] for query in queries if "GROUP BY" in query["sql"] and '"snapshot"' in query["sql"]]
    assert grouped
    assert not [sql for sql in grouped if re.search(r'GROUP BY "[^(]*"snapshot"', sql)]


@pytest.mark.parametrize(("day", "hours"), [(dt.date(2026, 3, 29), 23), (dt.date(2026, 10, 25), 25)])
def test_a_day_begins_at_midnight_also_when_clocks_change(settings, day, hours):
    settings.TIME_ZONE = "Europe/London"
    zone = zoneinfo.ZoneInfo("Europe/London")
    begins = midnight(dt.datetime.combine(day, dt.time(12), zone))
    ends = midnight(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(0, 5), zone))
    assert ends - begins == dt.timedelta(hours=hours)


# --- claiming -------------------------------------------------------------------------------------------------


def test_a_lease_counts_minutes_and_not_the_clock_on_the_wall(settings, monkeypatch, moderator, case):
    settings.TIME_ZONE = "Europe/London"
    # A quarter of an hour before clocks go back: the hour from one to two is shown twice.
    before = dt.datetime(2026, 10, 25, 0, 45, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: before)
    assert claims.claim(moderator=moderator, case=case)
    assert fresh(case).lease_until == before + dt.timedelta(minutes=30)
    monkeypatch.setattr(timezone, "now", lambda: before + dt.timedelta(minutes=29))
    assert not claims.claim(moderator=factories.MemberFactory(is_moderator=True), case=case)
    monkeypatch.setattr(timezone, "now", lambda: before + dt.timedelta(minutes=31))
    assert claims.claim(moderator=factories.MemberFactory(is_moderator=True), case=case)


@pytest.mark.parametrize("day", [dt.date(2026, 3, 29), dt.date(2026, 10, 25)])
def test_the_clock_of_a_case_is_not_moved_by_daylight_saving(db, settings, monkeypatch, day):
    settings.TIME_ZONE = "Europe/London"
    at = dt.datetime.combine(day, dt.time(0, 50), dt.UTC)
    post = factories.PostFactory()
    monkeypatch.setattr(timezone, "now", lambda: at)
    case = factories.flag(post, reason=Flag.Reason.METHODS).case
    assert case.due_at - at == Priority.DANGER.clock == dt.timedelta(hours=1)


def test_an_open_page_renews_the_claim(sign_in, moderator, case):
    browser = sign_in(moderator)
    claims.claim(moderator=moderator, case=case)
    soon = factories.now() + dt.timedelta(minutes=2)
    Case.objects.update(lease_until=soon)
    answer = browser.post(reverse("renew", args=[case.public_id]), headers={"X-Lease": "1"})
    assert answer.status_code == 200
    assert "You hold this case until" in words(answer)
    assert fresh(case).lease_until > soon
    Case.objects.update(lease_until=soon)
    page_of(browser, case)
    assert fresh(case).lease_until > soon


def test_a_claim_that_a_colleague_has_taken_is_not_renewed(sign_in, moderator, other_moderator, case):
    browser = sign_in(moderator)
    claims.claim(moderator=moderator, case=case)
    Case.objects.update(lease_until=factories.now() - dt.timedelta(minutes=1))
    claims.claim(moderator=other_moderator, case=case)
    answer = browser.post(reverse("renew", args=[case.public_id]), headers={"X-Lease": "1"})
    assert answer.status_code == 409
    assert "not yours any more" in words(answer)
    page_of(browser, case)
    assert fresh(case).claimed_by == other_moderator


def test_one_case_at_a_time(sign_in, moderator, case):
    browser = sign_in(moderator)
    send(browser, "claim", case)
    second = factories.flag(factories.PostFactory()).case
    page = send(browser, "claim", second)
    assert page.status_code == 409
    assert "You are working on another case" in words(page)
    assert fresh(second).claimed_by is None
    assert soup(page).select_one(f"a[href='{reverse('case', args=[case.public_id])}']")
    page = send(browser, "claim", second, instead="1")
    assert "You hold this case until" in words(page)
    assert (fresh(case).claimed_by, fresh(second).claimed_by) == (None, moderator)


def test_a_crisis_that_is_overdue_is_taken_on_top(sign_in, moderator, case):
    browser = sign_in(moderator)
    send(browser, "claim", case)
    crisis = factories.flag(factories.PostFactory(), reason=Flag.Reason.WORRIED).case
    assert send(browser, "claim", crisis).status_code == 409
    Case.objects.filter(pk=crisis.pk).update(due_at=factories.now() - dt.timedelta(minutes=1))
    assert send(browser, "claim", crisis).status_code == 200
    assert (fresh(case).claimed_by, fresh(crisis).claimed_by) == (moderator, moderator)


def test_what_was_decided_a_moment_ago_does_not_count_as_held(sign_in, moderator, rule, case):
    claims.claim(moderator=moderator, case=case)
    decisions.decide(moderator=moderator, case=case, version=1, action="hide", reason="Unkind.", rule=rule)
    assert send(sign_in(moderator), "claim", factories.flag(factories.PostFactory()).case).status_code == 200


def test_two_windows_of_one_moderator_do_not_take_two_cases(shared_database):
    who = factories.MemberFactory(is_moderator=True)
    found = [factories.flag(factories.PostFactory()).case for _number in range(3)]

    def take(case):
        try:
            return claims.take(moderator=who, case=case)
        except claims.HoldsAnotherError:
            return False

    assert sorted(at_once(*[partial(take, case) for case in found])) == [False, False, True]
    assert Case.objects.filter(claimed_by=who).count() == 1


def test_a_case_is_given_back(sign_in, moderator, other_moderator, case):
    claims.claim(moderator=moderator, case=case)
    assert "The case is free again." in words(send(sign_in(moderator), "release", case))
    assert claims.claim(moderator=other_moderator, case=case)
    # Nobody gives back what a colleague holds.
    send(sign_in(moderator), "release", case)
    assert fresh(case).claimed_by == other_moderator


def test_declining_needs_no_reason_and_frees_the_case(sign_in, moderator, other_moderator, case):
    browser = sign_in(moderator)
    claims.claim(moderator=moderator, case=case)
    assert "will not be offered to you again" in words(send(browser, "decline", case))
    send(browser, "decline", case)
    assert fresh(case).claimed_by is None
    assert "You declined this case" in words(page_of(browser, case))
    assert claims.take_next(moderator=moderator) is None
    assert claims.take_next(moderator=other_moderator) == case


def test_a_case_is_handed_over_with_a_note(sign_in, moderator, other_moderator, case):
    claims.claim(moderator=moderator, case=case)
    browser = sign_in(moderator)
    page = send(browser, "hand_over", case, handover=" ")
    assert page.status_code == 422
    assert "You still have the case." in words(page)
    send(browser, "hand_over", case, handover="I wrote to them at nine.")
    assert fresh(case).claimed_by is None
    assert "Handed over" in words(sign_in(other_moderator).get(QUEUE, {"show": "handed-over"}))
    assert "I wrote to them at nine." in words(page_of(sign_in(other_moderator), case))
    # In new hands it is no longer handed over.
    claims.claim(moderator=other_moderator, case=case)
    assert fresh(case).handed_over_at is None


def test_words_of_a_handover_are_not_lost_when_the_case_is_gone(sign_in, moderator, other_moderator, case):
    claims.claim(moderator=moderator, case=case)
    Case.objects.update(lease_until=factories.now() - dt.timedelta(minutes=1))
    claims.claim(moderator=other_moderator, case=case)
    page = send(sign_in(moderator), "hand_over", case, handover="I wrote to them at nine.")
    assert page.status_code == 409
    assert value_of(page, "handover") == "I wrote to them at nine."
    assert fresh(case).claimed_by == other_moderator


def test_who_asks_for_a_second_opinion_does_not_decide(sign_in, decide, moderator, other_moderator, case):
    browser = sign_in(moderator)
    claims.claim(moderator=moderator, case=case)
    assert "so a colleague decides" in words(send(browser, "second", case))
    assert not claims.claim(moderator=moderator, case=case)
    Case.objects.update(claimed_by=moderator, lease_until=factories.now() + dt.timedelta(minutes=5))
    page = decide(moderator, case)
    assert page.status_code == 409
    assert "You asked for a colleague’s view" in words(page)
    Case.objects.update(claimed_by=None, lease_until=None)
    assert decide(other_moderator, case).status_code == 302


def test_asking_is_taken_back_while_nobody_has_taken_the_case(sign_in, moderator, other_moderator, case):
    browser = sign_in(moderator)
    claims.claim(moderator=moderator, case=case)
    claims.ask_second(moderator=moderator, case=case)
    claims.claim(moderator=other_moderator, case=case)
    assert "A colleague is looking at it already." in words(send(browser, "second", case, no="1"))
    claims.release(moderator=other_moderator, case=case)
    assert "You no longer ask" in words(send(browser, "second", case, no="1"))
    assert claims.claim(moderator=moderator, case=case)


def test_a_moderator_demoted_in_mid_claim_loses_page_and_claim(sign_in, moderator, other_moderator, case):
    browser = sign_in(moderator)
    claims.claim(moderator=moderator, case=case)
    moderator.is_moderator = False
    moderator.save()
    for name in ("claim", "renew", "release", "decline", "hand_over", "second", "case_note", "decide"):
        assert browser.post(reverse(name, args=[case.public_id])).status_code == 404
    assert page_of(browser, case).status_code == 404
    other = sign_in(other_moderator)
    assert "With keeper" not in words(other.get(QUEUE))
    assert "Claim this case" in words(page_of(other, case))
    assert claims.take_next(moderator=other_moderator) == case


def test_a_moderator_who_left_holds_nothing(moderator, other_moderator, case):
    claims.claim(moderator=moderator, case=case)
    moderator.is_active = False
    moderator.save()
    assert claims.claim(moderator=other_moderator, case=case)


def test_moderators_report_each_other_and_a_third_decides(sign_in, decide, admin, moderator, other_moderator):
    post = factories.PostFactory(author=other_moderator, body="Pull yourself together.")
    case = factories.flag(post, reporter=moderator).case
    assert page_of(sign_in(other_moderator), case).status_code == 404
    assert "Nothing waits" in words(sign_in(other_moderator).get(QUEUE))
    assert claims.take_next(moderator=other_moderator) is None
    # Whoever reported it may read it.
    assert page_of(sign_in(moderator), case).status_code == 200
    assert decide(admin, case).status_code == 302


def test_an_action_of_nobody_in_particular_is_not_there(sign_in, member, visitor, case):
    names = ("claim", "renew", "release", "decline", "hand_over", "second", "case_note", "use_template")
    for name in names:
        address = reverse(name, args=[case.public_id])
        assert sign_in(member).post(address).status_code == 404
        assert visitor.post(address).status_code == 302
    assert fresh(case).claimed_by is None


# --- templates ------------------------------------------------------------------------------------------------


def test_without_javascript_the_form_comes_back_with_the_template_and_everything_written(
    sign_in, moderator, rule, case
):
    template = factories.TemplateFactory(text="Your words can hurt somebody who is low.")
    claims.claim(moderator=moderator, case=case)
    written = {
        "action": "hide",
        "rule": rule.pk,
        "reason": "Dear birch,",
        "private_note": "Second time.",
        "version": "1",
        "template": template.pk,
    }
    page = send(sign_in(moderator), "use_template", case, **written)
    assert page.status_code == 200
    assert value_of(page, "reason") == "Dear birch,\n\nYour words can hurt somebody who is low."
    assert value_of(page, "private_note") == "Second time."
    assert value_of(page, "action") == ["hide"]
    assert value_of(page, "rule") == [str(rule.pk)]
    assert fresh(case).state == "open"


def test_only_templates_in_use_and_for_reasons_are_offered(sign_in, moderator, case):
    factories.TemplateFactory(title="For a reason")
    factories.TemplateFactory(title="Retired", is_active=False)
    factories.TemplateFactory(title="For contact", purpose="contact")
    claims.claim(moderator=moderator, case=case)
    page = words(page_of(sign_in(moderator), case))
    assert "For a reason" in page
    assert "Retired" not in page
    assert "For contact" not in page


def test_a_case_offers_its_own_keys_and_one_button_to_claim_it(sign_in, moderator, case):
    page = soup(page_of(sign_in(moderator), case))
    assert {key.text for key in page.select("#keys dt kbd")} == {"c", "d", "u", "n", "?"}
    assert len(page.select("[data-key=c]")) == 1
    queue = soup(sign_in(moderator).get(QUEUE))
    assert {key.text for key in queue.select("#keys dt kbd")} == {"j", "k", "o", "c", "u", "x", "?"}
