"""Help, the way out and the error pages, while database, cache and session are unreachable (M9).

The real application in a process of its own, with addresses at which nothing listens.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from django.conf import settings

from resources import helplines
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


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict[str, Answer]:
    environment = {
        **os.environ,
        "SITE_MODE": "local",
        "DATABASE_URL": f"postgres://nobody:nothing@127.0.0.1:{closed_port()}/nothing",
        "REDIS_URL": f"redis://127.0.0.1:{closed_port()}/0",
        "STATIC_ROOT": str(settings.STATIC_ROOT),
        "VAR_DIR": str(tmp_path_factory.mktemp("var")),
        "SECRET_KEY": "only-for-this-test",
        "DEBUG": "",
    }
    asked = subprocess.run(
        [sys.executable, "-m", "tests.supportsite.wsgi_without_services"],
        input=json.dumps(list(QUESTIONS.values())),
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    return {
        name: Answer(one["status"], {key.lower(): value for key, value in one["headers"]}, one["body"])
        for name, one in zip(QUESTIONS, told, strict=True)
    }


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
