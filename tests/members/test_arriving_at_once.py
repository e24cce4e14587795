"""Two people at the door in the same moment."""

from django.test import Client

from members import access, services
from members.models import Invitation, Member
from tests import factories
from tests.at_once import at_once

SIGNUP = "/accounts/signup/"
NEWCOMER = {
    "username": "quiet-fox",
    "email": "fox@example.org",
    "password1": "lantern-river-moss",
    "age": "on",
    "health": "on",
}


def test_two_people_who_take_one_name_in_the_same_moment(shared_database):
    """One of them gets it, and the other is asked for another, with the rest still in the form."""

    def join(number):
        return Client().post(SIGNUP, NEWCOMER | {"email": f"fox{number}@example.org"})

    answers = at_once(lambda: join(1), lambda: join(2))
    assert Member.objects.filter(username="quiet-fox").count() == 1
    assert sorted(answer.status_code for answer in answers) in ([200, 302], [302, 409])


def test_two_who_join_with_one_address_in_the_same_moment_hear_the_same(shared_database):
    answers = at_once(
        lambda: Client().post(SIGNUP, NEWCOMER), lambda: Client().post(SIGNUP, NEWCOMER | {"username": "other-owl"})
    )
    assert Member.objects.count() == 1
    assert {answer.headers["Location"] for answer in answers} == {"/accounts/confirm-email/"}


def test_an_invitation_lets_one_of_two_in(shared_database, settings):
    settings.SIGN_UP = "invitation"
    _made, secret = services.invite(actor=factories.MemberFactory(), remark="", days=1)

    def join(name):
        browser = Client()
        browser.get(f"/join/{secret}/")
        return browser.post(SIGNUP, NEWCOMER | {"username": name, "email": f"{name}@example.org"})

    before = Member.objects.count()
    at_once(lambda: join("quiet-fox"), lambda: join("other-owl"))
    assert Member.objects.count() == before + 1
    assert Invitation.objects.get().used_by is not None
    assert not access.is_good(secret)


def test_two_administrators_answer_one_newcomer(shared_database):
    newcomer = factories.MemberFactory(awaits_approval=True)
    answers = at_once(lambda: services.let_in(member=newcomer), lambda: bool(services.turn_away(member=newcomer)))
    newcomer.refresh_from_db()
    assert sorted(answers) == [False, True]
    assert newcomer.is_active is answers[0]
