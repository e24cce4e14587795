"""Whether an account is there is told neither by words nor by the work that an answer takes; nobody is locked out by
somebody else's guesses."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from members import adapter
from members.access import arriving
from members.models import Member
from tests import factories
from tests.pages import same_but_for_secrets

SIGNUP, LOGIN, RESET = "/accounts/signup/", "/accounts/login/", "/accounts/password/reset/"
NEWCOMER = {
    "username": "quiet-fox",
    "email": "fox@example.org",
    "password1": "lantern-river-moss",
    "age": "on",
    "health": "on",
}
WRONG = "not-the-password"

pytestmark = pytest.mark.django_db


@pytest.fixture
def hashing(monkeypatch):
    """How often a password was hashed: that is what takes time, whatever the machine."""
    done = []
    real = MD5PasswordHasher.encode

    def encode(self, password, salt):
        done.append(1)
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)

    def count(deed):
        cache.clear()
        done.clear()
        answer = deed()
        return len(done), answer

    return count


def test_a_wrong_password_takes_the_same_work_whoever_it_is_tried_for(hashing, member):
    unconfirmed = factories.MemberFactory(username="unsure")
    unconfirmed.emailaddress_set.update(verified=False)
    closed = factories.MemberFactory(username="closed", is_active=False)
    tried = [member.username, member.email, member.email.upper(), "nobody-here", "nobody@example.org"]
    tried += [unconfirmed.username, unconfirmed.email, closed.username, closed.email]
    work = {
        login: hashing(lambda login=login: Client().post(LOGIN, {"login": login, "password": WRONG}))[0]
        for login in tried
    }
    assert set(work.values()) == {1}, work


def test_a_wrong_password_gets_the_same_words_whoever_it_is_tried_for(member):
    factories.MemberFactory(username="closed", is_active=False)
    pages = set()
    for login in (member.username, member.email, "nobody-here", "nobody@example.org", "closed"):
        answer = Client().post(LOGIN, {"login": login, "password": WRONG})
        pages.add((answer.status_code, same_but_for_secrets(answer).replace(login, "")))
    assert len(pages) == 1


def test_joining_with_a_taken_address_takes_the_same_work_and_gets_the_same_answer(hashing, member):
    free, answer = hashing(lambda: Client().post(SIGNUP, NEWCOMER))
    taken, other = hashing(lambda: Client().post(SIGNUP, NEWCOMER | {"username": "other-owl", "email": member.email}))
    assert free == taken == 1
    assert (answer.status_code, answer.headers["Location"]) == (other.status_code, other.headers["Location"])
    assert not Member.objects.filter(username="other-owl").exists()


def test_asking_for_a_new_password_takes_the_same_work_and_sends_one_mail_each(hashing, member, mailoutbox):
    known, answer = hashing(lambda: Client().post(RESET, {"email": member.email}))
    unknown, other = hashing(lambda: Client().post(RESET, {"email": "nobody@example.org"}))
    assert known == unknown == 0
    assert (answer.status_code, answer.headers["Location"]) == (other.status_code, other.headers["Location"])
    assert len(mailoutbox) == 2


def test_as_many_questions_go_to_the_database(member, django_assert_num_queries):
    """The pages before it are the same; the look-up of who it may be is one query, whether there is somebody or not."""
    with django_assert_num_queries(1):
        arriving.called("nobody-here")
    with django_assert_num_queries(1):
        arriving.called(member.email)


def test_wanting_an_address_that_somebody_else_has_says_nothing(member, other_member):
    browser = Client()
    browser.post(LOGIN, {"login": member.username, "password": factories.PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": factories.PASSWORD})
    answers = [
        browser.post("/accounts/email/", {"action_add": "", "email": email})
        for email in (other_member.email, "n@example.org")
    ]
    assert len({(answer.status_code, answer.headers.get("Location")) for answer in answers}) == 1


# --- guesses


def guess(login="alder", *, times, address):
    for _n in range(times):
        Client(REMOTE_ADDR=address).post(LOGIN, {"login": login, "password": WRONG})


def signed_in(browser, login="alder"):
    browser.post(LOGIN, {"login": login, "password": factories.PASSWORD})
    return "_auth_user_id" in browser.session


def test_guesses_from_elsewhere_lock_nobody_out(member):
    guess(times=12, address="203.0.113.7")
    assert signed_in(Client(REMOTE_ADDR="198.51.100.20"))


def test_who_guesses_has_to_wait_whether_by_name_or_by_address(member):
    guess("alder", times=3, address="203.0.113.7")
    guess(member.email, times=3, address="203.0.113.7")
    assert not signed_in(Client(REMOTE_ADDR="203.0.113.7"))


def test_waiting_is_asked_of_names_that_nobody_has_too():
    guess("nobody-here", times=6, address="203.0.113.7")
    page = Client(REMOTE_ADDR="203.0.113.7").post(LOGIN, {"login": "nobody-here", "password": WRONG})
    assert "many tries" in page.text


def test_guesses_from_everywhere_end_and_a_browser_that_was_used_before_is_still_let_in(member, monkeypatch):
    monkeypatch.setattr(adapter, "GUESSES_A_DAY", 8)
    known = Client(REMOTE_ADDR="198.51.100.20")
    assert signed_in(known)
    known.post("/accounts/logout/")
    for number in range(9):
        guess(times=1, address=f"203.0.113.{number}")
    assert not signed_in(Client(REMOTE_ADDR="203.0.113.99"))
    assert signed_in(known)


def test_a_new_password_lets_its_owner_in_while_others_guess(member, mailoutbox, monkeypatch):
    monkeypatch.setattr(adapter, "GUESSES_A_DAY", 2)
    guess(times=4, address="203.0.113.7")
    browser = Client(REMOTE_ADDR="203.0.113.8")
    assert not signed_in(browser)
    browser.post(RESET, {"email": member.email})
    link = next(word for word in mailoutbox[0].body.split() if "/key/" in word)
    page = browser.get("/" + link.split("/", 3)[3], follow=True)
    browser.post(page.request["PATH_INFO"], {"password1": "harbour-lantern-fern", "password2": "harbour-lantern-fern"})
    assert "_auth_user_id" in browser.session


def test_mails_for_a_new_password_end_after_a_few(member, mailoutbox):
    answers = {Client().post(RESET, {"email": member.email}).status_code for _n in range(5)}
    assert len(mailoutbox) == 3
    cache.clear()
    assert {Client().post(RESET, {"email": "nobody@example.org"}).status_code for _n in range(5)} == answers
