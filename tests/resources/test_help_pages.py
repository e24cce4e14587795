"""The page that always answers, made ahead: what is shown, when it is made anew, and what stays when that fails."""

import dataclasses
import datetime as dt
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.base import TextNode
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.urls import reverse

from notifications.models import Event
from resources import help_pages, helplines, opening
from resources.access.helplines import countries_kept
from resources.models import HelpCountry, HelpFailure, Helpline, HelplineChannel
from resources.services import helplines as keeping
from resources.services.rendering import render_help
from tests import factories, pages

SHIPPED = helplines.shipped()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.HELP_DIR = str(tmp_path / "help")
    return Path(settings.HELP_DIR)


@pytest.fixture
def kept(db):
    """The lines that the site comes with, as a curator finds them."""
    keeping.load_starter_helplines()


@pytest.fixture
def line(kept):
    return Helpline.objects.get(country="GB", name="Samaritans")


def named(name: str):
    """The shipped countries, with another name for the first line of Britain."""
    first, *others = SHIPPED["GB"].helplines
    return {
        **SHIPPED,
        "GB": dataclasses.replace(SHIPPED["GB"], helplines=(dataclasses.replace(first, name=name), *others)),
    }


def in_britain(**headers: str) -> str:
    return pages.words(Client().get("/help-now/?country=GB", headers=headers))


def shown_set(folder: Path) -> Path:
    return (folder / "current").resolve()


def a_time_ahead(monkeypatch, days: int) -> None:
    moment = helplines.today() + dt.timedelta(days=days)
    monkeypatch.setattr(helplines, "today", lambda: moment)


# --- made ahead


def test_every_country_has_its_page_and_whoever_has_not_chosen_one_too(folder):
    help_pages.write(SHIPPED)
    files = {path.stem: path.read_text() for path in (shown_set(folder) / "en-gb").iterdir()}
    assert files.keys() == {*SHIPPED, "none"}
    for code, country in SHIPPED.items():
        assert len(files[code].encode()) <= 20_000, code
        for each in country.helplines:
            assert each.name.replace("&", "&amp;") in files[code]


def test_the_page_that_was_made_ahead_is_the_one_that_is_shown(folder):
    help_pages.write(named("A line that was kept"))
    assert "A line that was kept" in in_britain()
    path = shown_set(folder) / "en-gb" / "GB.html"
    path.write_text(path.read_text().replace("A line that was kept", "As it stands in the file"))
    assert "As it stands in the file" in in_britain()


@pytest.mark.parametrize("code", ["none", *SHIPPED])
def test_made_ahead_it_is_what_it_would_be_if_it_were_made_now(code, monkeypatch):
    monkeypatch.setattr(opening, "in_words", lambda *_hours: "Open now & here.")
    country = SHIPPED.get(code)
    now = help_pages.make(SHIPPED, country, "en-gb")
    help_pages.write(SHIPPED)
    assert help_pages.page(helplines.countries(), helplines.countries().get(code), "en-gb") == now


def test_the_hour_is_that_of_the_reader_not_that_of_the_making(monkeypatch):
    help_pages.write(SHIPPED)
    monkeypatch.setattr(opening, "in_words", lambda *_hours: "It is four in the morning.")
    page = pages.words(Client().get("/help-now/?country=IE"))
    assert "It is four in the morning." in page


def test_opened_as_a_file_it_says_nothing_of_the_hour(folder):
    help_pages.write(SHIPPED)
    text = (shown_set(folder) / "en-gb" / "IE.html").read_text()
    assert "<!--open Europe/Dublin|Mon-Sun 10:00-22:00-->" in text
    assert "Open now" not in text


def test_everything_else_that_shows_lines_has_the_same_ones():
    help_pages.write(named("A line that was kept"))
    assert helplines.countries()["GB"].first[0].name == "A line that was kept"
    assert helplines.countries() == named("A line that was kept")


def test_without_any_it_is_made_from_what_the_site_comes_with():
    assert help_pages.kept() is None
    assert helplines.countries() == SHIPPED
    assert "Samaritans" in in_britain()


def test_a_country_without_a_line_says_so_and_shows_where_to_look(folder):
    bare = {"FI": helplines.Country("FI", "Finland", "112", "112", "", ()), "XX": SHIPPED["XX"]}
    help_pages.write(bare)
    page = Client().get("/help-now/?country=FI")
    assert pages.soup(page).find("a", href="tel:112")
    assert "We know no line there yet." in pages.words(page)
    assert "Find A Helpline" in pages.words(page)
    assert (shown_set(folder) / "en-gb" / "FI.html").is_file()


def test_it_is_made_in_every_language_and_each_reader_gets_theirs(settings, folder):
    settings.HELP_LANGUAGES = ["en-gb", "de", "ar"]
    help_pages.write(SHIPPED)
    assert {path.name for path in shown_set(folder).iterdir()} == {"en-gb", "de", "ar", "helplines.json"}
    client = Client()
    german = client.get("/help-now/?country=DE", headers={"accept-language": "fr, de-AT;q=0.8, en;q=0.5"})
    assert pages.soup(german).html["lang"] == "de"
    assert german.headers["Content-Language"] == "de"
    assert "Accept-Language" in german.headers["Vary"]
    arabic = client.get("/help-now/?language=ar", headers={"accept-language": "de"})
    assert pages.soup(arabic).html["dir"] == "rtl"
    assert [link["lang"] for link in pages.soup(arabic).select("main nav a")] == ["en-gb", "de", "ar"]
    for unknown in ("xx", "../../etc", "\0"):
        assert pages.soup(client.get("/help-now/", {"language": unknown})).html["lang"] == "en-gb"


# --- what must never be shown


def test_a_page_that_is_too_long_is_not_shown_and_the_one_before_stays(folder):
    help_pages.write(named("The one before"))
    before = shown_set(folder)
    many = dataclasses.replace(SHIPPED["GB"], helplines=SHIPPED["GB"].helplines * 10)
    with pytest.raises(help_pages.UnfitPageError, match="GB"):
        help_pages.write({**SHIPPED, "GB": many})
    assert shown_set(folder) == before
    assert "The one before" in in_britain()
    assert list((folder / "sets").iterdir()) == [before]


def test_a_page_that_lacks_a_number_is_not_shown(monkeypatch):
    real = render_to_string
    monkeypatch.setattr("resources.help_pages.render_to_string", lambda *how: real(*how).replace("tel:116123", "tel:0"))
    with pytest.raises(help_pages.UnfitPageError, match="tel:116123"):
        help_pages.write(SHIPPED)
    assert help_pages.kept() is None


@pytest.mark.parametrize("harm", ["", "{", '{"country": 3}', "\ufffd"])
def test_a_set_that_cannot_be_read_is_passed_over(folder, harm):
    help_pages.write(named("Unreadable"))
    found = shown_set(folder)
    other = found.rename(found.with_name("harmed"))
    (folder / "current").unlink()
    (folder / "current").symlink_to(other)
    (other / "helplines.json").write_text(harm)
    assert "Samaritans" in in_britain()


def test_a_page_that_is_gone_is_made(folder):
    help_pages.write(named("Still known"))
    (shown_set(folder) / "en-gb" / "GB.html").unlink()
    assert "Still known" in in_britain()


def test_pages_of_another_version_of_the_site_are_not_shown_but_their_lines_are(folder, monkeypatch):
    help_pages.write(named("Still known"))
    path = shown_set(folder) / "en-gb" / "GB.html"
    path.write_text(path.read_text().replace("Someone to talk to", "In the words of last year"))
    assert "In the words of last year" in in_britain()
    monkeypatch.setattr(help_pages, "frame", lambda _language: "another")
    page = in_britain()
    assert "In the words of last year" not in page
    assert "Still known" in page


@pytest.mark.parametrize("template", ["resources/help_now.html", "components/helpline.html", "base_plain.html"])
def test_a_change_of_any_template_makes_it_another_version(monkeypatch, settings, template):
    settings.HELP_LANGUAGES = ["en-gb", "de"]
    before = help_pages.frame.__wrapped__("en-gb")
    assert help_pages.frame.__wrapped__("en-gb") == before
    found: Any = get_template(template)
    for node in [node for node in found.template.nodelist.get_nodes_by_type(TextNode) if len(node.s.strip()) > 4]:
        with monkeypatch.context() as changed:
            changed.setattr(node, "s", node.s + "another word")
            assert help_pages.frame.__wrapped__("en-gb") != before, node.s


def test_when_no_page_can_be_made_the_last_one_is_shown_whatever_its_age(monkeypatch):
    help_pages.write(named("The last good one"))

    def broken(*_how):
        raise OSError("a template is gone")

    monkeypatch.setattr("resources.help_pages.render_to_string", broken)
    help_pages.frame.cache_clear()
    assert "The last good one" in in_britain()
    monkeypatch.setattr(help_pages, "frame", lambda _language: "another")
    assert "The last good one" in in_britain()


def test_a_line_whose_date_is_over_says_so_though_nobody_has_made_the_page_anew(monkeypatch):
    first = dataclasses.replace(
        SHIPPED["GB"].helplines[0], verified_on=helplines.today(), review_by=helplines.today() + dt.timedelta(days=30)
    )
    help_pages.write({"GB": dataclasses.replace(SHIPPED["GB"], helplines=(first,))})
    assert "Checked by a person." in in_britain()
    a_time_ahead(monkeypatch, 30)
    assert "Checked by a person." in in_britain()
    a_time_ahead(monkeypatch, 1)
    assert "Checked by a person." not in in_britain()
    assert "Was to be checked again by" in in_britain()


def test_only_the_set_that_is_shown_and_the_one_before_are_kept(folder):
    (folder / "sets" / "00000000T000000-half").mkdir(parents=True)
    (folder / "current-half").symlink_to(folder / "sets" / "00000000T000000-half")
    made = [help_pages.write(named(f"Number {number}")) for number in range(4)]
    assert shown_set(folder) == made[-1]
    assert len(list((folder / "sets").iterdir())) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["current", "sets"]
    assert "Number 3" in in_britain()


# --- from what curators keep


def test_an_empty_table_does_not_empty_the_page(db):
    assert countries_kept() == SHIPPED
    assert render_help()
    assert "Samaritans" in in_britain()


def test_what_the_site_comes_with_is_loaded_once_and_stays_as_curators_have_it(kept, line):
    assert {code: country.helplines for code, country in countries_kept().items()} == {
        code: country.helplines for code, country in SHIPPED.items()
    }
    assert list(countries_kept())[-1] == "XX"
    keeping.remove_helpline(actor=None, line=line)
    assert keeping.load_starter_helplines() == 0
    assert not Helpline.objects.filter(country="GB", name="Samaritans").exists()


def test_it_is_made_again_only_where_something_has_changed(kept, line, folder):
    assert render_help()
    before = shown_set(folder)
    assert not render_help()
    assert shown_set(folder) == before
    assert render_help(anew=True)
    Helpline.objects.filter(pk=line.pk).update(name="Samaritans of today")
    assert render_help()
    assert "Samaritans of today" in in_britain()
    HelplineChannel.objects.filter(helpline=line).update(display="116 124", dial="116124")
    assert render_help()
    assert pages.soup(Client().get("/help-now/?country=GB")).find("a", href="tel:116124")


def test_a_page_that_somebody_removed_is_made_again(kept, folder):
    render_help()
    (shown_set(folder) / "en-gb" / "none.html").unlink()
    assert render_help()


def test_a_line_that_is_not_shown_is_nowhere(kept, line):
    Helpline.objects.filter(pk=line.pk).update(is_shown=False)
    render_help()
    assert "Samaritans" not in in_britain()


def test_a_country_that_a_curator_adds_is_there_at_once(kept, worker, curator):
    with worker():
        country = HelpCountry.objects.create(code="PT", name="Portugal", emergency_display="112", emergency_dial="112")
        keeping.note_country(actor=curator, country=country, changed=["name"], is_new=True)
    page = Client().get("/help-now/?country=PT")
    assert pages.soup(page).find("a", href="tel:112")
    assert "We know no line there yet." in pages.words(page)


def test_making_it_takes_the_same_few_queries_whatever_there_is(kept, django_assert_num_queries):
    # The lock; countries, lines, their channels; the failure that may be over; around them begin and end.
    with django_assert_num_queries(7):
        render_help()


def test_the_page_asks_the_database_nothing(kept, django_assert_num_queries):
    render_help()
    with django_assert_num_queries(0):
        Client().get("/help-now/?country=GB")


def test_when_it_fails_curators_are_told_once_and_readers_see_the_last_good_one(kept, line, curator, sign_in, worker):
    render_help()
    Helpline.objects.filter(pk=line.pk).update(who_for="x" * 200, hours="y" * 200)
    for number in range(20):
        Helpline.objects.create(
            country_id="GB",
            name=f"More {number}",
            who_for="x" * 200,
            hours="y" * 200,
            hours_tz="UTC",
            source="https://a.example",
        )
    for _again in range(2):
        with worker(), pytest.raises(help_pages.UnfitPageError):
            render_help()
    assert "Samaritans" in in_britain()
    assert "More 1" not in in_britain()
    assert Event.objects.filter(kind="help_failed").count() == 1
    updates = sign_in(curator).get(reverse("notices"))
    assert "could not be brought up to date" in pages.words(updates)
    assert "The page for GB" in pages.words(updates)
    Helpline.objects.filter(name__startswith="More").delete()
    assert render_help()
    assert not HelpFailure.objects.filter(mended_at=None).exists()
    assert "could not be brought up to date" not in pages.words(sign_in(curator).get(reverse("notices")))


def test_curators_and_administrators_get_one_mail_at_once_and_nobody_else_hears(
    kept, curator, admin, member, moderator, worker, mailoutbox, monkeypatch
):
    def full(*_how):
        raise OSError("No space left on device")

    monkeypatch.setattr(help_pages, "write", full)
    for _again in range(2):
        with worker(), pytest.raises(OSError, match="No space"):
            render_help(anew=True)
    assert sorted(sent.to for sent in mailoutbox) == sorted([[curator.email], [admin.email]])
    assert "No space" not in str(mailoutbox[0].message())


def test_a_second_failure_is_news_again(kept, monkeypatch):
    def full(*_how):
        raise OSError("No space left on device")

    for _time in range(2):
        with monkeypatch.context() as broken:
            broken.setattr(help_pages, "write", full)
            with pytest.raises(OSError, match="No space"):
                render_help(anew=True)
        render_help()
    assert Event.objects.filter(kind="help_failed").count() == 2
    assert not HelpFailure.objects.filter(mended_at=None).exists()


# --- the command that a deployment runs


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("render_help", *arguments, stdout=said)
    return said.getvalue()


def test_a_deployment_makes_it_and_says_so(kept, folder):
    assert f"Made the pages in {folder}." in run()
    assert "as they should be" in run()
    assert "Made the pages" in run("--anew")
    made_from = json.loads((shown_set(folder) / "helplines.json").read_text())
    assert [country["code"] for country in made_from["country"]] == list(countries_kept())


def test_a_folder_that_cannot_be_written_is_named_and_nothing_breaks(kept, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.HELP_DIR = str(tmp_path / "file" / "help")
    with pytest.raises(CommandError, match="those before are shown"):
        run()
    assert "Samaritans" in in_britain()
    assert connection.is_usable()


def test_a_curator_is_told_where_to_look(kept, sign_in, worker, monkeypatch, settings):
    reader = factories.CuratorFactory(username="lamp")
    monkeypatch.setattr(help_pages, "write", lambda _countries: (_ for _ in ()).throw(OSError("No space")))
    with worker(), pytest.raises(OSError, match="No space"):
        render_help(anew=True)
    links = pages.soup(sign_in(reader).get(reverse("notices"))).select("main a[href], main form")
    assert links


def test_nobody_between_keeps_the_page_of_one_readers_country(kept, client):
    assert client.get("/help-now/?country=GB").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/help-now/").headers["Cache-Control"] == "private, no-cache"
