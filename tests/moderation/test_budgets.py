"""What the pages that moderators live on may ask of the database: the same at three of everything and at sixty."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation.models import AuditEntry, BegunDecision, Case, Flag, Priority, Shift
from moderation.services import cases
from resources.models import Remark
from tests import factories
from tests.moderation import heaps
from tests.pages import soup, words
from tests.resources.asking import asked
from tests.resources.library import published

# Publishing an article sends mails.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")

# Session, member, news and the second step of staff among them.
MOST = 8
QUEUE = reverse("queue")
VIEWS = ("", "?show=mine", "?show=unclaimed", "?show=overdue", "?show=later", "?class=4&source=report")


@pytest.fixture
def keeper(settings, moderator, sign_in):
    """The moderator's browser, as in production: with a second step to sign in, which each page looks for."""
    settings.STAFF_SECOND_FACTOR = True
    Authenticator.objects.create(user=moderator, type=Authenticator.Type.TOTP, data={})
    return sign_in(moderator)


def queries(browser, address):
    """How many, and the page."""
    with CaptureQueriesContext(connection) as found:
        page = browser.get(address)
    assert page.status_code in (200, 204), page
    return len(found), page


def filled(size, moderator, colleague):
    opened = heaps.open_cases(size, reporter=moderator)
    heaps.desk(size, moderator=moderator, colleague=colleague)
    held = [case for case in opened if case.priority == Priority.OTHER][:2]
    for case in held:
        factories.claimed(case, by=moderator)
    heaps.pending([case for case in opened if case not in held][: size // 4], by=moderator)
    return opened


@pytest.fixture(params=[3, 60])
def size(request):
    return request.param


@pytest.mark.parametrize("view", VIEWS)
def test_the_queue_with_whatever_is_on_it(keeper, moderator, other_moderator, size, view):
    filled(size, moderator, other_moderator)
    count, page = queries(keeper, QUEUE + view)
    # who it is, second step, news; the desk; what the decisions that can be undone are about
    assert count == (4 if size > 3 else 3) <= MOST
    assert "On shift:" in words(page)
    if page.context["page"].next_cursor:
        count, page = queries(keeper, f"{QUEUE}?after={page.context['page'].next_cursor}")
        assert count <= MOST


def test_the_queue_as_an_open_page_asks_for_it(keeper, moderator, other_moderator, size):
    filled(size, moderator, other_moderator)
    for view in VIEWS:
        page = keeper.get(QUEUE + view)
        address = soup(page).select_one("[data-queue-news]")["data-queue-news"]
        # who it is, second step; what is new and what waits
        assert queries(keeper, address)[0] == 3
        assert queries(keeper, address)[1].status_code == 204


def test_a_sign_of_life_costs_one_more_every_five_minutes(keeper, moderator, db):
    Shift.objects.create(moderator=moderator, seen_at=factories.now() - dt.timedelta(minutes=6))
    first, then = (queries(keeper, QUEUE)[0] for _time in range(2))
    assert (first, then) == (4, 3)
    assert Shift.objects.get().seen_at > factories.now() - dt.timedelta(minutes=1)


def subjects(kind, member):
    match kind:
        case "post":
            return factories.PostFactory()
        case "alias":
            thread = factories.ThreadFactory(disguise=7)
            return factories.PostFactory(thread=thread, author=thread.author)
        case "thread":
            return factories.ThreadFactory().posts.get()
        case "profile":
            return factories.MemberFactory(about="I like tea.")
        case "question":
            return asked(member)
        case _:
            page = published(author=factories.CuratorFactory(), reviewer=factories.CuratorFactory())
            # Wagtail remembers where its sites begin.
            assert page.url
            return Remark.objects.create(page=page, member=member, kind="correction", text="A year is wrong.")


KINDS = ("post", "alias", "thread", "profile", "question", "remark")


@pytest.fixture(params=KINDS)
def heaped(request, member, other_moderator, size):
    subject = subjects(request.param, member)
    case = cases.open_or_join(subject=subject, priority=Priority.ABUSE)
    for _number in range(size):
        factories.RuleFactory(), factories.TemplateFactory(), factories.BoardFactory()
    heaps.heap(case, size, colleague=other_moderator)
    return case


def test_a_case_with_whatever_is_in_it(keeper, moderator, heaped):
    """Held, and seen for the first time today; with words that were begun; decided a moment ago; to read along."""
    address = reverse("case", args=[heaped.public_id])
    factories.claimed(heaped, by=moderator)
    first, page = queries(keeper, address)
    assert "You hold this case" in words(page)
    assert "Earlier decisions" in words(page)
    BegunDecision.objects.create(case=heaped, decider=moderator, fields={"action": "warn", "reason": "I began this."})
    begun, page = queries(keeper, address)
    assert "I began this." in page.text
    heaps.pending([heaped], by=moderator)
    pending, page = queries(keeper, address)
    assert soup(page).select_one("[data-undo]")
    Case.objects.filter(pk=heaped.pk).update(claimed_by=None, lease_until=None)
    read, page = queries(keeper, address)
    # who it is, second step, news; the case; for some kinds what stands around it
    assert read in (3, 4)
    # and that it is held for longer, and that it was seen
    assert first == read + 2 <= MOST
    assert begun == pending == read + 1


def test_a_sight_is_logged_once_a_day(keeper, case, monkeypatch):
    address = reverse("case", args=[case.public_id])
    for _time in range(3):
        keeper.get(address)
    seen = AuditEntry.objects.filter(verb="see-case", details__case=case.pk)
    assert seen.count() == 1
    tomorrow = factories.now() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    keeper.get(address)
    assert seen.count() == 2


def test_what_changed_a_moment_ago_shows_at_the_next_request(keeper, moderator, other_moderator, scene):
    """Nothing of a page is kept from one request to the next."""
    case = factories.flag(scene.reply).case
    address = reverse("case", args=[case.public_id])
    assert "Claim this case" in words(keeper.get(address))
    assert "With warden" not in words(keeper.get(QUEUE))
    factories.claimed(case, by=other_moderator)
    assert "Claim this case" not in words(keeper.get(address))
    assert "With warden" in words(keeper.get(QUEUE))
    factories.flag(scene.reply, reason=Flag.Reason.SPAM)
    assert "Spam or promotion" in words(keeper.get(address))
    assert "Spam or promotion" in words(keeper.get(QUEUE))
    type(scene.reply).objects.filter(pk=scene.reply.pk).update(visibility="hidden", body="Other words.")
    page = words(keeper.get(address))
    assert "Now: hidden" in page
    assert "Changed since" in page
    type(other_moderator).objects.filter(pk=other_moderator.pk).update(is_moderator=False)
    assert "Claim this case" in words(keeper.get(address))
    Case.objects.filter(pk=case.pk).update(
        state="decided", decided_at=factories.now(), claimed_by=None, lease_until=None
    )
    assert "Nothing waits" in words(keeper.get(QUEUE))


def test_who_loses_the_second_step_is_asked_for_it_at_the_next_request(keeper, moderator):
    assert keeper.get(QUEUE).status_code == 200
    Authenticator.objects.filter(user=moderator).delete()
    assert keeper.get(QUEUE).headers["Location"] == reverse("second_factor")


@pytest.mark.parametrize("is_looked_after", [False, True])
def test_a_report(sign_in, member, other_moderator, size, is_looked_after):
    """Of something that many have reported, by somebody whose reports were judged before."""
    subject = factories.PostFactory()
    case = cases.open_or_join(subject=subject, priority=Priority.OTHER)
    heaps.heap(case, size, colleague=other_moderator)
    # Not enough to keep it from readers, which would be more to write.
    case.flags.update(weight=0)
    judged = factories.flag(factories.PostFactory(), reporter=member).case
    factories.decided(judged, by=other_moderator, rule=factories.RuleFactory())
    if is_looked_after:
        Shift.objects.create(moderator=other_moderator)
    browser, address = sign_in(member), reverse("flag", args=["post", subject.public_id])
    browser.get(address)
    with CaptureQueriesContext(connection) as found:
        answer = browser.post(address, {"reason": "abuse", "note": "Please look."})
    assert answer.status_code == 302
    assert Flag.objects.filter(case=case, reporter=member).exists()
    asked = [query["sql"] for query in found if "SAVEPOINT" not in query["sql"]]
    # session, member; what is reported; how both stand; the case, locked; the report, its log and what it raises; out
    # of hours what the reports weigh; what the next page says
    assert len(asked) == (6 if is_looked_after else 7)
    assert sum("FOR UPDATE" in sql for sql in asked) == 1
