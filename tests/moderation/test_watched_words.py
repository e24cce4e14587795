"""Words that admins watch: adding, trying, changing and retiring them, and what they do from then on."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums.models import Post
from moderation import access
from moderation.models import AuditEntry, Case, Signal, WatchedWords
from moderation.services import watching
from tests import factories
from tests.at_once import at_once
from tests.pages import anyway, soup, value_of, words

NEW = reverse("manage_words_new")
LIST = reverse("manage_words")
LANTERN = {"label": "Lanterns", "kind": "phrase", "expression": "paper lantern", "action": "3"}


def tried(**changes):
    """What the form sends once these words were tried."""
    form = LANTERN | changes
    return form | {"tried": access.mark_of_trial(kind=form["kind"], expression=form["expression"])}


@pytest.fixture
def managing(sign_in, admin):
    return sign_in(admin)


@pytest.fixture
def lanterns(admin):
    return factories.WatchedWordsFactory(label="Lanterns", changed_by=admin)


def page_of(watched):
    return reverse("manage_words_change", args=[watched.pk])


def marked(page):
    return [mark.get_text() for mark in soup(page).select("#tried mark")]


def reply(browser, scene, body):
    anyway(browser, reverse("reply", args=[scene.thread.public_id]), {"body": body})
    return Post.objects.latest("pk")


# --- who may


def test_nobody_but_admins_finds_these_pages(sign_in, visitor, member, moderator, curator, lanterns):
    for who in (member, moderator, curator):
        browser = sign_in(who)
        for address in (LIST, NEW, page_of(lanterns)):
            assert browser.get(address).status_code == 404
        assert browser.post(NEW, LANTERN).status_code == 404
        assert browser.post(page_of(lanterns), LANTERN | {"try": "1"}).status_code == 404
        assert browser.post(reverse("manage_words_retire", args=[lanterns.pk])).status_code == 404
    assert visitor.get(LIST).status_code == 302
    assert WatchedWords.objects.get().is_active


def test_the_services_ask_who_it_is_themselves(moderator, lanterns):
    with pytest.raises(PermissionDenied):
        watching.add_words(actor=moderator, label="x", kind="phrase", expression="x", action=1)
    with pytest.raises(PermissionDenied):
        watching.change_words(actor=moderator, words=lanterns, version="", values={})
    with pytest.raises(PermissionDenied):
        watching.set_watched(actor=moderator, words=lanterns, on=False)


def test_the_way_there_is_on_the_page_of_admins(managing):
    assert soup(managing.get(reverse("manage"))).find("a", href=LIST)


# --- adding and trying


def test_words_are_watched_from_the_next_text_on(managing, sign_in, other_member, scene):
    writer = sign_in(other_member)
    assert reply(writer, scene, "A paper lantern.").visibility == "visible"
    assert managing.post(NEW, tried()).status_code == 302
    assert reply(writer, scene, "A Paper Lantern.").visibility == "held"
    signal = Signal.objects.get()
    assert (signal.kind, signal.rule) == ("watched", "Lanterns")
    assert signal.snapshot[signal.start : signal.end] == "Paper Lantern"


def test_a_moderator_reads_their_name_and_the_author_does_not(managing, sign_in, other_member, moderator, scene):
    managing.post(NEW, tried())
    writer = sign_in(other_member)
    address = reverse("reply", args=[scene.thread.public_id])
    page = anyway(writer, address, {"body": "A paper lantern."}, follow=True)
    assert "this community takes care with some of them" in words(page)
    assert "Lanterns" not in page.text
    case = Case.objects.get()
    assert "Lanterns" in words(sign_in(moderator).get(reverse("case", args=[case.public_id])))


def test_what_is_noted_is_read_by_everybody_and_waits_for_a_moderator(
    managing, sign_in, other_member, moderator, member, scene
):
    managing.post(NEW, tried(action="1"))
    written = reply(sign_in(other_member), scene, "A paper lantern.")
    assert "A paper lantern." in sign_in(member).get(scene.thread.get_absolute_url()).text
    case = Case.objects.get()
    assert (case.subject_id, case.get_priority_display(), case.source) == (written.pk, "Everything else", "automation")
    browser = sign_in(moderator)
    assert "Lanterns" in words(browser.get(reverse("queue")))
    assert "Lanterns" in words(browser.get(reverse("case", args=[case.public_id])))


def test_what_is_noted_joins_the_case_that_is_open(managing, sign_in, other_member, scene):
    case = factories.flag(scene.reply).case
    managing.post(NEW, tried(action="1"))
    browser = sign_in(other_member)
    anyway(browser, reverse("post_edit", args=[scene.reply.public_id]), {"body": "A paper lantern.", "version": "1"})
    assert Case.objects.get() == case
    assert case.signals.get().rule == "Lanterns"


def test_what_its_author_was_asked_about_is_theirs_to_say(managing, sign_in, other_member, scene):
    managing.post(NEW, tried(action="2"))
    assert reply(sign_in(other_member), scene, "A paper lantern.").visibility == "visible"
    assert not Case.objects.exists()


def test_an_edit_is_looked_at_for_them_too(managing, sign_in, other_member, scene):
    managing.post(NEW, tried())
    browser = sign_in(other_member)
    anyway(browser, reverse("post_edit", args=[scene.reply.public_id]), {"body": "A paper lantern.", "version": "1"})
    scene.reply.refresh_from_db()
    assert scene.reply.visibility == "held"


def test_trying_shows_what_would_be_met_and_saves_nothing(managing, member):
    thread = factories.ThreadFactory(author=member, title="The paper lantern", opening="A long evening.")
    factories.PostFactory(thread=thread, body="Nothing of that kind.")
    samples = "my PAPER lantern\n\nlantern of paper"
    page = managing.post(NEW, LANTERN | {"label": "", "samples": samples, "try": "1"})
    assert page.status_code == 200
    assert marked(page) == ["PAPER lantern", "paper lantern"]
    rows = [row.get_text(" ", strip=True) for row in soup(page).select("#tried li")]
    assert rows[0].startswith("met")
    assert rows[1].startswith("not met")
    assert "It meets one of them." in words(page)
    assert value_of(page, "expression") == "paper lantern"
    assert value_of(page, "samples") == samples
    assert not WatchedWords.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_trial_looks_only_at_what_every_member_can_read_and_names_nobody(managing, member):
    board = factories.BoardFactory(audience="staff")
    factories.ThreadFactory(board=board, title="The paper lantern", author=member)
    for state in ("held", "hidden", "removed", "withdrawn"):
        factories.PostFactory(body="A paper lantern.", visibility=state)
    factories.ThreadFactory(title="A paper lantern", author=member, visibility="hidden")
    page = managing.post(NEW, LANTERN | {"try": "1"})
    assert marked(page) == []
    assert "It meets none of them." in words(page)
    factories.PostFactory(body="A paper lantern.", author=member)
    page = managing.post(NEW, LANTERN | {"try": "1"})
    assert marked(page) == ["paper lantern"]
    assert "alder" not in soup(page).find(id="tried").get_text()


def test_a_trial_costs_the_same_for_few_posts_and_for_many(managing, django_assert_num_queries):
    for _round in range(2):
        with django_assert_num_queries(1 + 1):  # who it is; the latest posts
            managing.post(NEW, LANTERN | {"try": "1"})
        factories.PostFactory.create_batch(30, body="A paper lantern.")
    page = managing.post(NEW, LANTERN | {"try": "1"})
    assert len(marked(page)) == access.trying.SHOWN
    assert "The newest are shown." in words(page)


def test_the_part_that_was_met_is_shown_of_a_long_text(managing):
    factories.PostFactory(body="word " * 2000 + "paper lantern" + " word" * 2000)
    page = managing.post(NEW, LANTERN | {"try": "1"})
    assert marked(page) == ["paper lantern"]
    assert len(soup(page).select_one("#tried").get_text()) < 1000


def test_what_is_pasted_is_text_and_nothing_else(managing):
    page = managing.post(NEW, LANTERN | {"samples": "<b>paper lantern</b><script>x</script>", "try": "1"})
    assert "<script>x" not in page.text
    assert marked(page) == ["paper lantern"]


# --- tried before they are saved


def test_words_are_saved_once_it_was_seen_what_they_meet(managing, member):
    factories.PostFactory(body="A paper lantern.", author=member)
    first = managing.post(NEW, LANTERN)
    assert first.status_code == 422
    assert marked(first) == ["paper lantern"]
    assert "Nothing is saved yet. If this is what you mean, save it now with the button below." in words(first)
    assert not WatchedWords.objects.exists()
    typed = {name: value_of(first, name) for name in ("label", "expression", "samples", "tried")}
    assert (typed["label"], typed["expression"]) == ("Lanterns", "paper lantern")
    assert managing.post(NEW, LANTERN | typed).status_code == 302
    assert WatchedWords.objects.get().label == "Lanterns"


def test_what_was_tried_by_hand_needs_no_second_look(managing):
    page = managing.post(NEW, LANTERN | {"samples": "A paper lantern.", "try": "1"})
    assert managing.post(NEW, LANTERN | {"tried": value_of(page, "tried")}).status_code == 302


@pytest.mark.parametrize("changed", [{"expression": "paper lanterns"}, {"kind": "pattern"}, {"tried": "0" * 32}])
def test_other_words_than_those_that_were_tried_are_tried_first(managing, lanterns, changed):
    samples = {"samples": "A paper lantern.\nPaper lanterns."}
    page = managing.post(NEW, tried(label="Others") | samples | changed)
    assert page.status_code == 422
    assert len(soup(page).select("#tried li")) == 2
    assert value_of(page, "samples") == samples["samples"]
    assert WatchedWords.objects.get() == lanterns


def test_where_nothing_was_posted_yet_they_are_tried_on_a_sample(managing):
    page = managing.post(NEW, LANTERN)
    assert page.status_code == 422
    assert "Write a text or two that it should meet." in words(page)
    assert value_of(page, "label") == "Lanterns"
    assert not value_of(managing.post(NEW, LANTERN | {"try": "1"}), "tried")
    page = managing.post(NEW, LANTERN | {"samples": "A paper lantern."})
    assert managing.post(NEW, LANTERN | {"tried": value_of(page, "tried")}).status_code == 302


def test_words_that_are_changed_are_tried_and_those_that_stay_are_not(managing, lanterns):
    version = value_of(managing.get(page_of(lanterns)), "version")
    form = LANTERN | {"version": version, "samples": "A sky lantern."}
    page = managing.post(page_of(lanterns), form | {"expression": "sky lantern"})
    assert page.status_code == 422
    assert marked(page) == ["sky lantern"]
    assert WatchedWords.objects.get().expression == "paper lantern"
    assert value_of(page, "version") == version
    assert managing.post(page_of(lanterns), form).status_code == 302
    assert WatchedWords.objects.get().action == WatchedWords.Action.HOLD


def test_a_button_pressed_twice_saves_once_and_says_so(managing):
    for _press in range(2):
        page = managing.post(NEW, tried(), follow=True)
        assert "“Lanterns” is watched from now on." in words(page)
    made = WatchedWords.objects.get()
    form = tried(expression="sky lantern", version=value_of(managing.get(page_of(made)), "version"))
    for _press in range(2):
        assert managing.post(page_of(made), form).status_code == 302
    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["watched-words-add", "watched-words-change"]


# --- what cannot be watched


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        (r"(a)\1", "cannot be watched"),
        ("(?=x)", "cannot be watched"),
        ("x*", "found in every text"),
        ("(", "cannot be watched"),
        ("x" * 301, "at most 300"),
        ("   ", "Write the words"),
    ],
)
def test_a_pattern_that_cannot_be_watched_is_refused_in_plain_words(managing, expression, sentence):
    form = LANTERN | {"kind": "pattern", "expression": expression}
    for more in ({}, {"try": "1"}):
        page = managing.post(NEW, form | more)
        assert page.status_code == 422
        assert sentence in words(page)
        assert value_of(page, "label") == "Lanterns"
    assert not WatchedWords.objects.exists()


def test_a_phrase_without_a_word_is_refused(managing):
    assert "at least one word" in words(managing.post(NEW, LANTERN | {"expression": "..."}))


def test_two_have_no_name_in_common(managing, lanterns):
    page = managing.post(NEW, tried())
    assert page.status_code == 422
    assert "Other words have this name." in words(page)


def test_two_who_add_one_name_at_once_make_one(shared_database):
    people = [factories.MemberFactory(is_staff=True) for _number in range(2)]

    def add(who):
        try:
            return watching.add_words(actor=who, label="Lanterns", kind="phrase", expression="lantern", action=1)
        except access.LabelTakenError:
            return None

    results = at_once(*(partial(add, who) for who in people))
    assert results.count(None) == 1
    assert WatchedWords.objects.count() == 1


# --- changing


def test_a_change_counts_at_once(managing, sign_in, other_member, scene, lanterns):
    writer = sign_in(other_member)
    assert reply(writer, scene, "A paper lantern.").visibility == "visible"
    form = LANTERN | {"version": value_of(managing.get(page_of(lanterns)), "version")}
    assert managing.post(page_of(lanterns), form).status_code == 302
    assert reply(writer, scene, "A paper lantern.").visibility == "held"


def test_what_is_retired_is_watched_no_more_and_can_come_back(managing, sign_in, other_member, scene, admin):
    held = factories.WatchedWordsFactory(label="Lanterns", action=WatchedWords.Action.HOLD)
    writer, retire = sign_in(other_member), reverse("manage_words_retire", args=[held.pk])
    assert reply(writer, scene, "A paper lantern.").visibility == "held"
    for _press in range(2):
        managing.post(retire)
    assert reply(writer, scene, "A paper lantern.").visibility == "visible"
    assert "Not watched any more" in words(managing.get(LIST))
    for _press in range(2):
        managing.post(retire, {"on": "1"})
    assert reply(writer, scene, "A paper lantern.").visibility == "held"
    verbs = AuditEntry.objects.filter(actor=admin).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["watched-words-retire", "watched-words-resume"]


def test_every_change_is_in_the_log_with_what_was_there(managing, admin):
    managing.post(NEW, tried())
    made = WatchedWords.objects.get()
    version = value_of(managing.get(page_of(made)), "version")
    managing.post(page_of(made), LANTERN | {"action": "2", "version": version})
    added, changed = AuditEntry.objects.order_by("id")
    assert (added.verb, added.actor, added.details["values"]["expression"]) == (
        "watched-words-add",
        admin,
        "paper lantern",
    )
    assert (changed.verb, changed.details["changes"]) == ("watched-words-change", {"action": [3, 2]})


def test_saving_the_same_changes_nothing(managing, lanterns):
    form = LANTERN | {"action": "1", "version": value_of(managing.get(page_of(lanterns)), "version")}
    page = managing.post(page_of(lanterns), form, follow=True)
    assert "Nothing was different" in words(page)
    assert not AuditEntry.objects.exists()


def test_the_second_of_two_admins_is_told_and_shown_what_the_first_saved(managing, sign_in, lanterns):
    version = value_of(managing.get(page_of(lanterns)), "version")
    colleague = sign_in(factories.MemberFactory(is_staff=True))
    colleague.post(page_of(lanterns), tried(expression="sky lantern", version=version))
    page = managing.post(page_of(lanterns), tried(expression="red lantern", version=version))
    assert page.status_code == 409
    assert "Somebody else saved a change" in words(page)
    assert "sky lantern" in soup(page).select_one("dl.facts").get_text()
    assert value_of(page, "expression") == "red lantern"
    assert WatchedWords.objects.get().expression == "sky lantern"
    again = LANTERN | {name: value_of(page, name) for name in ("expression", "version", "tried")}
    assert managing.post(page_of(lanterns), again).status_code == 302
    assert WatchedWords.objects.get().expression == "red lantern"


def test_words_of_an_ended_session_are_there_after_signing_in(visitor, admin):
    visitor.post(NEW, LANTERN)
    visitor.force_login(admin)
    page = visitor.get(NEW)
    assert value_of(page, "expression") == "paper lantern"
    assert value_of(page, "action") == ["3"]


def test_the_list_costs_the_same_however_long_it_is(managing, django_assert_num_queries):
    for _round in range(2):
        with django_assert_num_queries(1 + 1):  # who it is; the words
            managing.get(LIST)
        factories.WatchedWordsFactory.create_batch(5)


# --- what screening makes of them


def test_they_are_read_once_and_again_after_each_change(
    sign_in, other_member, scene, lanterns, django_assert_num_queries
):
    def watches():
        return access.watches(list(WatchedWords.objects.order_by("pk").values_list("changed_at", flat=True)))

    assert [watch.rule for watch in watches()] == ["Lanterns"]
    stamp = [lanterns.changed_at]
    with django_assert_num_queries(0):
        access.watches(stamp)
    factories.WatchedWordsFactory(label="Other")
    assert [watch.rule for watch in watches()] == ["Lanterns", "Other"]


def test_a_change_that_is_committed_late_is_seen(lanterns):
    """Of two changes at once, the one with the earlier time may come last; the latest time says nothing then."""
    later = factories.WatchedWordsFactory(label="Later")
    access.watches([lanterns.changed_at, later.changed_at])
    earlier = lanterns.changed_at + (later.changed_at - lanterns.changed_at) / 2
    WatchedWords.objects.filter(pk=lanterns.pk).update(expression="sky lantern", changed_at=earlier)
    assert access.watches([earlier, later.changed_at])[0].words == ("sky", "lantern")


def test_words_that_can_no_longer_be_read_trouble_nobody(sign_in, other_member, scene, caplog):
    factories.WatchedWordsFactory(label="Broken", kind="pattern", expression="(", action=3)
    factories.WatchedWordsFactory(label="Whole", action=3)
    assert reply(sign_in(other_member), scene, "A paper lantern.").visibility == "held"
    assert Signal.objects.get().rule == "Whole"
    assert "can no longer be read" in caplog.text


def test_posting_asks_no_more_where_much_is_watched(sign_in, other_member, scene):
    browser = sign_in(other_member)
    reply(browser, scene, "Hello.")

    def cost():
        reply(browser, scene, "The words are compiled now.")
        with CaptureQueriesContext(connection) as asked:
            reply(browser, scene, "Here with you.")
        return len(asked)

    before = cost()
    factories.WatchedWordsFactory.create_batch(20)
    assert cost() == before
