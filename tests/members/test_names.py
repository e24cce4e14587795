import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from members.models import AVATARS, Member
from tests import factories


def complaints(username):
    try:
        Member(username=username, email="someone@example.org").clean_fields(exclude=["password"])
    except ValidationError as error:
        return " ".join(error.message_dict["username"])
    return ""


@pytest.mark.parametrize(
    "name", ["quiet_fox", "Moss", "moss-and-stone", "abc", "nightowl42", "x9", "ABC", "jane", "JSmith7"]
)
def test_made_up_names_are_welcome(name):
    assert complaints(name) == ""


@pytest.mark.parametrize("name", ["JaneSmith", "Jane_Smith", "Jane-Smith", "MariaLopez"])
def test_what_looks_like_a_full_name_is_refused_kindly(name):
    assert "A made-up name keeps you private" in complaints(name)


@pytest.mark.parametrize("name", ["07700900123", "call_07700900123", "0770-090-0123", "tel-0-7-7-0-0-9-0"])
def test_what_looks_like_a_phone_number_is_refused_kindly(name):
    assert "This looks like a phone number." in complaints(name)


@pytest.mark.parametrize(
    "name",
    [
        "jane@example.org",
        "jane.smith",
        "two words",
        "-dash",
        "dash-",
        "ünï",
        "a\u200bb",
        "name\n",
        "<b>",
        "пётр",
        "x" * 31,
    ],
)
def test_other_characters_are_refused(name):
    assert complaints(name)


@pytest.mark.parametrize(
    ("field", "again"), [("username", {"username": "MOSS"}), ("email", {"email": "Moss@Example.org"})]
)
def test_names_and_addresses_that_differ_only_in_case_are_the_same(db, field, again):
    factories.MemberFactory(username="moss")
    with pytest.raises(IntegrityError, match=f"member_{field}_whatever_case"):
        factories.MemberFactory(**again)


def test_an_address_may_be_missing_more_than_once(db):
    for name in ("moss", "fern"):
        Member.objects.create_user(name, "")


def test_a_member_has_no_field_for_a_real_name():
    names = {field.name for field in Member._meta.get_fields()}
    assert not {name for name in names if "name" in name} - {"username"}
    member = Member(username="moss")
    assert member.get_full_name() == member.get_short_name() == str(member) == "moss"


def test_an_avatar_is_drawn_by_chance_and_stays(db):
    members = factories.MemberFactory.create_batch(20)
    drawn = [member.avatar for member in members]
    assert set(drawn) <= set(range(AVATARS))
    assert len(set(drawn)) > 1
    assert [member.avatar for member in Member.objects.order_by("id")] == drawn
