from core.later import ByKey, Ids, ask_together
from members.models import Member
from tests import factories


def test_several_queries_are_asked_as_one_and_only_once(member, other_member, django_assert_num_queries):
    some = [
        Ids(Member.objects.filter(username="alder")),
        ByKey(Member.objects.values_list("pk", "username", "hidden_notes"), lambda name, notes: (name, notes)),
        Ids(Member.objects.filter(pk__in=[])),
        {1: "already known"},
    ]
    with django_assert_num_queries(1):
        ask_together(some)
    with django_assert_num_queries(0):
        ask_together(some)
        ids, names, nobody, _known = some
        assert ids == {member.pk}
        assert names == {member.pk: ("alder", []), other_member.pk: ("birch", [])}
        assert not nobody


def test_one_alone_is_asked_when_it_is_looked_at(member, django_assert_num_queries):
    with django_assert_num_queries(0):
        ids = Ids(Member.objects.all(), "pk", "username", keeps=lambda name: name == "alder")
    factories.MemberFactory()
    with django_assert_num_queries(1):
        assert member.pk in ids
        assert ids - {member.pk} == set()
        assert len(ids) == 1


def test_what_can_find_nothing_is_not_asked(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not Ids(Member.objects.none())
        ask_together([])
