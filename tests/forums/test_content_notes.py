"""Show, fold, hide: each reader chooses for each note (M8)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

import members.services
from core.notes import ContentNote
from forums.models import ReadMark, Thread
from members.models import Member
from tests import factories
from tests.pages import numbers, post, soup, titles, value_of, words

WORDS = "Words that some would rather not meet today."
PREFERENCES = "/reading/"


@pytest.fixture
def reader(member):
    """Somebody with a choice of each kind: eating is folded, loss is hidden, the rest is shown."""
    member.folded_notes, member.hidden_notes = ["eating"], ["loss"]
    member.save()
    return member


@pytest.fixture
def touching():
    """A thread by somebody else with these notes."""

    def make(*notes, **more):
        return factories.ThreadFactory(content_notes=list(notes), opening=WORDS, **more)

    return make


def open_it(browser, page):
    """Press “Show it”, as the page offers it."""
    form = soup(page).find(class_="fold").find("form")
    return browser.post(form["action"], follow=True)


# --- a folded thread


@pytest.mark.parametrize(
    ("notes", "board_notes", "folded"),
    [
        (["eating"], [], True),
        ([], ["eating"], True),
        (["loss"], [], True),
        (["abuse", "eating"], [], True),
        (["abuse"], ["suicide"], False),
        ([], [], False),
    ],
)
def test_a_thread_is_folded_when_it_or_its_board_touches_what_this_reader_folds(
    sign_in, reader, touching, notes, board_notes, folded
):
    thread = touching(*notes, board__content_notes=board_notes)
    page = sign_in(reader).get(thread.get_absolute_url())
    assert page.status_code == 200
    assert (WORDS not in page.text) is folded
    assert (numbers(page) == []) is folded


def test_the_fold_says_what_the_thread_touches_and_opens_in_one_press(sign_in, reader, touching):
    thread = touching("eating", "abuse")
    browser = sign_in(reader)
    page = browser.get(thread.get_absolute_url())
    assert "This thread touches on Eating" in words(page)
    assert "touches on Eating and Abuse" not in words(page)  # abuse is shown to this reader
    opened = open_it(browser, page)
    assert numbers(opened) == [1]
    assert WORDS in opened.text


def test_what_one_chose_to_hide_says_so_at_its_own_address(sign_in, reader, touching):
    page = sign_in(reader).get(touching("loss").get_absolute_url())
    assert "You chose to hide these. You could open it, or leave it closed." in words(page)


def test_an_opened_thread_stays_open_from_page_to_page_until_one_signs_out(sign_in, reader, touching):
    thread = touching("eating")
    factories.PostFactory.create_batch(25, thread=thread)
    browser = sign_in(reader)
    opened = open_it(browser, browser.get(thread.get_absolute_url()))
    assert "show=" not in opened.text
    assert 21 in numbers(browser.get(thread.get_absolute_url(), {"page": "2"}))
    browser.post(reverse("account_logout"))
    assert numbers(sign_in(reader).get(thread.get_absolute_url())) == []


def test_opening_one_thread_opens_no_other(sign_in, reader, touching):
    browser = sign_in(reader)
    one, other = touching("eating"), touching("eating")
    open_it(browser, browser.get(one.get_absolute_url()))
    assert numbers(browser.get(other.get_absolute_url())) == []


def test_the_window_that_was_asked_for_is_the_one_that_opens(sign_in, reader, touching):
    thread = touching("eating")
    factories.PostFactory.create_batch(25, thread=thread)
    browser = sign_in(reader)
    opened = open_it(browser, browser.get(thread.get_absolute_url(), {"page": "2"}))
    assert numbers(opened)[0] == 21


def test_nobody_is_led_past_their_fold_by_an_address(sign_in, reader, touching):
    thread = touching("eating")
    factories.PostFactory(thread=thread, body=WORDS)
    joined = factories.ThreadFactory()
    Thread.objects.filter(pk=joined.pk).update(merged_into=thread, merged_offset=1)
    reply, reply_where_joined = (reverse("reply", args=[each.public_id]) for each in (thread, joined))
    browser = sign_in(reader)
    for address in (
        reply,
        f"{reply}?to=2",
        f"{reply}?to=2&quote=1",
        f"{reply_where_joined}?to=1&quote=1",
        thread.get_absolute_url() + "?show=1",
        reverse("post", args=[thread.posts.get(number=2).public_id]),
        reverse("first_unread", args=[thread.public_id]),
        reverse("newest", args=[thread.public_id]),
        reverse("gentle_thread", args=[thread.public_id]),
    ):
        assert WORDS not in browser.get(address, follow=True).text
    assert browser.get(reverse("open_thread", args=[thread.public_id])).status_code == 405


@pytest.mark.parametrize(("button", "state"), [({"preview": "1"}, "open"), ({}, "locked")])
def test_a_reply_that_is_not_posted_keeps_its_words_and_leaves_the_fold_closed(
    sign_in, reader, touching, button, state
):
    thread = touching("eating", state=state)
    factories.PostFactory(thread=thread, body=WORDS)
    address = reverse("reply", args=[thread.public_id])
    page = sign_in(reader).post(address, {"body": "My own words.", "reply_to": "2", **button})
    assert value_of(page, "body") == "My own words."
    assert WORDS not in page.text


def test_what_others_wrote_meanwhile_is_not_read_out_to_whoever_folds_it(sign_in, reader, touching):
    thread = touching("eating")
    factories.PostFactory(thread=thread, body=WORDS)
    page = sign_in(reader).post(reverse("reply", args=[thread.public_id]), {"body": "Mine.", "seen": "1"})
    assert WORDS not in page.text
    assert thread.posts.get(number=3).body == "Mine."


def test_words_that_waited_for_a_sign_in_come_back_and_leave_the_fold_closed(visitor, reader, touching):
    thread = touching("eating")
    address = reverse("reply", args=[thread.public_id])
    visitor.post(address, {"body": "My own words."})
    visitor.force_login(reader)
    page = visitor.get(address)
    assert value_of(page, "body") == "My own words."
    assert WORDS not in page.text


def test_an_opened_thread_is_answered_like_any_other(sign_in, reader, touching):
    thread = touching("eating")
    browser = sign_in(reader)
    open_it(browser, browser.get(thread.get_absolute_url()))
    assert WORDS in browser.get(reverse("reply", args=[thread.public_id])).text


def test_a_thread_counts_as_read_only_for_those_who_opened_it(sign_in, reader, touching):
    thread = touching("eating")
    browser = sign_in(reader)
    page = browser.get(thread.get_absolute_url())
    assert not ReadMark.objects.exists()
    open_it(browser, page)
    assert ReadMark.objects.get().last_read_number == 1


def test_ones_own_thread_is_never_folded_nor_left_out(sign_in, reader, touching):
    browser = sign_in(reader)
    for note in ("eating", "loss"):
        thread = touching(note, author=reader)
        assert numbers(browser.get(thread.get_absolute_url())) == [1]
        assert titles(browser.get(thread.board.get_absolute_url())) == [thread.title]


def test_hidden_threads_are_in_no_list_and_folded_ones_are(sign_in, reader, touching):
    board = factories.BoardFactory()
    folded, hidden = touching("eating", board=board), touching("loss", board=board)
    browser = sign_in(reader)
    for address in (board.get_absolute_url(), reverse("waiting")):
        page = browser.get(address)
        assert folded.get_absolute_url() in page.text
        assert hidden.get_absolute_url() not in page.text


def test_others_are_not_touched_by_ones_choice(sign_in, reader, other_member, touching):
    assert WORDS in sign_in(other_member).get(touching("eating", "loss").get_absolute_url()).text


def test_nobody_opens_what_they_may_not_see(sign_in, visitor, member, blocked, touching):
    thread = touching("suicide", author=member)
    address = reverse("open_thread", args=[thread.public_id])
    assert sign_in(blocked).post(address).status_code == 404
    assert visitor.post(address).headers["Location"].startswith("/accounts/login/")
    assert "opened" not in dict(visitor.session)


def test_the_fold_names_no_anonymous_author(sign_in, reader, touching):
    thread = touching("eating", author__username="secretive", disguise=3)
    assert "secretive" not in sign_in(reader).get(thread.get_absolute_url()).text


# --- choosing


def send(browser, **choices):
    """The form as it is shown, with these choices instead."""
    page = browser.get(PREFERENCES)
    fields = {f"note_{note}": value_of(page, f"note_{note}")[0] for note in ContentNote.values}
    switches = {name: "on" for name in ("low_energy", "follow_on_posting") if value_of(page, name)}
    sent = fields | switches | choices
    return browser.post(PREFERENCES, {name: value for name, value in sent.items() if value})


def test_new_members_find_two_notes_folded_and_the_rest_shown(sign_in, member):
    page = sign_in(member).get(PREFERENCES)
    chosen = {note: value_of(page, f"note_{note}") for note in ContentNote.values}
    assert chosen == {note: ["fold"] if note in ("self-harm", "suicide") else ["show"] for note in ContentNote.values}
    assert soup(page).find("input", id="id_follow_on_posting").has_attr("checked")
    assert not soup(page).find("input", id="id_low_energy").has_attr("checked")


def test_each_note_is_a_group_of_its_own_with_three_choices(sign_in, member):
    groups = soup(sign_in(member).get(PREFERENCES)).find_all("fieldset")
    assert [group.legend.get_text() for group in groups] == list(ContentNote.labels)
    for group in groups:
        assert [label.get_text(strip=True) for label in group.find_all("label")] == ["Show", "Fold", "Hide"]


def test_what_was_chosen_is_kept_and_true_at_once(sign_in, member, touching):
    browser = sign_in(member)
    answer = send(browser, note_loss="hide", note_eating="fold", note_suicide="show", low_energy="on")
    assert answer.headers["Location"] == PREFERENCES
    member.refresh_from_db()
    assert (member.folded_notes, member.hidden_notes) == (["self-harm", "eating"], ["loss"])
    assert member.low_energy
    assert "Kept" in words(browser.get(PREFERENCES))
    assert WORDS not in browser.get(touching("eating").get_absolute_url()).text
    assert WORDS in browser.get(touching("suicide").get_absolute_url()).text


def test_a_new_choice_also_counts_for_what_was_opened_before(sign_in, reader, touching):
    browser = sign_in(reader)
    thread = touching("eating")
    open_it(browser, browser.get(thread.get_absolute_url()))
    send(browser, note_eating="hide")
    assert WORDS not in browser.get(thread.get_absolute_url()).text


def test_following_what_one_writes_in_can_be_turned_off(sign_in, member):
    send(sign_in(member), follow_on_posting="")
    member.refresh_from_db()
    assert not member.follow_on_posting


@pytest.mark.parametrize("wrong", [{}, {"note_loss": "burn"}])
def test_a_form_that_is_not_whole_changes_nothing_and_says_so(sign_in, member, wrong):
    answer = sign_in(member).post(PREFERENCES, wrong)
    assert answer.status_code == 422
    assert "Something needs another look" in words(answer)
    member.refresh_from_db()
    assert member.folded_notes == ["self-harm", "suicide"]


def test_choices_are_for_whoever_is_signed_in_and_nobody_else(sign_in, visitor, member, other_member):
    assert visitor.get(PREFERENCES).headers["Location"].startswith("/accounts/login/")
    send(sign_in(member), note_loss="hide")
    other_member.refresh_from_db()
    assert other_member.hidden_notes == []


def test_saving_the_same_twice_changes_nothing(member):
    def save():
        return members.services.set_reading(
            member=member, folded=[ContentNote.LOSS], hidden=[], low_energy=True, follow_on_posting=True
        )

    assert save() is True
    assert save() is False


def test_the_database_keeps_one_choice_for_each_known_note(member):
    for wrong in ({"folded_notes": ["loss"], "hidden_notes": ["loss"]}, {"hidden_notes": ["spiders"]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Member.objects.filter(pk=member.pk).update(**wrong)


def test_the_way_to_the_choice_is_among_the_settings(sign_in, member):
    browser = sign_in(member)
    settings = soup(browser.get(reverse("home"))).find("a", href=reverse("settings"))
    assert soup(browser.get(settings["href"])).find("a", href=PREFERENCES)


def test_a_reply_leads_back_into_the_opened_thread(sign_in, reader, touching):
    thread = touching("eating")
    browser = sign_in(reader)
    open_it(browser, browser.get(thread.get_absolute_url()))
    answer = browser.post(reverse("reply", args=[thread.public_id]), {"body": "Here."}, follow=True)
    assert post(answer, 2) is not None
