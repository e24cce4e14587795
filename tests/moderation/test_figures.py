"""Figures for moderators, and those that everybody may see."""

import csv
import datetime as dt
import io

import pytest
from django.core.cache import cache
from django.urls import reverse

from moderation.access import figures as counting
from moderation.access.transparency import BELOW, WITHHELD, apart, groups, quarters, without_small
from moderation.models import AuditEntry, Case, CrisisStep, Decision, Priority, Source
from moderation.views.record import _plain
from tests import factories
from tests.pages import soup, words

HOUR = dt.timedelta(hours=1)


def case(author, *, opened, priority=Priority.OTHER, looked=None, decided=None, source=Source.REPORT):
    """A case of the past; `looked` and `decided` after it was opened."""
    made = Case.objects.create(
        subject_kind="post",
        subject_id=Case.objects.count() + 1,
        author=author,
        priority=priority,
        source=source,
        due_at=opened + priority.clock,
        first_looked_at=opened + looked if looked else None,
        decided_at=opened + decided if decided else None,
        state=Case.State.DECIDED if decided else Case.State.OPEN,
    )
    Case.objects.filter(pk=made.pk).update(opened_at=opened)
    return made


def figure(key, count=4):
    found = {each.key: each for each in counting.figures(counting.Weeks(count))}
    return found[key]


def this_week(of):
    return dict(zip(of.columns, of.rows[-1][1], strict=True))


@pytest.fixture
def monday(db):
    """A moment this week that is past; all cases of a test lie in the same week."""
    return factories.now() - dt.timedelta(minutes=1)


def test_cases_are_counted_by_class_and_by_what_brought_them(member, monday):
    case(member, opened=monday, priority=Priority.CRISIS, source=Source.AUTOMATION)
    case(member, opened=monday, priority=Priority.CRISIS)
    case(member, opened=monday)
    case(member, opened=monday - dt.timedelta(weeks=2))
    by_class = figure("class")
    assert this_week(by_class) == {
        "Crisis": 2,
        "Danger to others, methods": 0,
        "Abuse, privacy, predation": 0,
        "Everything else": 1,
    }
    assert by_class.rows[-3][1] == [0, 0, 0, 1]
    assert this_week(figure("source"))["automatic screening"] == 1


def test_times_are_the_middle_one_and_the_one_that_nine_in_ten_do_not_exceed(member, monday):
    for minutes in (1, 2, 3, 4, 20):
        case(member, opened=monday, priority=Priority.CRISIS, looked=dt.timedelta(minutes=minutes))
    assert this_week(figure("look-median"))["Crisis (15 min)"] == 3
    assert this_week(figure("look-90"))["Crisis (15 min)"] == pytest.approx(13.6)
    assert this_week(figure("decision-median"))["Crisis (15 min)"] is None
    assert this_week(figure("within-clock"))["Crisis"] == 80


def test_what_nobody_has_looked_at_was_not_looked_at_in_time(member, monday):
    case(member, opened=monday, priority=Priority.DANGER, looked=HOUR)
    case(member, opened=monday, priority=Priority.DANGER)
    assert this_week(figure("within-clock"))["Danger to others, methods"] == 50


def worked_on(found, *, by, claimed, rule):
    """`found` is decided now, and was claimed so long before."""
    now = factories.now()
    AuditEntry.objects.create(actor=by, verb="claim", details={"case": found.pk}, at=now - claimed)
    Decision.objects.create(
        case=found,
        decider=by,
        author=found.author,
        action="hide",
        rule=rule,
        snapshot="",
        source=found.source,
        decided_at=now,
    )


def test_hours_of_hard_cases_run_from_the_claim_and_leave_out_what_lay_about(member, moderator, monday, rule):
    hard, easy, forgotten = (
        case(member, opened=monday, priority=priority)
        for priority in (Priority.CRISIS, Priority.OTHER, Priority.DANGER)
    )
    worked_on(hard, by=moderator, claimed=HOUR / 2, rule=rule)
    worked_on(easy, by=moderator, claimed=HOUR, rule=rule)
    worked_on(forgotten, by=moderator, claimed=5 * HOUR, rule=rule)
    assert this_week(figure("load")) == {"keeper": 0.5}


def step(found, number, *, by, after):
    made = CrisisStep.objects.create(case=found, step=number, by=by)
    CrisisStep.objects.filter(pk=made.pk).update(at=found.opened_at + after)


def test_a_crisis_is_decided_when_somebody_writes_to_the_person(member, moderator, monday):
    found = case(member, opened=monday - 2 * HOUR, priority=Priority.CRISIS, looked=HOUR / 12)
    found.refresh_from_db()
    step(found, CrisisStep.Step.CONTACTED, by=moderator, after=HOUR / 6)
    assert sum(filter(None, (row[1][0] for row in figure("decision-median").rows))) == 10


def test_a_case_that_was_opened_again_keeps_its_first_decision(member, moderator, monday, rule):
    found = case(member, opened=monday - 2 * HOUR, priority=Priority.ABUSE, decided=8 * HOUR)
    Decision.objects.create(
        case=found,
        decider=moderator,
        author=member,
        action="hide",
        rule=rule,
        snapshot="",
        source=found.source,
        decided_at=monday - HOUR,
    )
    assert sum(filter(None, (row[1][2] for row in figure("decision-median").rows))) == 60


def test_hours_of_hard_cases_are_those_of_crisis_steps_too(member, moderator, monday):
    found = case(member, opened=monday, priority=Priority.CRISIS)
    AuditEntry.objects.create(actor=moderator, verb="claim", details={"case": found.pk}, at=monday)
    found.refresh_from_db()
    step(found, CrisisStep.Step.CLAIMED, by=moderator, after=HOUR / 4)
    step(found, CrisisStep.Step.CONTACTED, by=moderator, after=HOUR / 2)
    # From the claim to the last step, counted once.
    assert sum(filter(None, (row[1][0] for row in figure("load").rows))) == 0.5


def test_the_page_draws_and_says_the_same_numbers(sign_in, moderator, member, monday):
    for _each in range(3):
        case(member, opened=monday, priority=Priority.ABUSE)
    page = soup(sign_in(moderator).get(reverse("figures")))
    section = page.find(attrs={"aria-labelledby": "figure-class"})
    assert section.find("svg")["role"] == "img"
    assert len(section.find("svg").find_all("rect")) == 1
    last = section.find("table").find_all("tr")[-1]
    assert [cell.text for cell in last.find_all("td")] == ["0", "0", "3", "0"]


def test_the_same_numbers_come_as_csv(sign_in, moderator, member, monday):
    case(member, opened=monday, priority=Priority.ABUSE)
    rows = list(csv.DictReader(io.StringIO(sign_in(moderator).get(reverse("figures_csv")).text)))
    classes = [row for row in rows if row["figure"] == "class" and row["of"] == "Abuse, privacy, predation"]
    assert [row["value"] for row in classes][-1] == "1"
    assert len(classes) == 12


def test_as_many_queries_for_a_year_as_for_a_month(sign_in, moderator, member, monday, django_assert_num_queries):
    for weeks in range(40):
        case(member, opened=monday - dt.timedelta(weeks=weeks), looked=HOUR, decided=2 * HOUR)
    browser = sign_in(moderator)
    # Who it is; eight for the figures.
    with django_assert_num_queries(9):
        browser.get(reverse("figures"), {"weeks": "4"})
    with django_assert_num_queries(9):
        browser.get(reverse("figures"), {"weeks": "52"})


def test_a_week_begins_on_monday_by_the_sites_clock_also_when_clocks_change():
    # In London clocks went forward on Sunday 29 March 2026.
    weeks = counting.Weeks(2, dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC))
    assert weeks.mondays == [dt.date(2026, 3, 23), dt.date(2026, 3, 30)]
    assert weeks.start == dt.datetime(2026, 3, 23, tzinfo=dt.UTC)
    assert counting.Weeks(1, dt.datetime(2026, 4, 1, tzinfo=dt.UTC)).start == dt.datetime(
        2026, 3, 29, 23, tzinfo=dt.UTC
    )


# --- for everybody


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([0, 0], ["0", "0"]),
        ([5, 12], ["5", "12"]),
        ([1, 4, 9], [BELOW, BELOW, WITHHELD]),
        ([4, 4, 4, 9], [BELOW, BELOW, BELOW, "9"]),
        ([1, 1, 5, 6, 9], [BELOW, BELOW, WITHHELD, WITHHELD, "9"]),
        ([3, 40, 9], [BELOW, "40", WITHHELD]),
        ([3, 0, 0], [BELOW, "0", "0"]),
    ],
)
def test_small_figures_are_hidden_and_cannot_be_worked_out(counts, shown):
    assert without_small(counts) == shown


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        # Both are shown in full, or hide enough.
        ([6, 9], [15, 0], (["6", "9"], ["15", "0"])),
        ([3, 40, 9], [30, 22, 0], ([BELOW, "40", WITHHELD], ["30", "22", "0"])),
        # 12 in all, of which three are below 5: each is 4.
        ([4, 4, 4], [12, 0, 0], ([BELOW] * 3, [WITHHELD, "0", "0"])),
        ([12, 0, 0], [4, 4, 4], ([WITHHELD, "0", "0"], [BELOW] * 3)),
        ([4, 4, 4], [1, 11, 0], ([BELOW] * 3, [WITHHELD, WITHHELD, "0"])),
    ],
)
def test_small_figures_cannot_be_worked_out_from_another_table_of_the_same_cases(first, second, shown):
    assert apart(first, second) == shown


def test_the_two_tables_of_cases_are_shown_apart(db, member):
    cache.clear()
    last = dt.datetime.combine(quarters()[-1].start, dt.time(12), dt.UTC)
    for priority in (Priority.CRISIS, Priority.DANGER, Priority.ABUSE):
        for _each in range(4):
            case(member, opened=last, priority=priority)
    by_stake, by_source = groups(quarters())[1:3]
    assert [values[-1] for _name, values in by_stake.rows] == [BELOW, BELOW, BELOW, "0"]
    assert {values[-1] for _name, values in by_source.rows} == {WITHHELD, "0"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("", ""),
        ("Crisis", "Crisis"),
        (-3, -3),
        (0.5, 0.5),
        ("=1+1", "'=1+1"),
        ("@now", "'@now"),
        (" =1+1", "' =1+1"),
        ("\n+1", "'\n+1"),
        ("< 5", "< 5"),
    ],
)
def test_a_spreadsheet_takes_no_text_for_a_formula(value, written):
    assert _plain(value) == written


def test_only_quarters_that_are_over_are_shown():
    assert [quarter.label for quarter in quarters(dt.datetime(2026, 5, 3, tzinfo=dt.UTC))] == [
        "2025 Q2", "2025 Q3", "2025 Q4", "2026 Q1",
    ]  # fmt: skip


def test_anybody_reads_how_things_were_moderated_and_nobody_is_named(client, member, moderator):
    cache.clear()
    last = dt.datetime.combine(quarters()[-1].start, dt.time(12), dt.UTC)
    for _each in range(6):
        case(member, opened=last)
    for _each in range(2):
        case(member, opened=last, priority=Priority.CRISIS)
    page = client.get(reverse("transparency"))
    shown = words(page)
    assert page.status_code == 200
    assert member.username not in shown
    table = soup(page).find("h2", string="Cases, by what is at stake").find_next("table")
    cells = {row.th.text: row.find_all("td")[-1].text for row in table.tbody.find_all("tr")}
    assert cells["Crisis"] == BELOW
    assert cells["Everything else"] == WITHHELD
    assert cells["Abuse, privacy, predation"] == "0"


def test_the_public_figures_come_as_csv(db, client):
    cache.clear()
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("transparency_csv")).text)))
    assert {row["quarter"] for row in rows} == {quarter.label for quarter in quarters()}
    assert {row["value"] for row in rows} == {"0"}


@pytest.mark.parametrize("page", ["figures", "figures_csv"])
def test_members_do_not_find_the_figures_of_moderators(sign_in, member, page):
    assert sign_in(member).get(reverse(page)).status_code == 404
