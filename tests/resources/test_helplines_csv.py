"""Lines as a table: what goes out, what comes in, and what is refused with a word for each row."""

import csv
import datetime as dt
import io
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from moderation.models import AuditEntry
from resources import helplines
from resources.access.helplines import countries_kept
from resources.models import Helpline
from resources.services import helplines as keeping
from resources.services.rendering import render_help
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.HELP_DIR = str(tmp_path / "help")


@pytest.fixture(autouse=True)
def kept():
    keeping.load_starter_helplines()


@pytest.fixture
def table(tmp_path):
    return tmp_path / "lines.csv"


def run(*arguments: object) -> tuple[str, str]:
    """What the command says, and what it complains of."""
    said, complained = StringIO(), StringIO()
    try:
        call_command("helplines", *map(str, arguments), stdout=said, stderr=complained)
    except CommandError as error:
        complained.write(str(error))
    return said.getvalue(), complained.getvalue()


def rows_of(table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"), newline="")))


def write(table, rows, *, delimiter=",") -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with table.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, names, delimiter=delimiter)
        out.writeheader()
        out.writerows(rows)


def a_row(**cells: str) -> dict[str, str]:
    return {
        "country": "GB", "name": "A new line", "who_for": "Anyone", "hours": "Evenings", "cost": "Free",
        "opening": "Mon-Fri 18:00-22:00", "hours_tz": "Europe/London", "languages": "English; Welsh",
        "source": "https://line.example/", "channel_1_kind": "call", "channel_1_display": "0808 808 8000",
        "channel_1_dial": "08088088000",
    } | cells  # fmt: skip


def test_what_goes_out_comes_in_and_changes_nothing(table):
    before = countries_kept()
    run("export", table)
    said, complained = run("import", table)
    assert complained == ""
    lines = sum(len(country.helplines) for country in before.values())
    assert said == f"0 added, 0 changed, {lines} as they were.\n"
    assert countries_kept() == before
    assert rows_of(table)[0]["country"] == "AU"


def test_without_a_file_it_goes_to_standard_output():
    said, _complained = run("export")
    assert said.startswith("country,position,name,who_for,")
    assert "116 123" in said


def test_a_new_line_comes_in_unverified(table):
    write(table, [a_row()])
    said, complained = run("import", table)
    assert (said, complained) == ("row 2: adds GB A new line\n1 added, 0 changed, 0 as they were.\n", "")
    line = Helpline.objects.get(name="A new line")
    assert line.verified_on is None
    assert line.languages == ["English", "Welsh"]
    assert [way.dial for way in line.channels.all()] == ["08088088000"]
    entry = AuditEntry.objects.get(verb="helpline-add")
    assert (entry.actor, entry.details["title"]) == (None, "A new line")


def test_a_dry_run_says_the_same_and_writes_nothing(table):
    write(table, [a_row(), a_row(name="Samaritans")])
    before = countries_kept()
    said, complained = run("import", table, "--dry-run")
    assert complained == ""
    assert "row 2: adds GB A new line" in said
    assert re.search(r"row 3: changes GB Samaritans \(.*who_for.*channels\)", said)
    assert said.endswith("Nothing was written. It would be: 1 added, 1 changed, 0 as they were.\n")
    assert countries_kept() == before
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("cells", "complaint"),
    [
        ({"channel_1_dial": "0808808800", "channel_1_display": "0808 808 800"}, r"channel_1_dial: .*lost or gained"),
        ({"channel_1_dial": "8.08809E+11"}, r"channel_1_dial: .*only digits"),
        ({"channel_1_dial": "8088088000"}, r"channel_1_dial: .*not the same number"),
        ({"channel_1_kind": "fax"}, r"channel_1_kind: “fax” is none of"),
        ({"channel_1_kind": "chat", "channel_1_dial": "javascript:alert(1)"}, r"channel_1_dial: .*begins with https"),
        ({"channel_1_display": ""}, r"channel_1_display: Say how"),
        (
            {"channel_1_kind": "", "channel_1_display": "", "channel_1_dial": ""},
            r"channel_1_kind: There is no way to reach it",
        ),
        ({"country": "ZZ"}, r"country: “ZZ” is no country here"),
        ({"name": ""}, r"name: This field cannot be blank"),
        ({"who_for": "x" * 201}, r"who_for: .*200"),
        ({"opening": "weekdays"}, r"opening: “weekdays” is not written like"),
        ({"hours_tz": "London"}, r"hours_tz: “London” is no time zone"),
        ({"languages": ""}, r"languages: "),
        ({"source": "javascript:alert(1)"}, r"source: Enter a valid URL"),
        ({"review_by": "1/5/2027"}, r"review_by: “1/5/2027” is no day"),
        ({"is_shown": "perhaps"}, r"is_shown: “perhaps” is neither"),
        ({"position": "first"}, r"position: “first” is no number"),
    ],
)
def test_what_is_wrong_is_said_by_row_and_column_and_nothing_comes_in(table, cells, complaint):
    write(table, [a_row(), a_row(name="Another") | cells, a_row(name="A third")])
    before = countries_kept()
    said, complained = run("import", table)
    assert said == ""
    assert re.search(rf"^row 3, {complaint}", complained, re.MULTILINE), complained
    assert complained.splitlines()[-1].startswith("Nothing was imported.")
    assert countries_kept() == before


def test_every_error_is_said_at_once(table):
    write(table, [a_row(country="ZZ", source="nowhere"), a_row(channel_1_dial="1"), a_row(), a_row()])
    _said, complained = run("import", table)
    assert [line.partition(":")[0] for line in complained.splitlines()[:-1]] == [
        "row 2, country", "row 2, source", "row 3, channel_1_dial", "row 5, name",
    ]  # fmt: skip
    assert "This line is in row 4 already." in complained


def test_a_line_whose_facts_change_is_unverified_again_and_one_that_only_moves_is_not(table):
    today = helplines.today()
    Helpline.objects.filter(country="GB").update(verified_on=today, review_by=today + dt.timedelta(days=90))
    run("export", table)
    rows = rows_of(table)
    for row in rows:
        if row["name"] == "Shout":
            row["cost"] = "Free"
        if row["name"] == "Lifeline" and row["country"] == "GB":
            row["position"] = "1"
    write(table, rows)
    said, complained = run("import", table)
    assert complained == ""
    assert "changes GB Shout (cost)" in said
    assert "changes GB Lifeline (position)" in said
    verified = dict(Helpline.objects.filter(country="GB").values_list("name", "verified_on"))
    assert verified["Shout"] is None
    assert verified["Lifeline"] == verified["Samaritans"] == today


def test_what_the_table_does_not_name_stays(table):
    before = Helpline.objects.count()
    write(table, [a_row()])
    run("import", table)
    assert Helpline.objects.count() == before + 1


def test_a_table_cannot_confirm_anything(table):
    write(table, [a_row(verified_on="2026-11-01", verified_by="linden")])
    run("import", table)
    assert Helpline.objects.get(name="A new line").verified_on is None


def test_tables_of_spreadsheets_come_in_as_they_are(table):
    """With semicolons, with a mark at the beginning, with empty rows."""
    write(table, [a_row(), dict.fromkeys(a_row(), "")], delimiter=";")
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes())
    assert run("import", table) == ("row 2: adds GB A new line\n1 added, 0 changed, 0 as they were.\n", "")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"country\nGB\n"])
def test_a_file_that_is_no_table_is_named(table, content):
    table.write_bytes(content)
    said, complained = run("import", table)
    assert said == ""
    assert "Nothing was imported." in complained


def test_a_file_that_is_not_there_is_named(table):
    assert "cannot be read" in run("import", table)[1]


def test_the_log_names_the_curator_who_brought_it_in(table):
    factories.CuratorFactory(username="lamp")
    write(table, [a_row()])
    assert "There is no curator called “nobody”" in run("import", table, "--by", "nobody")[1]
    run("import", table, "--by", "lamp")
    entry = AuditEntry.objects.get(verb="helpline-add")
    assert entry.actor
    assert entry.actor.username == "lamp"


def test_what_comes_in_is_on_the_page(table, worker, client):
    write(table, [a_row()])
    render_help()
    with worker():
        run("import", table)
    assert "A new line" in client.get("/help-now/?country=GB").text


# --- what is to be checked


def test_new_lines_are_listed_as_unverified_and_are_no_alarm():
    said, complained = run("check")
    assert complained == ""
    assert "GB  Samaritans: unverified" in said
    assert len(said.splitlines()) == Helpline.objects.count()


def test_a_line_that_is_overdue_or_cannot_be_right_is_an_alarm():
    today = helplines.today()
    lines = Helpline.objects.filter(country="GB")
    lines.update(verified_on=today - dt.timedelta(days=200), review_by=today + dt.timedelta(days=9))
    assert "GB " not in run("check")[0]
    lines.filter(name="Shout").update(review_by=today - dt.timedelta(days=1))
    lines.get(name="Samaritans").channels.update(dial="116124")
    lines.get(name="Lifeline").channels.all().delete()
    said, complained = run("check")
    assert f"GB  Shout: overdue since {today - dt.timedelta(days=1)}" in said
    assert "GB  Samaritans: “116 123” is read, and “116124” is dialled" in said
    assert "GB  Lifeline: has no way to reach it" in said
    assert complained.startswith("3 of ")


def test_a_country_without_a_line_that_is_shown_is_listed():
    Helpline.objects.filter(country="NL").update(is_shown=False)
    assert "NL  Netherlands: has no line that is shown" in run("check")[0]


def test_a_spreadsheet_reckons_with_nothing_and_runs_nothing(table):
    evil = '=HYPERLINK("https://evil.example","x")'
    write(
        table, [a_row(name=evil, cost="@SUM(1)", channel_1_display="+44 808 808 8000", channel_1_dial="+448088088000")]
    )
    assert run("import", table)[1] == ""
    run("export", table)
    row = next(row for row in rows_of(table) if evil in row["name"])
    assert (row["name"], row["cost"], row["channel_1_dial"]) == (f"'{evil}", "'@SUM(1)", "'+448088088000")
    assert "0 added, 0 changed" in run("import", table)[0]


def test_a_table_without_a_column_leaves_what_would_stand_there(table):
    """A line that was taken off the page does not come back because a table does not speak of it."""
    write(table, [a_row(is_shown="no", position="7", review_by="2030-01-01")])
    run("import", table)
    write(table, [a_row()])
    assert run("import", table)[0] == "0 added, 0 changed, 1 as they were.\n"
    line = Helpline.objects.get(name="A new line")
    assert (line.is_shown, line.position, line.review_by) == (False, 7, dt.date(2030, 1, 1))


def test_a_line_that_loses_its_date_is_unverified(table):
    today = helplines.today()
    Helpline.objects.filter(name="Shout").update(verified_on=today, review_by=today + dt.timedelta(days=90))
    run("export", table)
    write(table, [row | {"review_by": ""} for row in rows_of(table)])
    assert run("import", table)[1] == ""
    assert Helpline.objects.get(name="Shout").verified_on is None


@pytest.mark.parametrize(
    ("spoilt", "complaint"),
    [
        (lambda text: text.replace("cost,", "costs,"), "row 1: There is no column “cost”"),
        (lambda text: text.replace("cost,", "name,"), "row 1: There is no column “cost”"),
        (lambda text: text.replace("channel_1_kind", "name"), "row 1: There are two columns “name”"),
        (lambda text: text.replace("Evenings", "Evenings, mostly"), "row 2: There are more cells than"),
        (lambda text: text.replace("Evenings", "x" * 140_000), "row 2: From here on it cannot be read as a table"),
        (lambda text: text + "x" * 5_000_000, "longer than any table of lines"),
    ],
)
def test_a_table_in_disorder_is_refused_as_a_whole(table, spoilt, complaint):
    write(table, [a_row()])
    table.write_text(spoilt(table.read_text(encoding="utf-8")), encoding="utf-8")
    said, complained = run("import", table)
    assert said == ""
    assert complaint in complained
    assert not Helpline.objects.filter(name="A new line").exists()
