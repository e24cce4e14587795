"""A report, and everything that comes of it, as its author, its reporter and two moderators see it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import eventually, reloads_until
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.services]

RULE = "Speak from your own experience"
REASON = "The thread asks for ideas, and this says what somebody has to do."
TOLD_AUTHOR = "A moderator made a decision about something you wrote."
TOLD_JUDGE = "Somebody asks for another look at a decision of a colleague."
TOLD_AFTER_APPEAL = "Somebody else has looked at the decision you asked about."
TOLD_DECIDER = "A colleague has judged an appeal against a decision of yours."
TOLD_REPORTER = "After an appeal, somebody looked again at something you reported, and decided otherwise."


@pytest.fixture
def enter(person) -> Callable[..., Person]:
    def arrive(name: str, **screen: object) -> Person:
        someone: Person = person(**screen)
        someone.sign_in(name)
        return someone

    return arrive


def test_a_report_is_decided_undone_decided_again_appealed_against_and_changed(enter):
    author, reporter = enter("mossandtea"), enter("softlanding")
    juniper, rowan = enter("juniper"), enter("rowan")
    known = {someone: _updates(someone) for someone in (author, reporter, juniper, rowan)}
    words = "You have to buy a clock that does not tick. Any other is a mistake."
    post = _write(author, "Alarm sounds that do not shout", words)
    _report(reporter, post, "advice", note="It is put as an order.")

    _claim(juniper, "Alarm sounds that do not shout", sees="It is put as an order.")
    _decide(juniper, "Hide the post", RULE, REASON)
    _undo(juniper, REASON)
    author.open(post)
    assert author.sees(words), "Nothing had happened yet."
    juniper.press("Decide")
    assert juniper.sees("Decided: Hide the post.")
    expect(juniper.page.get_by_text("It takes effect now.")).to_be_visible(timeout=30_000)

    _hear(author, TOLD_AUTHOR, known)
    _read_the_statement(author, words)
    assert "softlanding" not in author.page.content()
    _appeal(author)

    juniper.open("/moderation/appeals/")
    assert not juniper.page.get_by_role("link", name="Alarm sounds that do not shout").count()
    _hear(rowan, TOLD_JUDGE, known)
    _judge(rowan, words)

    _hear(author, TOLD_AFTER_APPEAL, known)
    assert author.sees("Something else was decided instead.")
    assert author.sees("A warning is enough here.")
    author.follow("Read what was decided instead")
    assert author.sees("This is a warning.")
    author.open(post)
    assert author.sees(words), "The post stands again."
    _hear(juniper, TOLD_DECIDER, known)
    assert juniper.sees("A warning is enough here.")
    _hear(reporter, TOLD_REPORTER, known)
    assert reporter.sees("Another moderator looked at it once more, and acted in another way.")


def _updates(someone: Person) -> set[str]:
    """The addresses of what they have heard so far."""
    someone.page.goto("/updates/")
    return {str(link.get_attribute("href")) for link in someone.page.locator(".notice-row a").all()}


def _hear(someone: Person, line: str, known: dict[Person, set[str]]) -> None:
    """Wait for an update that says `line`, and open it."""

    def fresh() -> str:
        someone.page.goto("/updates/")
        links = someone.page.locator(".notice-row a", has_text=line).all()
        return next((url for link in links if (url := str(link.get_attribute("href"))) not in known[someone]), "")

    url = eventually(fresh)
    someone.look()
    known[someone].add(url)
    someone.open(url)


def _write(author: Person, title: str, words: str, *, board: str = "today") -> str:
    """A reply in a thread of the demo. The address of the post."""
    author.open(f"/boards/{board}/")
    author.follow(title)
    author.page.fill("[name=body]", words)
    author.press("Post reply")
    return str(author.page.url)


def _report(reporter: Person, post: str, reason: str, note: str = "") -> None:
    reporter.open(post)
    there = reporter.page.locator(f"#{post.rpartition('#')[2]}")
    there.locator(".post-more summary").click()
    with reporter.page.expect_navigation():
        there.get_by_role("link", name="Report this post").click()
    reporter.look()
    reporter.page.check(f"[name=reason][value={reason}]")
    reporter.page.fill("[name=note]", note)
    reporter.press("Send report")
    assert reporter.sees("A moderator will look at it")


def _claim(moderator: Person, title: str, *, sees: str) -> None:
    moderator.open("/moderation/")
    moderator.follow(title)
    assert not moderator.page.get_by_role("button", name="Decide", exact=True).count()
    moderator.press("Claim this case")
    assert moderator.sees("You hold this case until")
    assert moderator.sees(sees)


def _decide(moderator: Person, label: str, rule: str, reason: str) -> None:
    page = moderator.page
    page.get_by_label(label, exact=True).check()
    page.select_option("[name=rule]", label=rule)
    page.fill("[name=reason]", reason)
    moderator.press("Decide")
    assert moderator.sees(f"Decided: {label}.")
    assert moderator.sees("Nobody has been told yet.")


def _undo(moderator: Person, reason: str) -> None:
    """In time, and nothing that was written is lost."""
    moderator.press("Undo")
    assert moderator.sees("Undone. Nothing happened and nobody was told.")
    assert moderator.sees("These are the words of the decision that you undid.")
    assert moderator.page.input_value("[name=reason]") == reason


def _read_the_statement(author: Person, words: str) -> None:
    for what in (
        "Your post was hidden.",
        "Until a moderator changes it.",
        RULE,
        REASON,
        "a report by a member",
        "A person decided.",
        words,
    ):
        assert author.sees(what), what


def _appeal(author: Person) -> None:
    author.follow("Ask for another look")
    author.page.fill("[name=text]", "I only meant my own clock. I could have said so.")
    author.press("Send")
    assert author.sees("Somebody else looks at it within seven days")


def _judge(judge: Person, words: str) -> None:
    page = judge.page
    for what in ("I only meant my own clock.", REASON, words, "juniper"):
        assert judge.sees(what), what
    page.get_by_label("Something else is decided instead").check()
    page.get_by_label("Warn the author, and leave it as it is").check()
    page.select_option("[name=rule]", label=RULE)
    page.fill("[name=reason]", "Ideas are welcome there. Orders are not.")
    page.fill("[name=answer]", "A warning is enough here. Your words can be read again.")
    judge.press("Judge and tell the member")
    assert judge.sees("Judged. The member and the colleague who decided first are told.")


def test_without_javascript_too_a_report_is_claimed_decided_undone_and_decided(enter):
    author, reporter = enter("fernleaf", javascript=False), enter("patchwork", javascript=False)
    juniper = enter("juniper", javascript=False)
    title = "Turned the radio off and stayed in the quiet"
    post = _write(author, title, "You have to keep it off for a month, or it was for nothing.", board="nights")
    _report(reporter, post, "advice", note="As if there were a rule for it.")

    _claim(juniper, title, sees="As if there were a rule for it.")
    juniper.page.get_by_label("Hide the post", exact=True).check()
    juniper.press("Decide")
    assert juniper.sees("A restriction needs the rule it rests on.")
    _decide(juniper, "Hide the post", RULE, REASON)
    _undo(juniper, REASON)
    juniper.press("Decide")

    reporter.open(post)
    there = reporter.page.locator(f"#{post.rpartition('#')[2]}")
    reloads_until(reporter, there.get_by_text("hid this post"))
    assert "kept off for a month" not in reporter.page.content()
    author.open("/decisions/")
    author.follow("Your post was hidden. Other members see that a post was here, and not its text.")
    assert author.sees(REASON)


# --- the keys of the desk


def _where(page: Page) -> str:
    """The words of what has the focus."""
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def _go_down_to(page: Page, title: str) -> None:
    for _row in range(60):
        page.keyboard.press("j")
        if _where(page) == title:
            return
    raise AssertionError(f"“{title}” is not in the queue.")


def test_a_moderator_works_through_a_case_with_the_keyboard_alone(enter):
    title = "Phone stayed in the kitchen"
    author, reporter = enter("wednesdayish"), enter("woollysocks")
    post = _write(author, title, "Mine stays in the oven, which you should try at once.", board="nights")
    _report(reporter, post, "other", note="Not in the oven, please.")

    juniper = enter("juniper", width=1280)
    page = juniper.page
    juniper.open("/moderation/")
    _rows_go_by(page)
    _a_tick_comes_and_goes(page)
    _the_keys_are_told(page)

    _go_down_to(page, title)
    with page.expect_navigation():
        page.keyboard.press("o")
    juniper.look()
    with page.expect_navigation():
        page.keyboard.press("c")
    juniper.look()
    assert juniper.sees("You hold this case until")
    _nothing_happens_while_one_types(page)

    page.keyboard.press("d")
    assert page.evaluate("document.activeElement.id") == "decide"
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_label("Leave it as it is", exact=True).is_checked()
    page.get_by_role("button", name="Decide", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    juniper.look()
    assert juniper.sees("Decided: Leave it as it is.")
    page.locator("body").focus()
    with page.expect_navigation():
        page.keyboard.press("u")
    juniper.look()
    assert juniper.sees("Undone. Nothing happened and nobody was told.")
    juniper.press("Give it back")


def _rows_go_by(page: Page) -> None:
    titles = page.locator("[data-row] h3 a").all_inner_texts()
    assert len(titles) > 3
    page.keyboard.press("j")
    assert _where(page) == titles[0]
    page.keyboard.press("j")
    assert _where(page) == titles[1]
    page.keyboard.press("k")
    assert _where(page) == titles[0]
    page.keyboard.press("k")
    assert _where(page) == titles[0], "There is nothing above the first."


def _a_tick_comes_and_goes(page: Page) -> None:
    _go_down_to(page, "Twelve calls and the fog is gone")
    tick = page.get_by_label("Spam: Twelve calls and the fog is gone")
    page.keyboard.press("x")
    expect(tick).to_be_checked()
    page.keyboard.press("x")
    expect(tick).not_to_be_checked()
    # The row keeps the focus, and the next key goes on from there.
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert _where(page) == "Twelve calls and the fog is gone"
    for _row in range(60):
        page.keyboard.press("k")


def _the_keys_are_told(page: Page) -> None:
    page.keyboard.press("?")
    told = page.get_by_role("dialog", name="Keys")
    expect(told).to_be_visible()
    expect(told).to_contain_text("next and previous case")
    before = page.url
    page.keyboard.press("o")
    assert page.url == before, "While the keys are told they do nothing."
    page.keyboard.press("?")
    expect(told).to_be_hidden()


def _nothing_happens_while_one_types(page: Page) -> None:
    page.keyboard.press("n")
    note = page.get_by_label("Note for colleagues")
    expect(note).to_be_focused()
    page.keyboard.type("juncdo?")
    expect(note).to_have_value(re.compile("^juncdo\\?$"))
    note.fill("")
    page.keyboard.press("Escape")
    page.locator("main").focus()
