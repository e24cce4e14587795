"""Curators keep lines to call or text: who may, who confirmed what and when, and what is refused."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members.services import CURATORS_GROUP
from moderation.log_words import verb_in_words
from moderation.models import AuditEntry
from resources import helplines
from resources.models import HelpCountry, Helpline, HelplineChannel
from resources.services import helplines as keeping
from tests import pages

pytestmark = pytest.mark.django_db
LINES = "wagtailsnippets_resources_helpline"
COUNTRIES = "wagtailsnippets_resources_helpcountry"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.HELP_DIR = str(tmp_path / "help")


@pytest.fixture(autouse=True)
def kept(shelf):
    keeping.load_starter_helplines()


@pytest.fixture
def line():
    return Helpline.objects.get(country="IE", name="Aware support line")


@pytest.fixture
def desk(sign_in, author):
    """A curator at work."""
    return sign_in(author)


def edit(line: Helpline) -> str:
    return reverse(f"{LINES}:edit", args=[line.pk])


def filled(page, **changes: str) -> dict[str, str]:
    """The form as it stands on `page`, with `changes`."""
    form = pages.soup(page).find("form", id="w-editor-form") or pages.soup(page).select_one("main form")
    data = {}
    for field in form.find_all(["input", "textarea", "select"]):
        name = field.get("name", "")
        if (
            not name
            or "__prefix__" in name
            or (field.get("type") in ("checkbox", "radio") and not field.has_attr("checked"))
        ):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True)
            data[name] = chosen["value"] if chosen else ""
        else:
            data[name] = (
                field.get_text().removeprefix("\n")
                if field.name == "textarea"
                else field.get("value", "on" if field.has_attr("checked") else "")
            )
    return data | changes


def save(desk, line, **changes: str):
    return desk.post(edit(line), filled(desk.get(edit(line)), **changes))


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_curator_finds_the_lines_and_countries_in_the_menu(desk):
    assert reverse(f"{LINES}:list") in desk.get("/curate/").text
    page = desk.get(reverse(f"{LINES}:list"), {"q": "aware"})
    assert "Aware support line" in pages.words(page)
    assert "Germany" in pages.words(desk.get(reverse(f"{COUNTRIES}:list")))


def test_the_list_can_be_narrowed_to_a_country_and_searched(desk):
    page = pages.words(desk.get(reverse(f"{LINES}:list"), {"country": "NL"}))
    assert "De Luisterlijn" in page
    assert "Samaritans" not in page
    assert "Veterans Crisis Line" in pages.words(desk.get(reverse(f"{LINES}:list"), {"q": "veterans"}))


def test_saving_what_is_there_changes_nothing(desk, line):
    before = (line.opening, list(line.channels.values("kind", "display", "dial", "body")), line.languages)
    assert save(desk, line).status_code == 302
    line.refresh_from_db()
    assert (line.opening, list(line.channels.values("kind", "display", "dial", "body")), line.languages) == before
    assert verbs() == []


def test_confirming_records_who_and_when_and_until_when(desk, line, author):
    assert save(desk, line, confirmed="on", review_by="").status_code == 302
    line.refresh_from_db()
    today = timezone.localdate()
    assert (line.verified_on, line.verified_by) == (today, author)
    assert line.review_by == today + keeping.REVIEW_EVERY
    entry = AuditEntry.objects.get(verb="helpline-verify")
    assert entry.actor == author
    assert entry.details["title"] == "Aware support line"


def test_a_day_that_the_curator_names_is_kept_unless_it_is_over(desk, line):
    soon = timezone.localdate() + dt.timedelta(days=30)
    save(desk, line, confirmed="on", review_by=soon.isoformat())
    line.refresh_from_db()
    assert line.review_by == soon
    save(desk, line, confirmed="on", review_by=(timezone.localdate() - dt.timedelta(days=1)).isoformat())
    line.refresh_from_db()
    assert line.review_by > timezone.localdate()


def test_a_change_that_nobody_confirms_makes_a_line_unverified_again(desk, line):
    save(desk, line, confirmed="on")
    save(desk, line, position="7")
    line.refresh_from_db()
    assert line.verified_on, "Where it stands in the list is no fact about it."
    save(desk, line, hours="10 am to 11 pm, every day")
    line.refresh_from_db()
    assert (line.verified_on, line.verified_by) == (None, None)
    assert verbs()[-1] == "helpline-change"


def test_another_number_makes_it_unverified_and_is_on_the_page(desk, line, worker, visitor):
    save(desk, line, confirmed="on")
    with worker():
        save(desk, line, **{"channels-0-display": "1800 80 48 49", "channels-0-dial": "1800804849"})
    line.refresh_from_db()
    assert line.verified_on is None
    page = visitor.get("/help-now/?country=IE")
    assert pages.soup(page).find("a", href="tel:1800804849")
    assert not pages.soup(page).find("a", href="tel:1800804848")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"channels-0-dial": "180080484"}, "not the same number"),
        ({"channels-0-display": "1800 80 48 48 99", "channels-0-dial": "180080484899"}, "lost or gained a digit"),
        ({"channels-0-kind": "chat", "channels-0-dial": "javascript:alert(1)"}, "a chat begins with https://"),
        ({"channels-0-DELETE": "1"}, "Add a way to reach this line."),
        ({"opening": "most evenings"}, "is not written like"),
        ({"hours_tz": "Nowhere"}, "Select a valid choice"),
        ({"source": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"languages": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_right_is_refused_with_a_word_and_nothing_is_lost(desk, line, changes, words):
    page = save(desk, line, who_for="Adults, and those close to them", **changes)
    assert page.status_code == 200
    assert words in pages.words(page)
    assert "Adults, and those close to them" in page.text
    line.refresh_from_db()
    assert line.who_for.startswith("Adults living with depression")
    assert line.channels.get().dial == "1800804848"
    assert verbs() == []


def test_a_new_line_is_unverified_until_somebody_confirms_it(desk, author):
    blank = filled(desk.get(reverse(f"{LINES}:add")))
    new = blank | {
        "country": "IE", "name": "A new line", "who_for": "Anyone", "languages": "English, Irish", "hours": "Evenings",
        "opening": "Mon-Fri 18:00-22:00", "hours_tz": "Europe/Dublin", "source": "https://line.example/",
        "is_shown": "on", "channels-TOTAL_FORMS": "1", "channels-0-kind": "text", "channels-0-display": "50808",
        "channels-0-dial": "50808", "channels-0-body": "HELLO", "channels-0-ORDER": "1",
    }  # fmt: skip
    assert desk.post(reverse(f"{LINES}:add"), new).status_code == 302
    line = Helpline.objects.get(name="A new line")
    assert line.verified_on is None
    assert line.languages == ["English", "Irish"]
    assert line.channels.get().body == "HELLO"
    assert verbs() == ["helpline-add"]
    assert AuditEntry.objects.get().actor == author
    again = desk.post(reverse(f"{LINES}:add"), new)
    assert again.status_code == 200
    assert Helpline.objects.filter(name="A new line").count() == 1


def test_a_line_that_is_taken_away_is_gone_and_logged(desk, line, worker, visitor):
    with worker():
        assert desk.post(reverse(f"{LINES}:delete", args=[line.pk])).status_code == 302
    assert not Helpline.objects.filter(pk=line.pk).exists()
    assert verbs() == ["helpline-remove"]
    assert "Aware" not in visitor.get("/help-now/?country=IE").text


def test_lines_that_are_ticked_in_the_list_go_the_same_way(desk, line, worker, visitor, sign_in, admin):
    other = Helpline.objects.get(country="IE", name="Pieta")
    address = reverse("wagtail_bulk_action", args=["resources", "helpline", "delete"]) + f"?id={line.pk}&id={other.pk}"
    with worker():
        assert desk.post(address).status_code == 302
    assert not Helpline.objects.filter(pk__in=[line.pk, other.pk]).exists()
    assert verbs() == ["helpline-remove", "helpline-remove"]
    assert "Pieta" not in visitor.get("/help-now/?country=IE").text
    countries = reverse("wagtail_bulk_action", args=["resources", "helpcountry", "delete"]) + "?id=NL"
    for somebody in (desk, sign_in(admin)):
        somebody.post(countries)
        assert HelpCountry.objects.filter(code="NL").exists()


def test_countries_are_added_and_changed_and_never_lose_their_code(desk, author, worker, visitor):
    form = {"code": "PT", "name": "Portugal", "emergency_display": "112", "emergency_dial": "112", "emergency_note": ""}
    assert desk.post(reverse(f"{COUNTRIES}:add"), form | {"emergency_dial": ""}).status_code == 200
    with worker():
        assert desk.post(reverse(f"{COUNTRIES}:add"), form).status_code == 302
    assert "Portugal" in visitor.get("/help-now/").text
    address = reverse(f"{COUNTRIES}:edit", args=["PT"])
    desk.post(address, form | {"code": "QQ", "emergency_note": "or go to a hospital"})
    assert HelpCountry.objects.get(name="Portugal").code == "PT"
    assert HelpCountry.objects.get(code="PT").emergency_note == "or go to a hospital"
    assert verbs() == ["help-country-add", "help-country-change"]
    assert desk.post(reverse(f"{COUNTRIES}:delete", args=["PT"])).status_code in (302, 403)
    assert HelpCountry.objects.filter(code="PT").exists()


def test_nobody_else_gets_there(sign_in, member, moderator, visitor, line):
    for somebody in (sign_in(member), sign_in(moderator)):
        assert somebody.get(edit(line)).status_code == 404
        assert somebody.get(reverse(f"{LINES}:list")).status_code == 404
        assert somebody.post(edit(line), {"name": "Mine"}).status_code == 404
    assert visitor.get(edit(line)).headers["Location"].startswith("/accounts/login/")
    line.refresh_from_db()
    assert line.name == "Aware support line"


def test_rights_of_curators_can_be_given_again_and_again():
    group = Group.objects.get(name=CURATORS_GROUP)
    before = set(group.permissions.values_list("codename", flat=True))
    keeping.let_curators_in(group)
    assert set(group.permissions.values_list("codename", flat=True)) == before
    assert {"add_helpline", "change_helpline", "delete_helpline", "change_helpcountry"} <= before
    assert "delete_helpcountry" not in before


@pytest.mark.parametrize(
    "way",
    [
        {"kind": "chat", "dial": "javascript:alert(1)"},
        {"kind": "chat", "dial": "116123"},
        {"kind": "call", "dial": "116 123"},
        {"kind": "call", "dial": "https://line.example/"},
        {"kind": "post", "dial": "116123"},
    ],
)
def test_the_database_refuses_what_is_neither_dialled_nor_opened(line, way):
    with pytest.raises(IntegrityError), transaction.atomic():
        HelplineChannel.objects.create(helpline=line, display="x", **way)


def test_the_database_refuses_a_confirmation_without_end(line):
    with pytest.raises(IntegrityError), transaction.atomic():
        Helpline.objects.filter(pk=line.pk).update(verified_on=helplines.today(), review_by=None)


def test_the_log_has_words_for_all_of_it(desk, line):
    save(desk, line, confirmed="on", cost="Free of charge")
    desk.post(reverse(f"{LINES}:delete", args=[line.pk]))
    assert verbs() == ["helpline-change", "helpline-verify", "helpline-remove"]
    assert all(verb_in_words(verb) for verb in [*verbs(), "helpline-add", "help-country-add", "help-country-change"])
