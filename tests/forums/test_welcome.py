"""Small steps for newcomers: each can be skipped, and each keeps what was chosen."""

import datetime as dt

import pytest
from django.conf import settings
from django.urls import reverse

from forums.views.welcome import FIRST_STEPS, STEPS
from members.models import Member
from notifications.access import wishes_of
from notifications.models import Rhythm
from tests import factories
from tests.pages import soup, value_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(db):
    return factories.MemberFactory(username="quiet-fox", welcomed_at=None)


def test_every_step_can_be_skipped_and_nothing_is_chosen_for_them(sign_in, newcomer):
    browser, before = sign_in(newcomer), Member.objects.filter(pk=newcomer.pk).values().get()
    seen = [reverse("welcome")]
    while len(seen) < len(STEPS):
        page = browser.get(seen[-1])
        onward = soup(page).find("a", string=["Go on", "Skip this step"])
        seen.append(onward["href"])
    assert seen == [reverse(step) for step in STEPS]
    for address in seen:
        assert soup(browser.get(address)).find("form", action=reverse("welcome_enough")), address
    assert Member.objects.filter(pk=newcomer.pk).values().get() == before


def test_each_step_says_where_one_is_and_leads_back(sign_in, newcomer):
    browser = sign_in(newcomer)
    for number, step in enumerate(STEPS, start=1):
        page = browser.get(reverse(step))
        assert f"Step {number} of {len(STEPS)}" in words(page)
        back = soup(page).find("a", string="One step back")
        assert (back["href"] if back else None) == (reverse(STEPS[number - 2]) if number > 1 else None)


def test_the_guidelines_stand_there_by_their_names(sign_in, newcomer):
    rule = factories.RuleFactory(title="Speak for yourself")
    page = sign_in(newcomer).get(reverse("welcome"))
    assert soup(page).find("a", href=f"/guidelines/#{rule.slug}").get_text() == "Speak for yourself"
    assert "Nobody can write to you privately here" in words(page)


def test_the_country_is_kept_with_the_account_and_for_the_page_of_help_lines(sign_in, newcomer):
    browser = sign_in(newcomer)
    assert value_of(browser.get(reverse("welcome_country")), "country") == [""]
    answer = browser.post(reverse("welcome_country"), {"country": "GB"})
    assert answer.headers["Location"] == reverse("welcome_reading")
    newcomer.refresh_from_db()
    assert newcomer.country == "GB"
    assert "Samaritans" in words(browser.get("/help-now/"))
    assert value_of(browser.get(reverse("welcome_country")), "country") == ["GB"]
    # On another device, too, once they are there.
    other = sign_in(newcomer)
    other.get("/boards/")
    assert "Samaritans" in words(other.get("/help-now/"))
    browser.post(reverse("welcome_country"), {"country": ""})
    newcomer.refresh_from_db()
    assert newcomer.country == ""


def test_a_country_that_there_is_not_is_refused(sign_in, newcomer):
    assert sign_in(newcomer).post(reverse("welcome_country"), {"country": "QQ"}).status_code == 422


def test_what_somebody_chose_on_the_page_of_help_lines_is_not_turned_back(sign_in, newcomer):
    browser = sign_in(newcomer)
    Member.objects.filter(pk=newcomer.pk).update(country="GB")
    browser.get("/help-now/", {"country": "IE"})
    browser.get("/boards/")
    assert browser.cookies[f"{settings.COOKIE_PREFIX}country"].value == "IE"


def test_what_to_fold_is_kept(sign_in, newcomer):
    browser = sign_in(newcomer)
    form = {
        field["name"]: "show" for field in soup(browser.get(reverse("welcome_reading"))).select("input[name^=note_]")
    }
    answer = browser.post(reverse("welcome_reading"), form | {"note_suicide": "hide", "low_energy": "on"})
    assert answer.headers["Location"] == reverse("welcome_news")
    newcomer.refresh_from_db()
    assert (newcomer.hidden_notes, newcomer.folded_notes, newcomer.low_energy) == (["suicide"], [], True)


def test_quiet_hours_and_digest_are_kept_and_nothing_else_about_news_is_touched(sign_in, newcomer):
    browser = sign_in(newcomer)
    wishes = wishes_of(newcomer)
    form = {"rhythm": "weekly", "quiet_from": "22:00", "quiet_until": "08:00", "time_zone": "Europe/Dublin"}
    assert browser.post(reverse("welcome_news"), form | {"quiet_until": ""}).status_code == 422
    answer = browser.post(reverse("welcome_news"), form)
    assert answer.headers["Location"] == reverse("welcome_first")
    after = wishes_of(newcomer)
    assert (after.rhythm, after.quiet_from, after.quiet_until) == (Rhythm.WEEKLY, dt.time(22), dt.time(8))
    assert (after.digest_hour, after.content_in_mail) == (wishes.digest_hour, wishes.content_in_mail)


@pytest.mark.parametrize("where", FIRST_STEPS)
def test_a_first_small_step_ends_the_welcome_and_leads_there(sign_in, newcomer, where):
    answer = sign_in(newcomer).post(reverse("welcome_enough"), {"to": where})
    assert answer.headers["Location"] == reverse(where)
    newcomer.refresh_from_db()
    assert newcomer.welcomed_at


def test_leaving_the_rest_for_another_day_leads_home_and_nowhere_else(sign_in, newcomer):
    browser = sign_in(newcomer)
    assert "A few small steps" in words(browser.get("/"))
    assert browser.post(reverse("welcome_enough"), {"to": "https://example.org/"}).headers["Location"] == "/"
    page = browser.get("/")
    assert "A few small steps" not in words(page)
    assert "whenever you like" in words(page)


def test_the_country_can_be_changed_among_the_settings(sign_in, member):
    browser = sign_in(member)
    assert soup(browser.get(reverse("settings"))).find("a", href=reverse("settings_country"))
    answer = browser.post(reverse("settings_country"), {"country": "IE"})
    assert answer.headers["Location"] == reverse("settings_country")
    assert value_of(browser.get(reverse("settings_country")), "country") == ["IE"]
    assert browser.post(reverse("settings_country"), {"country": "QQ"}).status_code == 422


def test_the_welcome_can_be_found_again(sign_in, member):
    assert soup(sign_in(member).get(reverse("settings"))).find("a", href=reverse("welcome"))
