"""A block is total, silent, both ways and everywhere (M7). These walk the site as one of the two."""

from collections import deque
from types import SimpleNamespace
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import reverse

from forums.models import Reaction
from notifications.models import Notice
from tests import factories
from tests.pages import soup

ELSEWHERE = ("/leave/", "/admin/", "/curate/", "/static/", "/accounts/", "/resources/", "/help-now/")


@pytest.fixture
def pair(sign_in, worker, member, blocked):
    """Two on either side of a block, both of whom wrote, answered and reacted wherever a third let them."""
    third = factories.MemberFactory(username="linden")
    shared = factories.ThreadFactory(author=third, title="A shared talk")
    waiting = {who: factories.ThreadFactory(author=who, board=shared.board) for who in (member, blocked)}
    reply = reverse("reply", args=[shared.public_id])
    with worker():
        for number, who in enumerate((member, blocked, member, blocked), start=2):
            # Each answers the other, where the other's post stands just before theirs.
            words = {"body": f"Words of {who.username}.", "reply_to": number - 1}
            assert sign_in(who).post(reply, words).status_code == 302
    for who in (member, blocked):
        for post in shared.posts.exclude(author=who):
            Reaction.objects.create(post=post, member=who, kind="heard")
    return SimpleNamespace(third=third, shared=shared, waiting=waiting)


def walk(browser):
    """Every page that can be reached by following links from the home page."""
    to_see, seen = deque([reverse("home"), reverse("waiting"), reverse("notices"), reverse("my_reports")]), set()
    while to_see:
        address = to_see.popleft()
        page = browser.get(address, follow=True)
        assert page.status_code == 200, address
        yield address, page
        for link in soup(page).find_all("a", href=True):
            parts = urlsplit(urldefrag(link["href"]).url)
            path = parts._replace(path=parts.path or urlsplit(address).path).geturl()
            if not parts.scheme and not parts.netloc and path not in seen and not path.startswith(ELSEWHERE):
                seen.add(path)
                to_see.append(path)


@pytest.mark.parametrize("reader", ["alder", "thorn"])
def test_no_page_shows_anything_of_the_other(pair, sign_in, member, blocked, reader):
    me, other = (member, blocked) if reader == "alder" else (blocked, member)
    traces = [other.username, str(pair.waiting[other].public_id), pair.waiting[other].title]
    traces += [str(post.public_id) for post in other.posts.all()]
    visited = 0
    for address, page in walk(sign_in(me)):
        visited += 1
        # Whoever blocks finds there whom they blocked.
        own_list = reader == "alder" and address == reverse("settings_people")
        for trace in traces:
            assert trace not in page.text or (own_list and trace == other.username), f"{address} shows {trace}"
    # The walk went through the shared thread and its replies, not only past the front door.
    assert visited > 15


@pytest.mark.parametrize("reader", ["alder", "thorn"])
def test_no_address_of_the_other_opens(pair, sign_in, member, blocked, reader):
    me, other = (member, blocked) if reader == "alder" else (blocked, member)
    thread = pair.waiting[other]
    browser = sign_in(me)
    for post in other.posts.all():
        for name, arguments in (("post", [post.public_id]), ("flag", ["post", post.public_id])):
            assert browser.get(reverse(name, args=arguments)).status_code == 404
        for name, arguments, form in (
            ("react", [post.public_id], {"give": "heard"}),
            ("flag", ["post", post.public_id], {"reason": "spam"}),
        ):
            assert browser.post(reverse(name, args=arguments), form).status_code == 404
    for address in (thread.get_absolute_url(), reverse("reply", args=[thread.public_id])):
        assert browser.get(address).status_code == 404
    assert browser.post(reverse("reply", args=[thread.public_id]), {"body": "x"}).status_code == 404


@pytest.mark.parametrize("reader", ["alder", "thorn"])
def test_answering_the_other_shows_an_empty_place(pair, sign_in, member, blocked, reader):
    me, other = (member, blocked) if reader == "alder" else (blocked, member)
    number = pair.shared.posts.filter(author=other).first().number
    page = sign_in(me).get(reverse("reply", args=[pair.shared.public_id]), {"to": number})
    assert other.username not in page.text


def test_neither_is_told_of_the_other_and_the_third_is_told_of_both(pair, member, blocked, mailoutbox):
    assert pair.third.notices.count() == 4
    # The first of the replies answers the third.
    assert [mail.to for mail in mailoutbox] == [[pair.third.email]]
    # No news that nobody can read, either, which would light the mark in the header.
    assert not Notice.objects.filter(recipient__in=[member, blocked]).exists()


def test_the_third_still_reads_both(pair, sign_in):
    page = sign_in(pair.third).get(pair.shared.get_absolute_url())
    assert "Words of alder." in page.text
    assert "Words of thorn." in page.text
