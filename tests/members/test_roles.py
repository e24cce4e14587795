import pytest
from django.db import IntegrityError
from django.urls import reverse

from members import services
from members.models import Block, Member
from resources.services.starter import prepare_library
from tests import factories


@pytest.fixture
def opens_curators_pages(db, sign_in):
    prepare_library()
    return lambda member: sign_in(Member.objects.get(pk=member.pk)).get("/curate/").status_code == 200


def test_who_is_made_a_curator_may_curate_and_who_no_longer_is_may_not(opens_curators_pages, member):
    assert not opens_curators_pages(member)
    assert services.set_curator(member=member, is_curator=True) is True
    assert opens_curators_pages(member)
    assert services.set_curator(member=member, is_curator=False) is True
    assert not opens_curators_pages(member)
    assert not member.groups.exists()


def test_an_administrator_makes_curators_by_ticking_a_box(opens_curators_pages, sign_in, admin, member):
    address = reverse("admin:members_member_change", args=[member.pk])
    sign_in(admin).post(address, {"username": member.username, "is_active": "on", "is_curator": "on"})
    assert opens_curators_pages(member)
    sign_in(admin).post(address, {"username": member.username, "is_active": "on"})
    assert not opens_curators_pages(member)
    assert not member.groups.exists()


def test_an_administrator_never_sees_an_address_or_a_password(sign_in, admin, member):
    page = sign_in(admin).get(reverse("admin:members_member_change", args=[member.pk])).text
    assert member.email not in page
    assert member.password not in page


def test_making_somebody_a_curator_twice_changes_nothing(member):
    services.set_curator(member=member, is_curator=True)
    assert services.set_curator(member=member, is_curator=True) is False
    assert services.set_curator(member=factories.MemberFactory(), is_curator=False) is False


def test_a_block_parts_two_people_both_ways(member, other_member, newcomer):
    assert services.block(blocker=member, blocked=other_member) is True
    assert list(Block.objects.ids_around(member)) == [other_member.pk]
    assert list(Block.objects.ids_around(other_member)) == [member.pk]
    assert list(Block.objects.ids_around(newcomer)) == []


def test_blocking_twice_is_blocking_once(member, other_member):
    services.block(blocker=member, blocked=other_member)
    assert services.block(blocker=member, blocked=other_member) is False
    assert Block.objects.count() == 1


def test_nobody_blocks_themselves(member):
    with pytest.raises(IntegrityError, match="block_not_oneself"):
        services.block(blocker=member, blocked=member)


def test_the_first_administrator_has_every_role(db):
    steward = Member.objects.create_superuser("steward", "steward@example.org", factories.PASSWORD)
    assert steward.is_staff
    assert steward.is_superuser
    assert steward.is_moderator
    assert steward.is_curator
