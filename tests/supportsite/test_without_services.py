"""Help, the way out and the error pages, while database, cache and session are unreachable (M9).

The real application in a process of its own, with addresses at which nothing listens.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings

from resources import help_pages, helplines
from tests.supportsite.test_health import closed_port

SIGNED_IN = "sessionid=abcdefghijklmnopqrstuvwxyz012345; csrftoken=abcdefghijklmnopqrstuvwxyz012345"
QUESTIONS = {
    "help": ("/help-now/", ""),
    "help for a member": ("/help-now/", SIGNED_IN),
    "help in Britain": ("/help-now/?country=GB", SIGNED_IN),
    "help as last time": ("/help-now/", f"{SIGNED_IN}; country=IE"),
    "help in a country that is not in the file": ("/help-now/?country=ZZ", SIGNED_IN),
    "help in no country": ("/help-now/?country=%00%27%3Cscript%3E", SIGNED_IN),
    "leave": ("/leave/", SIGNED_IN),
    "healthz": ("/healthz", ""),
    "readyz": ("/readyz", ""),
    "nothing": ("/nothing/here/", SIGNED_IN),
    "a page of members": ("/boards/", SIGNED_IN),
    **{f"help in {code}": (f"/help-now/?country={code}", "") for code in helplines.countries()},
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.body, "lxml")


def environment(var: Path) -> dict[str, str]:
    """Of a process that finds nothing of what it relies on but the files in `var`."""
    return {
        **os.environ,
        "SITE_MODE": "local",
        "DATABASE_URL": f"postgres://nobody:nothing@127.0.0.1:{closed_port()}/nothing",
        "REDIS_URL": f"redis://127.0.0.1:{closed_port()}/0",
        "STATIC_ROOT": str(settings.STATIC_ROOT),
        "VAR_DIR": str(var),
        "SECRET_KEY": "only-for-this-test",
        "DEBUG": "",
    }


def ask(questions: dict[str, tuple[str, str]], var: Path) -> dict[str, Answer]:
    asked = subprocess.run(
        [sys.executable, "-m", "tests.supportsite.wsgi_without_services"],
        input=json.dumps(list(questions.values())),
        env=environment(var),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    return {
        name: Answer(one["status"], {key.lower(): value for key, value in one["headers"]}, one["body"])
        for name, one in zip(questions, told, strict=True)
    }


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict[str, Answer]:
    return ask(QUESTIONS, tmp_path_factory.mktemp("var"))


def test_the_services_are_really_away(answers):
    assert answers["readyz"].status == 503
    assert json.loads(answers["readyz"].body) == {
        "database": "does not answer",
        "cache": "does not answer",
        "migrations": "unknown",
        "outbox": "unknown",
    }


def test_the_process_is_up_all_the_same(answers):
    assert (answers["healthz"].status, answers["healthz"].body) == (200, "ok\n")


@pytest.mark.parametrize("code", helplines.countries())
def test_help_answers_in_full_for_every_country(answers, code):
    answer, country = answers[f"help in {code}"], helplines.countries()[code]
    assert answer.status == 200
    for line in country.helplines:
        assert line.name in answer.soup.get_text()
        for channel in line.channels:
            assert answer.soup.find("a", href=channel.href), f"{line.name}: {channel.display}"


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name.startswith("help")])
def test_help_is_small_and_needs_no_script(answers, name):
    answer = answers[name]
    assert answer.status == 200
    assert len(answer.body.encode()) <= 20_000
    # The scripts only make leaving quicker and sending safer.
    scripts = {script["src"].rpartition("/")[2].partition(".")[0] for script in answer.soup.find_all("script")}
    assert scripts <= {"quick_exit", "submit_once", "menus"}
    assert answer.soup.find("form", action="/help-now/")["method"] == "get"
    assert answer.soup.find("button", type="submit")


def test_help_does_not_look_at_the_session_nor_set_one(answers):
    assert answers["help"].body == answers["help for a member"].body
    assert "set-cookie" not in answers["help for a member"].headers


def test_the_country_chosen_last_time_is_shown_again(answers):
    assert "Someone to talk to: Ireland" in answers["help as last time"].soup.get_text()
    assert answers["help in Britain"].headers["set-cookie"].startswith("country=GB;")


@pytest.mark.parametrize("name", ["help", "help in a country that is not in the file", "help in no country"])
def test_without_a_country_the_emergency_numbers_and_the_choice_are_there(answers, name):
    answer = answers[name]
    assert "Call your local emergency number" in answer.soup.get_text()
    assert len(answer.soup.select("select[name=country] option")) == len(helplines.countries()) + 1
    assert "set-cookie" not in answer.headers


def test_leaving_works(answers):
    assert answers["leave"].status == 302
    assert answers["leave"].headers["location"] == settings.EXIT_URL


def test_pages_that_cannot_be_shown_say_so_and_keep_help_and_the_way_out(answers):
    assert answers["a page of members"].status == 500
    assert "Something broke on our side" in answers["a page of members"].soup.get_text()
    assert answers["nothing"].status == 404
    for name in ("a page of members", "nothing"):
        assert answers[name].soup.find("a", href="/help-now/", string="Get help now")
        assert answers[name].soup.find("a", href="/leave/")
        assert "Traceback" not in answers[name].body


def test_the_policy_is_as_strict_as_ever(answers):
    for name in ("help", "nothing", "a page of members"):
        assert "default-src 'none'" in answers[name].headers["content-security-policy"]
        assert "unsafe" not in answers[name].headers["content-security-policy"]


# --- what was made ahead


def kept_lines(name: str) -> helplines.Countries:
    """The countries, with a first line in Britain that only curators know."""
    britain = helplines.shipped()["GB"]
    first, *others = britain.helplines
    return {**helplines.shipped(), "GB": replace(britain, helplines=(replace(first, name=name), *others))}


@pytest.fixture
def var(tmp_path, settings) -> Path:
    """A folder in which pages were made while everything was there."""
    settings.HELP_DIR = str(tmp_path / "help")
    help_pages.write(kept_lines("The line as curators have it"))
    return Path(tmp_path)


HELP = {"choose": ("/help-now/", SIGNED_IN), "britain": ("/help-now/?country=GB", ""), "gone": ("/nothing/", SIGNED_IN)}


def test_what_curators_keep_is_shown_while_everything_is_away(var):
    file = var / "help" / "current" / "en-gb" / "GB.html"
    file.write_text(file.read_text().replace("You do not have to know what to say", "These words stand in the file"))
    answers = ask(HELP, var)
    assert "The line as curators have it" in answers["britain"].body
    assert "These words stand in the file" in answers["britain"].body
    assert "Call your local emergency number" in answers["choose"].soup.get_text()
    assert answers["gone"].soup.find("a", href="/help-now/")
    assert all(len(answers[name].body.encode()) <= 20_000 for name in ("choose", "britain"))


KILLED = """
import os, signal
from tests.supportsite.wsgi_without_services import load
load()
from resources import help_pages
from tests.supportsite.test_without_services import kept_lines
written, real = [], help_pages._write_down
def write_down(path, text):
    real(path, text[: len(text) // 2])
    written.append(path)
    if len(written) == {after}:
        os.kill(os.getpid(), signal.SIGKILL)
help_pages._write_down = write_down
help_pages.write(kept_lines("Half of a line"))
"""


@pytest.mark.parametrize("after", [1, 5, len(helplines.shipped()) + 2])
def test_who_is_killed_in_the_middle_of_making_it_leaves_the_last_good_one(var, after):
    killed = subprocess.run(
        [sys.executable, "-c", KILLED.format(after=after)],
        env=environment(var),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr
    assert len(list((var / "help" / "sets").iterdir())) == 2
    answers = ask(HELP, var)
    assert "The line as curators have it" in answers["britain"].body
    assert "Half of a line" not in answers["britain"].body
    assert answers["britain"].body.rstrip().endswith("</html>")
    # And the next one is whole again, and tidies up.
    help_pages.write(kept_lines("The line of the next day"))
    assert "The line of the next day" in ask(HELP, var)["britain"].body
