import datetime as dt

import pytest
from django.urls import reverse

from forums.models import Level, Post, ReadMark
from forums.news import NEW_REPLY, REPLIED_TO_YOU
from forums.services import following
from moderation.news_appeals import STAFF_MESSAGE
from notifications import services
from notifications.access.notices import NEW_AT_ONCE, PAGE_SIZE
from notifications.models import Event, Notice, Wishes
from tests import factories
from tests.pages import soup, words

UPDATES = reverse("notices")


@pytest.fixture
def told(reply):
    """A reply that `member` has a notice about."""
    made = reply()
    services.expand(made.event)
    made.notice = Notice.objects.get(event=made.event)
    return made


def address_of(notice):
    return reverse("notice", args=[notice.public_id])


def test_news_is_shown_without_a_number(told, sign_in, member):
    browser = sign_in(member)
    home = browser.get(reverse("home"))
    assert soup(home).find(class_="news-dot")
    page = browser.get(UPDATES)
    assert "Somebody replied in “A very particular title”." in words(page)
    Notice.objects.create(event=Event.objects.create(kind="new_reply", target_id=told.post.pk + 1), recipient=member)
    nav = soup(browser.get(reverse("home"))).find("header")
    assert not any(character.isdigit() for character in nav.get_text())


def test_following_a_notice_leads_to_the_reply_and_marks_it_read(told, sign_in, member):
    browser = sign_in(member)
    page = browser.get(address_of(told.notice), follow=True)
    assert page.redirect_chain[-1][0] == f"{told.thread.get_absolute_url()}#post-2"
    assert "Secret words of comfort." in words(page)
    assert soup(browser.get(reverse("home"))).find(class_="news-dot") is None


def test_all_can_be_marked_as_read_at_once(told, sign_in, member, newcomer):
    other = Notice.objects.create(event=told.event, recipient=newcomer)
    browser = sign_in(member)
    assert "Mark all as read" in words(browser.get(UPDATES))
    page = browser.post(reverse("mark_all_read"), follow=True)
    assert "Mark all as read" not in words(page)
    assert "Somebody replied" in words(page)
    other.refresh_from_db()
    assert other.read_at is None


def test_looking_does_not_mark_all_as_read(told, sign_in, member):
    assert sign_in(member).get(reverse("mark_all_read")).status_code == 405
    assert Notice.objects.get().read_at is None


def test_somebody_elses_notice_is_not_there(told, sign_in, visitor, other_member, moderator):
    for reader in (other_member, moderator):
        assert sign_in(reader).get(address_of(told.notice)).status_code == 404
        assert "Somebody replied" not in words(sign_in(reader).get(UPDATES))
    assert visitor.get(address_of(told.notice)).headers["Location"].startswith("/accounts/login/")
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize("why", ["hidden", "removed", "held"])
def test_a_notice_about_words_that_were_taken_away_says_so(told, sign_in, member, why):
    Post.objects.filter(pk=told.post.pk).update(visibility=why)
    browser = sign_in(member)
    page = browser.get(address_of(told.notice))
    assert page.status_code == 410
    assert "This is no longer there" in words(page)
    assert "particular title" not in page.text
    assert "Somebody replied" not in words(browser.get(UPDATES))


def test_a_notice_about_somebody_blocked_meanwhile_is_gone(told, sign_in, member):
    factories.BlockFactory(blocker=told.post.author, blocked=member)
    browser = sign_in(member)
    assert browser.get(address_of(told.notice)).status_code == 410
    assert "Somebody replied" not in words(browser.get(UPDATES))


def test_a_notice_of_a_kind_that_nobody_knows_any_more_breaks_nothing(told, sign_in, member):
    Event.objects.filter(pk=told.event.pk).update(kind="forgotten")
    browser = sign_in(member)
    assert browser.get(UPDATES).status_code == 200
    assert browser.get(address_of(told.notice)).status_code == 410


def many_replies(thread, count, kind=NEW_REPLY, *, grouped=False):
    """Notices for the thread's author, the oldest first; without a group each is a row."""
    group = thread.pk if grouped else None
    for _number in range(count):
        post = factories.PostFactory(thread=thread)
        event = Event.objects.create(kind=kind.key, target_id=post.pk, actor=post.author, group_id=group)
        Notice.objects.create(event=event, recipient=thread.author)
    return list(Notice.objects.filter(recipient=thread.author).order_by("-id"))


def rows(page, heading=None):
    part = soup(page).find("section", attrs={"aria-labelledby": heading}) if heading else soup(page)
    return [link["href"] for link in part.select(".notice-row a")] if part else []


def walk(browser):
    met, page = [], browser.get(UPDATES)
    while True:
        met += rows(page)
        if (onward := soup(page).find("a", rel="next")) is None:
            return met
        page = browser.get(UPDATES + onward["href"])


def test_notices_come_newest_first_and_each_once(sign_in, member):
    notices = many_replies(factories.ThreadFactory(author=member), NEW_AT_ONCE + PAGE_SIZE + 3)
    for seen in notices[: PAGE_SIZE + 2]:
        services.mark_read(seen)
    unread, read = notices[PAGE_SIZE + 2 :], notices[: PAGE_SIZE + 2]
    assert len(unread) > NEW_AT_ONCE
    assert walk(sign_in(member)) == [address_of(notice) for notice in (*unread, *read)]


def test_what_is_new_comes_first_and_what_was_read_after_it(sign_in, member):
    newest, middle, oldest = many_replies(factories.ThreadFactory(author=member), 3)
    services.mark_read(newest)
    services.mark_read(oldest)
    page = sign_in(member).get(UPDATES)
    assert rows(page, "new") == [address_of(middle)]
    assert rows(page, "earlier") == [address_of(newest), address_of(oldest)]


def test_a_cursor_that_somebody_tampered_with_gives_the_first_page(sign_in, member):
    [notice] = many_replies(factories.ThreadFactory(author=member), 1)
    for asked in ("after=nonsense", "after=nonsense&new=1", "after=eyJ9", "new=1"):
        assert rows(sign_in(member).get(f"{UPDATES}?{asked}"), "new") == [address_of(notice)]


# --- several in one row -----------------------------------------------------------------------------------------


def test_several_replies_in_one_thread_are_one_row(sign_in, member):
    thread = factories.ThreadFactory(author=member, title="A very particular title")
    notices = many_replies(thread, 3, REPLIED_TO_YOU, grouped=True)
    alone = many_replies(factories.ThreadFactory(author=member, title="Another one"), 1, grouped=True)[0]
    page = sign_in(member).get(UPDATES)
    assert rows(page) == [address_of(alone), f"{address_of(notices[0])}?all"]
    assert "There are replies in “A very particular title”." in words(page)
    assert "Somebody replied in “Another one”." in words(page)


def test_different_kinds_of_news_in_one_thread_are_rows_of_their_own(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    many_replies(thread, 2, REPLIED_TO_YOU, grouped=True)
    many_replies(thread, 2, NEW_REPLY, grouped=True)
    assert len(rows(sign_in(member).get(UPDATES))) == 2


def test_opening_a_row_begins_at_the_oldest_and_marks_all_of_it(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    notices = many_replies(thread, 3, REPLIED_TO_YOU, grouped=True)
    other = many_replies(factories.ThreadFactory(author=member), 1, REPLIED_TO_YOU, grouped=True)[0]
    browser = sign_in(member)
    [link] = [row for row in rows(browser.get(UPDATES)) if row.endswith("?all")]
    page = browser.get(link, follow=True)
    assert page.redirect_chain[-1][0].endswith("#post-2")
    assert [each.read_at is None for each in member.notices.filter(pk__in=[one.pk for one in notices])] == [False] * 3
    other.refresh_from_db()
    assert other.read_at is None
    # The other tab, with the same row.
    assert browser.get(link).status_code == 302


def test_what_comes_after_the_page_was_made_stays_new(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    many_replies(thread, 2, REPLIED_TO_YOU, grouped=True)
    browser = sign_in(member)
    [link] = rows(browser.get(UPDATES))
    late = many_replies(thread, 1, REPLIED_TO_YOU, grouped=True)[0]
    browser.get(link)
    assert list(member.notices.filter(read_at=None)) == [late]


def test_a_mails_link_to_one_of_several_opens_that_one(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    _newest, middle, _oldest = many_replies(thread, 3, REPLIED_TO_YOU, grouped=True)
    page = sign_in(member).get(address_of(middle))
    assert page.headers["Location"].endswith(str(Post.objects.get(pk=middle.event.target_id).public_id) + "/")
    assert member.notices.filter(read_at=None).count() == 2


def test_a_row_does_not_count_what_somebody_blocked_wrote(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    newest, oldest = many_replies(thread, 2, REPLIED_TO_YOU, grouped=True)
    factories.BlockFactory(blocker=member, blocked=newest.event.actor)
    browser = sign_in(member)
    page = browser.get(UPDATES)
    assert rows(page) == [address_of(oldest)]
    assert "There are replies" not in words(page)


def test_rows_that_stand_for_several_begin_where_somebody_blocked_did_not_write(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    newest, middle, oldest = many_replies(thread, 3, REPLIED_TO_YOU, grouped=True)
    factories.BlockFactory(blocker=oldest.event.actor, blocked=member)
    browser = sign_in(member)
    [link] = rows(browser.get(UPDATES))
    assert link == f"{address_of(newest)}?all"
    told = browser.get(link)
    assert told.headers["Location"].endswith(f"{Post.objects.get(pk=middle.event.target_id).public_id}/")


# --- what is no news any more -----------------------------------------------------------------------------------


def test_what_was_read_in_its_thread_is_not_new_and_stands_under_earlier(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    newest, read = many_replies(thread, 2)
    post = Post.objects.get(pk=read.event.target_id)
    ReadMark.objects.create(member=member, thread=thread, last_read_number=post.number)
    page = sign_in(member).get(UPDATES)
    assert rows(page, "new") == [address_of(newest)]
    assert rows(page, "earlier") == [address_of(read)]
    read.refresh_from_db()
    assert read.read_at is not None


def test_what_was_muted_since_is_not_shown(told, sign_in, member):
    following.set_thread_level(member=member, thread=told.thread, level=Level.MUTE)
    browser = sign_in(member)
    assert rows(browser.get(UPDATES)) == []
    assert not soup(browser.get(reverse("home"))).select(".news-dot")


# --- marking ----------------------------------------------------------------------------------------------------


def test_one_can_be_marked_as_read_without_opening_it_and_without_a_script(sign_in, member):
    newest, oldest = many_replies(factories.ThreadFactory(author=member), 2)
    browser = sign_in(member)
    form = soup(browser.get(UPDATES)).select(".notice-row form")[0]
    assert form["action"] == reverse("mark_read", args=[newest.public_id])
    for _twice in range(2):
        page = browser.post(form["action"], follow=True)
        assert rows(page, "new") == [address_of(oldest)]
        assert rows(page, "earlier") == [address_of(newest)]


def test_a_row_of_several_is_marked_as_a_whole(sign_in, member):
    many_replies(factories.ThreadFactory(author=member), 3, REPLIED_TO_YOU, grouped=True)
    browser = sign_in(member)
    form = soup(browser.get(UPDATES)).select_one(".notice-row form")
    browser.post(form["action"], {field["name"]: field["value"] for field in form.select("input[type=hidden]")})
    assert not member.notices.filter(read_at=None).exists()


def test_marking_one_far_down_the_list_leads_back_there(sign_in, member):
    notices = many_replies(factories.ThreadFactory(author=member), NEW_AT_ONCE + 2)
    browser = sign_in(member)
    onward = soup(browser.get(UPDATES)).find("a", rel="next")["href"]
    form = soup(browser.get(UPDATES + onward)).select_one(".notice-row form")
    data = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    page = browser.post(form["action"], data, follow=True)
    assert rows(page, "new") == [address_of(notices[-1])]


def test_somebody_elses_cannot_be_marked(told, sign_in, visitor, other_member):
    assert sign_in(other_member).post(reverse("mark_read", args=[told.notice.public_id])).status_code == 404
    assert visitor.post(reverse("mark_read", args=[told.notice.public_id])).status_code == 302
    assert sign_in(other_member).post(reverse("mark_all_read"), {"newest": told.notice.public_id}).status_code == 302
    assert Notice.objects.get().read_at is None


def test_marking_all_leaves_what_came_after_the_page_was_made(sign_in, member):
    thread = factories.ThreadFactory(author=member)
    many_replies(thread, 2)
    browser = sign_in(member)
    newest = soup(browser.get(UPDATES)).find(attrs={"name": "newest"})["value"]
    late = many_replies(thread, 1)[0]
    browser.post(reverse("mark_all_read"), {"newest": newest})
    assert list(member.notices.filter(read_at=None)) == [late]
    browser.post(reverse("mark_all_read"), {"newest": "nonsense"})
    assert not member.notices.filter(read_at=None).exists()


# --- the mark ---------------------------------------------------------------------------------------------------


def test_an_open_page_can_ask_whether_there_is_news_and_hears_no_number(told, sign_in, member, visitor):
    browser = sign_in(member)
    answer = browser.get(reverse("news_mark"))
    assert answer.status_code == 200
    assert answer.content == b""
    services.mark_all_read(member)
    assert browser.get(reverse("news_mark")).status_code == 204
    assert visitor.get(reverse("news_mark")).status_code == 302
    region = soup(browser.get(reverse("boards"))).select_one("[data-news-mark]")
    assert region["data-news-mark"] == reverse("news_mark")
    assert region["role"] == "status"
    assert not soup(visitor.get("/")).select("[data-news-mark]")


def test_asking_costs_three_queries_however_much_is_new(sign_in, member, django_assert_num_queries):
    thread = factories.ThreadFactory(author=member)
    browser = sign_in(member)
    for many in (1, 20):
        many_replies(thread, many)
        with django_assert_num_queries(1):  # who it is, whether anything is new
            browser.get(reverse("news_mark"))


def test_while_stepping_back_only_what_does_not_wait_lights_the_mark(told, sign_in, member):
    Wishes.objects.create(member=member, stepped_back_at=factories.now())
    browser = sign_in(member)
    assert browser.get(reverse("news_mark")).status_code == 204
    page = browser.get(UPDATES)
    assert "You are stepping back" in words(page)
    assert rows(page, "new") == [address_of(told.notice)]
    event = Event.objects.create(kind=STAFF_MESSAGE.key, target_id=1)
    Notice.objects.create(event=event, recipient=member, presses=True)
    assert browser.get(reverse("news_mark")).status_code == 200


def test_the_mark_is_lit_again_when_the_time_of_stepping_back_is_over(told, sign_in, member):
    now = factories.now()
    week = dt.timedelta(days=7)
    Wishes.objects.create(member=member, stepped_back_at=now - week, back_at=now - dt.timedelta(seconds=1))
    assert sign_in(member).get(reverse("news_mark")).status_code == 200
    Wishes.objects.update(back_at=now + week)
    assert sign_in(member).get(reverse("news_mark")).status_code == 204


def test_a_page_without_news_is_calm(sign_in, member):
    page = words(sign_in(member).get(UPDATES))
    assert "Nothing new" in page
    assert "Mark all as read" not in page


def test_the_mark_goes_out_when_what_it_stood_for_was_taken_away(told, sign_in, member):
    Post.objects.filter(pk=told.post.pk).update(visibility="hidden")
    browser = sign_in(member)
    assert "new:" in words(browser.get("/boards/")).lower() or soup(browser.get("/boards/")).select(".news-dot")
    browser.get(UPDATES)
    assert not soup(browser.get("/boards/")).select(".news-dot")


def test_the_updates_page_costs_the_same_with_few_notices_and_with_many(sign_in, member, django_assert_num_queries):
    thread = factories.ThreadFactory(author=member)
    browser = sign_in(member)
    for many in (2, PAGE_SIZE):
        services.mark_all_read(member)
        many_replies(thread, many, grouped=True)
        # who it is, with the mark in the header; what is new and what was read; which may be seen, with what is said of
        # it; what the member chose
        with django_assert_num_queries(4):
            browser.get(UPDATES)
