"""One thread at a time, answers in one tap, an end whenever one likes (M5)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums.models import BoardFollow, Level, Post, Reaction, ReadMark, ThreadFollow, Visibility, WaitingOffer
from forums.phrases import phrases_for
from members.services import add_filter
from tests import factories
from tests.pages import numbers, soup, value_of, words


def ago(**span):
    return factories.now() - dt.timedelta(**span)


@pytest.fixture
def browser(sign_in, member):
    return sign_in(member)


def title(page):
    return soup(page).h1.get_text()


def shown(browser, **query):
    """The title of what is shown next, or of the calm page at the end."""
    return title(browser.get(reverse("gently"), query, follow=True))


def address_of(thread):
    return reverse("gentle_thread", args=[thread.public_id])


def tap(browser, thread, phrase="read", **more):
    page = browser.get(address_of(thread))
    sent = {"phrase": phrase, "submission": value_of(page, "submission")} | more
    return browser.post(address_of(thread), sent)


# --- what comes next


def test_first_comes_what_was_answered_then_who_waits_then_what_is_newest_then_the_end(browser, member, other_member):
    factories.PostFactory(thread=factories.ThreadFactory(title="Newest"))
    factories.ThreadFactory(title="Waits", created_at=ago(hours=1))
    factories.ThreadFactory(title="Waits longest", created_at=ago(hours=9))
    factories.PostFactory(thread=factories.ThreadFactory(title="Mine", author=member), author=other_member)
    met = []
    page = browser.get(reverse("gently"), follow=True)
    while another := soup(page).find("a", string="Another one"):
        met.append(title(page))
        page = browser.get(another["href"], follow=True)
    assert met == ["Mine", "Waits longest", "Waits", "Newest"]
    assert title(page) == "You’re all caught up"


def test_what_one_follows_counts_like_ones_own(browser, member, other_member):
    thread = factories.ThreadFactory(title="Followed")
    browser.get(thread.get_absolute_url())
    ThreadFollow.objects.create(member=member, thread=thread, level=Level.ALL)
    factories.PostFactory(thread=thread, author=other_member)
    assert shown(browser) == "Followed"
    assert shown(browser) == "You’re all caught up"


def test_what_only_oneself_wrote_is_no_news(browser, member):
    thread = factories.ThreadFactory(author=member)
    factories.PostFactory(thread=thread, author=member)
    assert shown(browser) == "You’re all caught up"


def test_what_one_has_seen_does_not_come_back_until_something_happens_there(browser, member, other_member):
    thread = factories.ThreadFactory(title="Once")
    assert shown(browser) == "Once"
    assert shown(browser) == "You’re all caught up"
    ThreadFollow.objects.create(member=member, thread=thread, level=Level.ALL)
    factories.PostFactory(thread=thread, author=other_member)
    assert shown(browser) == "Once"


@pytest.mark.parametrize(
    "why",
    [
        {"board__audience": "staff"},
        {"visibility": Visibility.HELD},
        {"visibility": Visibility.HIDDEN},
        {"content_notes": ["suicide"]},
        {"board__content_notes": ["self-harm"]},
        {"content_notes": ["loss"]},
        {"state": "locked"},
        {"board__is_archived": True},
    ],
    ids=lambda why: "-".join(map(str, next(iter(why.items())))),
)
def test_what_this_reader_may_not_or_would_rather_not_see_never_comes(browser, member, why):
    member.hidden_notes = ["loss"]
    member.save()
    factories.ThreadFactory(**why)
    assert shown(browser) == "You’re all caught up"


def test_nothing_comes_from_across_a_block(browser, blocked):
    factories.ThreadFactory(author=blocked)
    assert shown(browser) == "You’re all caught up"


def test_a_blocked_persons_answer_is_no_news(browser, member, blocked):
    factories.PostFactory(thread=factories.ThreadFactory(author=member), author=blocked)
    assert shown(browser) == "You’re all caught up"


def test_what_one_muted_never_comes(browser, member):
    muted, of_muted_board = factories.ThreadFactory.create_batch(2)
    ThreadFollow.objects.create(member=member, thread=muted, level=Level.MUTE)
    BoardFollow.objects.create(member=member, board=of_muted_board.board, level=Level.MUTE)
    assert shown(browser) == "You’re all caught up"


@pytest.mark.parametrize("hides", [True, False])
def test_no_title_with_words_that_one_filters_comes(browser, member, other_member, hides):
    add_filter(member=member, phrase="storm", whole_word=True, hides=hides)
    followed = factories.ThreadFactory(title="Storm, with news")
    ThreadFollow.objects.create(member=member, thread=followed, level=Level.ALL)
    factories.PostFactory(thread=followed, author=other_member)
    factories.ThreadFactory(title="A storm", created_at=ago(hours=9))
    factories.ThreadFactory(title="Calm", created_at=ago(hours=1))
    assert shown(browser) == "Calm"
    assert shown(browser) == "You’re all caught up"


def test_a_thread_of_ones_own_comes_whatever_one_filters(browser, member, other_member):
    add_filter(member=member, phrase="storm", whole_word=True, hides=True)
    thread = factories.ThreadFactory(author=member, title="My storm")
    factories.PostFactory(thread=thread, author=other_member)
    assert shown(browser) == "My storm"


def test_whom_somebody_else_is_asked_to_answer_now_does_not_come_first(browser, other_member):
    factories.ThreadFactory(title="Later", created_at=ago(hours=1))
    offered = factories.ThreadFactory(title="Offered", created_at=ago(hours=9))
    WaitingOffer.objects.create(thread=offered, member=other_member, until=factories.now() + dt.timedelta(hours=1))
    assert shown(browser) == "Later"


def test_a_reload_shows_the_same_thread(browser):
    factories.ThreadFactory.create_batch(3)
    page = browser.get(reverse("gently"), follow=True)
    assert title(browser.get(page.redirect_chain[-1][0])) == title(page)


@pytest.mark.parametrize("after", ["abc", "1", "22dfd601-6b18-4f1f-b6d2-fa18d88db1d4", "%00"])
def test_a_made_up_place_to_go_on_from_is_harmless(browser, after):
    factories.ThreadFactory(title="Here")
    assert shown(browser, after=after) == "Here"


# --- what is shown


def test_the_opening_post_is_shown_and_only_in_ones_own_or_followed_threads_the_news(browser, member):
    theirs = factories.ThreadFactory()
    factories.PostFactory.create_batch(2, thread=theirs)
    assert numbers(browser.get(reverse("gently"), follow=True)) == [1]
    mine = factories.ThreadFactory(author=member)
    factories.PostFactory.create_batch(5, thread=mine)
    assert numbers(browser.get(reverse("gently"), follow=True)) == [1, 2, 3, 4]
    assert numbers(browser.get(reverse("gently"), follow=True)) == [1, 5, 6]


def test_only_what_was_shown_counts_as_read(browser, member):
    mine = factories.ThreadFactory(author=member)
    factories.PostFactory.create_batch(5, thread=mine)
    browser.get(reverse("gently"), follow=True)
    assert ReadMark.objects.get().last_read_number == 4
    browser.get(address_of(mine), {"from": "5"})
    assert ReadMark.objects.get().last_read_number == 6
    ReadMark.objects.update(last_read_number=2)
    browser.get(address_of(mine), {"from": "6"})  # over unread posts
    assert ReadMark.objects.get().last_read_number == 2


def test_there_is_nothing_to_write_in_and_nothing_is_counted(browser, scene):
    factories.PostFactory.create_batch(3, thread=scene.thread)
    page = soup(browser.get(address_of(scene.thread), {"from": "2"}))
    assert page.find("textarea") is None
    main = page.find("main").get_text(" ")
    assert "(" not in main
    assert not page.find("main").find_all("script")


def test_a_thread_that_is_not_for_this_reader_is_not_there(sign_in, visitor, member, blocked, scene):
    for answer in (sign_in(blocked).get(address_of(scene.thread)), sign_in(blocked).post(address_of(scene.thread))):
        assert answer.status_code == 404
    for address in (reverse("gently"), address_of(scene.thread), reverse("gently_enough")):
        assert visitor.get(address).headers["Location"].startswith("/accounts/login/")


def test_a_disguised_author_is_named_by_the_disguise_and_told_so(sign_in, member, other_member):
    thread = factories.ThreadFactory(author=member, disguise=11)
    page = sign_in(other_member).get(address_of(thread))
    assert "alder" not in page.text
    own = words(sign_in(member).get(address_of(thread)))
    assert "as a reply by alder" not in own
    assert "as a reply by" in own


# --- one tap


def test_a_reaction_comes_back_to_the_same_place(browser, member, scene):
    page = browser.get(address_of(scene.thread), {"from": "2"})
    form = soup(page).find("form", action=reverse("react", args=[scene.reply.public_id]))
    button = form.find("button", value="heard")
    back = form.find("input", attrs={"name": "next"})["value"]
    answer = browser.post(form["action"], {"next": back, button["name"]: button["value"]})
    assert answer.headers["Location"] == f"{address_of(scene.thread)}?from=2#post-2"
    assert Reaction.objects.get().member == member
    again = soup(browser.get(address_of(scene.thread), {"from": "2"}))
    assert again.find("button", value="heard")["aria-pressed"] == "true"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_a_reaction_leads_to_no_page_of_somebody_else(browser, scene, elsewhere):
    answer = browser.post(reverse("react", args=[scene.reply.public_id]), {"give": "heard", "next": elsewhere})
    assert answer.headers["Location"] == f"{scene.thread.get_absolute_url()}#post-2"


def test_it_is_said_before_the_tap_that_it_posts_and_under_which_name(browser):
    page = browser.get(address_of(factories.ThreadFactory()))
    assert "Each of these is posted at once, as a reply by alder." in words(page)


def test_a_phrase_is_a_real_reply_that_ends_the_wait(browser, member):
    thread = factories.ThreadFactory()
    answer = tap(browser, thread)
    assert answer.headers["Location"] == f"{address_of(thread)}?from=2"
    made = Post.objects.get(thread=thread, number=2)
    assert (made.author, made.body, made.reply_to) == (member, "I read this, and I am here.", None)
    thread.refresh_from_db()
    assert thread.answered_at is not None
    assert "Your words are there now." in words(browser.get(answer.headers["Location"]))
    assert shown(browser) == "You’re all caught up"


def test_a_double_tap_posts_once(browser):
    thread = factories.ThreadFactory()
    sent = {"phrase": "read", "submission": value_of(browser.get(address_of(thread)), "submission")}
    for _tap in range(2):
        assert browser.post(address_of(thread), sent).status_code == 302
    assert Post.objects.filter(thread=thread).count() == 2


def test_an_answer_to_news_is_an_answer_to_the_last_of_it(browser, member, other_member):
    thread = factories.ThreadFactory(author=member)
    factories.PostFactory.create_batch(2, thread=thread, author=other_member)
    page = browser.get(reverse("gently"), follow=True)
    form = soup(page).find(class_="phrases").find("form")
    sent = {name: value_of(page, name) for name in ("submission", "reply_to")} | {"phrase": "thanks"}
    browser.post(form["action"], sent)
    assert Post.objects.get(thread=thread, number=4).reply_to == 3


def test_where_only_listening_was_asked_for_no_phrase_tells_or_advises(browser):
    thread = factories.ThreadFactory(support_type="listening")
    offered = [
        button.get_text() for button in soup(browser.get(address_of(thread))).find(class_="phrases").find_all("button")
    ]
    assert offered == [said for _key, said in phrases_for(thread.support, own=False)]
    assert 3 <= len(offered) <= 4
    for said in offered:
        assert not {"should", "could", "try", "idea", "helped"} & set(said.lower().replace(".", "").split())
    answer = tap(browser, thread, phrase="no_idea")
    assert answer.status_code == 422
    assert "Nothing was posted." in words(answer)
    assert thread.posts.count() == 1


@pytest.mark.parametrize("sent", [{}, {"phrase": ""}, {"phrase": "made up"}, {"phrase": "read", "submission": "x"}])
def test_a_tap_that_means_nothing_posts_nothing(browser, sent):
    thread = factories.ThreadFactory()
    assert browser.post(address_of(thread), sent).status_code == 422
    assert thread.posts.count() == 1


def test_a_thread_that_was_closed_meanwhile_says_so_and_offers_no_more_phrases(browser):
    thread = factories.ThreadFactory()
    page = browser.get(address_of(thread))
    thread.state = "locked"
    thread.save()
    sent = {"phrase": "read", "submission": value_of(page, "submission")}
    answer = browser.post(address_of(thread), sent)
    assert answer.status_code == 409
    assert "closed" in words(answer)
    assert soup(answer).find(class_="phrases") is None
    assert thread.posts.count() == 1


def test_somebody_who_may_not_write_now_is_told_so(sign_in, silenced):
    thread = factories.ThreadFactory()
    answer = tap(sign_in(silenced), thread)
    assert answer.status_code == 409
    assert "You cannot post" in words(answer)


def test_where_a_moderator_reads_first_the_tap_says_so(browser):
    thread = factories.ThreadFactory(board__hold_first="all")
    answer = tap(browser, thread)
    assert "A moderator reads them first" in words(browser.get(answer.headers["Location"]))


# --- beginning and ending


def switch(browser, page):
    """Press the button that begins or ends the mode on this page."""
    button = soup(page).find(class_="gently-ways").find("button")
    return browser.post(button.find_parent("form")["action"], {button["name"]: button["value"]})


def test_the_mode_begins_and_ends_in_one_tap(browser, member):
    factories.ThreadFactory()
    begun = switch(browser, browser.get(reverse("gently"), follow=True))
    assert begun.headers["Location"] == reverse("gently")
    member.refresh_from_db()
    assert member.low_energy
    page = browser.get(reverse("gently"), follow=True)
    assert "Leave low-energy mode" in words(page)
    assert switch(browser, page).headers["Location"] == reverse("home")
    member.refresh_from_db()
    assert not member.low_energy


def test_in_the_mode_home_leads_to_one_thread_and_all_text_is_larger(browser, member, scene):
    for address in (reverse("home"), scene.thread.get_absolute_url()):
        assert "low-energy" not in soup(browser.get(address)).html.get("class", [])
    member.low_energy = True
    member.save()
    assert browser.get(reverse("home")).headers["Location"] == reverse("gently")
    for address in (scene.thread.get_absolute_url(), reverse("boards"), reverse("reading_preferences")):
        assert soup(browser.get(address)).html["class"] == ["low-energy"]


def test_whoever_has_enough_finds_a_calm_end(browser):
    factories.ThreadFactory()
    page = browser.get(reverse("gently"), follow=True)
    end = browser.get(soup(page).find("a", string="That is enough for now")["href"])
    assert title(end) == "That is enough"
    assert "You could close this page now." in words(end)


def test_home_shows_the_way_there(browser):
    assert soup(browser.get(reverse("home"))).find("a", href=reverse("gently"))


# --- what it costs


def test_a_large_community_costs_what_a_small_one_costs(browser, member):
    def cost(**query):
        with CaptureQueriesContext(connection) as asked:
            page = browser.get(reverse("gently"), query)
        with CaptureQueriesContext(connection) as asked_again:
            browser.get(page.headers["Location"])
        return len(asked), len(asked_again)

    factories.ThreadFactory()
    few = cost()
    for thread in factories.ThreadFactory.create_batch(30):
        Reaction.objects.create(post=thread.posts.get(), member=factories.MemberFactory(), kind="heard")
    assert cost() == few
