"""Taking everything along, leaving, and coming back: by the keyboard's way, and without JavaScript."""

import json
import re
import zipfile
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import eventually, reloads_until
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.services]


def _proves_it_is_them(someone: Person) -> None:
    someone.page.fill("[name=password]", someone.demo_password)
    someone.press("Go on")


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


@pytest.mark.parametrize(("who", "javascript"), [("zigzag", True), ("inkwell", False)])
def test_somebody_takes_their_data_along_leaves_and_comes_back(person, site, tmp_path, who, javascript):
    someone: Person = person(javascript=javascript)
    someone.sign_in(who)
    page = someone.page

    someone.open("/settings/data/")
    someone.press("Put my data together")
    _proves_it_is_them(someone)
    expect(page).to_have_url(re.compile("/settings/data/$"))
    reloads_until(someone, page.get_by_role("link", name=re.compile("^Download")))
    someone.look(again=True)
    with page.expect_download() as loading:
        page.get_by_role("link", name=re.compile("^Download")).first.click()
    loading.value.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert json.loads(archive.read("json/account.json"))[0]["username"] == who
        assert "index.html" in archive.namelist()

    someone.follow("Leave, or take consent back")
    if page.locator("[name=password]").is_visible():
        _proves_it_is_them(someone)
    page.get_by_label("Remove my words").check()
    page.get_by_label("I have read what happens, and I want to leave.").check()
    someone.press("Leave")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")

    mails = eventually(lambda: [m for m in site.mails_to(f"{who}@demo.invalid") if "/stay/" in _text(m)])
    assert mails[-1]["Subject"] == "You have an update"
    link = re.search(r"/stay/\S+", _text(mails[-1]))
    assert link

    # Signing in shows the way back, and nothing else is open.
    someone.sign_in(f"{who}@demo.invalid")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are leaving")
    someone.open("/boards/")
    expect(page).to_have_url(re.compile("/settings/leaving/$"))

    someone.open(link[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Stay?")
    someone.press("Stay")
    expect(page.get_by_role("heading", level=1)).to_contain_text(who)
