"""The table of who gets what, tried out."""

from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.supportsite.routes import STAFF, all_routes, own_routes, staff_routes
from tests.supportsite.stage import ROLES
from tests.supportsite.table import PUBLIC, SIGN_IN, TABLE, address, answer

# Wagtail mails reviewers through a function that Django is about to retire.
pytestmark = pytest.mark.filterwarnings("ignore:get_connection")


def test_every_address_has_a_row_in_the_table():
    unknown = {route.name or route.pattern for route in own_routes()} - set(TABLE)
    assert not unknown, f"Who may open {', '.join(sorted(unknown))}? Say so in TABLE, for every role, GET and POST."


def test_the_table_names_no_address_that_is_gone():
    gone = set(TABLE) - {route.name for route in own_routes()}
    assert not gone, f"No address is called {', '.join(sorted(gone))} any more. Take it out of TABLE."


def test_visitors_can_open_what_the_list_says_and_nothing_else():
    # Staff pages are behind a rule of their own, whatever their views say.
    found = {route.name for route in own_routes() if not getattr(route.view, "login_required", True)}
    assert found == PUBLIC


@pytest.mark.thorough
@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_what_the_table_says(role, stage, unchanged):
    wrong = []
    client = stage.client_of(role)
    session = client.cookies.output()
    for name, row in TABLE.items():
        for method, expected in (("get", row.get[role]), ("post", row.post[role])):
            # Nothing of one request is left for the next: signing out, for one.
            client.cookies = SimpleCookie(session.removeprefix("Set-Cookie: "))
            before = transaction.savepoint_create()
            got = answer(getattr(client, method)(address(name, stage)))
            transaction.savepoint_rollback(before)
            if got != expected:
                wrong.append(f"{method.upper()} {name}: {role} gets “{got}” and not “{expected}”.")
    assert not wrong, "\n".join(wrong)


def test_what_does_not_exist_is_404_whoever_asks(stage, unchanged):
    nobody = "00000000-0000-7000-8000-000000000000"
    addresses = [
        reverse("board", args=["nowhere"]),
        reverse("new_thread", args=["nowhere"]),
        reverse("thread", args=[nobody, "x"]),
        reverse("reply", args=[nobody]),
        reverse("first_unread", args=[nobody]),
        reverse("post", args=[nobody]),
        reverse("flag", args=["post", nobody]),
        reverse("flag", args=["nothing", stage.opening.public_id]),
        reverse("decision", args=[nobody]),
        reverse("case", args=[nobody]),
        reverse("notice", args=[nobody]),
        "/resources/nothing-here/",
        "/nothing-here/",
    ]
    for role in ("member", "moderator", "administrator"):
        client = stage.client_of(role)
        for missing in addresses:
            assert client.get(missing).status_code == 404, f"{role} at {missing}"


def test_htmx_is_told_to_leave_for_the_sign_in_page_and_to_come_back_to_the_page_it_was_on(stage, unchanged):
    page = f"{stage.thread.get_absolute_url()}?page=1"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
    told = Client().post(address("react", stage), headers=headers)
    assert told.status_code == 204
    assert "Location" not in told.headers
    sign_in = Client().get(told.headers["HX-Redirect"])
    assert sign_in.status_code == 200
    assert f'name="next" value="{page}"' in sign_in.text


def test_htmx_is_not_led_to_a_page_of_somebody_else(stage, unchanged):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://elsewhere.example/thread/"}
    told = Client().post(address("react", stage), headers=headers)
    assert told.headers["HX-Redirect"] == "/accounts/login/?next=/"


def test_wherever_visitors_are_asked_to_sign_in_htmx_is_told_so(stage, unchanged):
    for name, row in TABLE.items():
        for method, expected in (("get", row.get), ("post", row.post)):
            if expected["visitor"] == SIGN_IN:
                told = getattr(Client(), method)(address(name, stage), headers={"HX-Request": "true"})
                assert told.status_code == 204, f"{method} {name}"
                assert told.headers["HX-Redirect"].startswith(settings.LOGIN_PATH), f"{method} {name}"


def test_staff_pages_are_all_below_the_two_prefixes_that_the_rule_knows():
    modules = ("wagtail.admin", "wagtail.users", "wagtail.contrib", "wagtail.images", "wagtail.documents", "django.")
    theirs = [route for route in all_routes() if route.view.__module__.startswith(modules)]
    assert [route.pattern for route in theirs if not route.staff_prefix] == []
    assert len(staff_routes()) > 200


def test_no_staff_page_is_there_for_members(stage, unchanged):
    client = stage.client_of("member")
    for route in staff_routes()[::3]:
        assert client.get(route.sample).status_code == 404, route.pattern


def test_staff_pages_are_there_only_for_those_whose_work_they_are(stage, unchanged):
    for role, kept_from in (("member", STAFF), ("moderator", STAFF), ("curator", ["/admin/"])):
        client = stage.client_of(role)
        for route in staff_routes()[::12]:
            if route.staff_prefix in kept_from:
                assert client.get(route.sample).status_code == 404, f"{role} at {route.pattern}"
                assert client.post(route.sample).status_code == 404, f"{role} at {route.pattern}"


def test_visitors_are_asked_to_sign_in_at_every_staff_page(stage, unchanged):
    client = Client()
    for route in staff_routes()[::3]:
        assert answer(client.get(route.sample)) == SIGN_IN, route.pattern
    for route in staff_routes()[::12]:
        assert answer(client.post(route.sample)) == SIGN_IN, route.pattern


def test_not_even_administrators_browse_addresses_and_devices_of_members(stage, unchanged):
    client = stage.client_of("administrator")
    concerned = stage.people["concerned"]
    for closed in (
        "/curate/users/",
        "/curate/users/results/",
        f"/curate/users/edit/{concerned.pk}/",
        "/curate/groups/",
        "/admin/account/emailaddress/",
        "/admin/mfa/authenticator/",
        "/admin/usersessions/usersession/",
    ):
        assert client.get(closed).status_code == 404, closed
    for shown in ("/admin/", "/admin/members/member/", f"/admin/members/member/{concerned.pk}/change/", "/curate/"):
        page = client.get(shown)
        assert page.status_code == 200, shown
        assert concerned.email not in page.text, shown
    assert concerned.username in client.get("/admin/members/member/").text


def test_no_form_but_ours_signs_anybody_in(stage, unchanged):
    # Django and Wagtail bring sign-in forms of their own, which know nothing of two-step sign-in.
    right = {"username": stage.people["administrator"].username, "password": factories.PASSWORD}
    for path in ("/resources/_util/login/", "/curate/login/", "/admin/login/"):
        client = Client()
        client.post(path, right)
        assert "_auth_user_id" not in client.session, path


def test_words_sent_by_a_visitor_wait_for_the_sign_in_and_secrets_do_not(stage, unchanged):
    client = Client()
    client.post(address("reply", stage), {"body": "I know that kind of week."})
    assert "I know that kind of week." in str(dict(client.session))
    client.post(address("account_change_password", stage), {"oldpassword": "secret-a", "password1": "secret-b"})
    assert "secret" not in str(dict(client.session))
