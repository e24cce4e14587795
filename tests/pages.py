"""Reading pages the way a person does."""

import re
from typing import Any

from bs4 import BeautifulSoup


def soup(page: Any) -> Any:
    """The page's elements. A test says `find` where it knows that there is something to find."""
    return BeautifulSoup(page.content, "lxml")


def value_of(page: Any, name: str) -> Any:
    """What the field `name` holds: text, or the list of what is chosen where there is a choice."""
    fields = soup(page).find_all(attrs={"name": name})
    assert fields, f"The page has no field “{name}”."
    first = fields[0]
    if first.name == "textarea":
        # Browsers, and Django for them, put one line end at the start.
        return first.get_text().removeprefix("\n")
    if first.get("type") in ("checkbox", "radio"):
        return [field.get("value", "on") for field in fields if field.has_attr("checked")]
    if first.name == "select":
        return [option["value"] for option in first.find_all("option") if option.has_attr("selected")]
    return first.get("value", "")


def words(page: Any) -> str:
    """Everything that can be read on the page, in one line."""
    return " ".join(soup(page).get_text(" ").split())


def post(page: Any, number: int) -> Any:
    return soup(page).find(id=f"post-{number}")


def numbers(page: Any) -> list[int]:
    """The numbers of the posts on a thread page, from top to bottom."""
    return [int(article["id"].removeprefix("post-")) for article in soup(page).find_all("article", class_="post")]


def titles(page: Any) -> list[str]:
    """The titles of the threads in a list, from top to bottom."""
    return [link.get_text() for link in soup(page).select(".thread-row .cover-link")]


def same_but_for_secrets(page: Any) -> str:
    """The page without what is new on every request."""
    text: str = page.text
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    text = re.sub(r'name="submission"[^>]*', "", text)
    return re.sub(r'nonce="[^"]+"|"[\w-]*X-CSRFToken[\w-]*": "\w+"|[0-9a-zA-Z]{64}', "", text)


def anyway(browser: Any, address: str, form: dict[str, Any], **how: Any) -> Any:
    """What comes of sending a composer's form, and of sending it again as it is where it asks about its words first."""
    answer = browser.post(address, form, **how)
    if answer.status_code != 409 or not soup(answer).find(id="before-posting"):
        return answer
    return browser.post(address, form | {"asked": value_of(answer, "asked")}, **how)
