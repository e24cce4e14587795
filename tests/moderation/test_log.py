"""Searching the log."""

import ast
import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from forums.deeds import Deed
from members.models import Member
from moderation.log_words import _names, verb_in_words
from moderation.models import Appeal, AuditEntry, CrisisStep, Decision, Look
from moderation.registry import Action
from moderation.services import audit
from tests import factories
from tests.pages import soup, words


@pytest.fixture
def entries(db, moderator, other_moderator, scene):
    audit.record(actor=moderator, verb="claim", subject=scene.reply, case=71)
    audit.record(actor=other_moderator, verb="see-author", subject=scene.opening, reason="A threat to come by.")
    audit.record(actor=None, verb="decide:hide", subject=scene.reply, case=72, decision=5)


@pytest.fixture
def look(sign_in, admin, entries):
    def at(**asked):
        return sign_in(admin).get(reverse("log"), asked)

    return at


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"actor": "Keeper"}, {"claim"}),
        ({"verb": "decide"}, {"decide:hide"}),
        ({"case": "71"}, {"claim"}),
        ({"words": "come threat"}, {"see-author"}),
        ({"words": "picnic"}, set()),
        ({"verb": "see", "words": "threat"}, {"see-author"}),
    ],
)
def test_each_field_narrows(look, asked, found):
    shown = words(look(**asked))
    for verb in ("claim", "decide:hide", "see-author"):
        assert (f" {verb} " in shown) == (verb in found), verb


def test_days_are_those_of_the_site_and_the_last_one_is_included(look):
    today = factories.now().astimezone().date()
    assert "see-author" in words(look(since=today.isoformat(), until=today.isoformat()))
    assert "see-author" not in words(look(until=(today - dt.timedelta(days=2)).isoformat()))


def test_days_in_the_wrong_order_are_named_and_nothing_is_lost(look):
    page = look(since="2026-03-02", until="2026-03-01", words="threat")
    assert page.status_code == 422
    assert "before the first day" in words(page)
    assert "threat" in page.text


def test_looking_is_written_down_with_what_was_looked_for(look, admin):
    look(actor="keeper", words="threat")
    latest = AuditEntry.objects.latest("id")
    assert (latest.actor, latest.verb) == (admin, "see-log")
    assert latest.details == {"search": {"actor": "keeper", "words": "threat"}}


def test_whatever_is_typed_gets_a_page(look):
    for typed in ("' OR 1=1 --", "a & | ! (", "\u0000", "%_", "\\", "🙂" * 90):
        assert look(words=typed, verb=typed[:40], actor=typed[:30]).status_code in (200, 422)


def test_a_page_costs_the_same_whatever_its_length_and_ends(look, moderator):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page = look()
        return len(queries), page

    few, _page = cost()
    AuditEntry.objects.bulk_create(AuditEntry(actor=moderator, verb="claim", details={"case": n}) for n in range(120))
    many, page = cost()
    # The second time no entry names a decision.
    assert many <= few
    assert "Earlier entries" in words(page)


def test_an_entry_says_in_plain_words_what_was_done(look):
    shown = words(look())
    for said in ("Took a case claim", "Decided: hide it decide:hide", "Saw who wrote under another name see-author"):
        assert said in shown
    # What nobody writes any more is still there.
    audit.record(actor=None, verb="see-tea-leaves")
    assert "see-tea-leaves" in words(look())


ROOT = Path(__file__).resolve().parents[2]
APPS = ("forums", "resources", "moderation", "notifications", "members", "supportsite")
OPEN_ENDED = {
    "decide:": lambda: {each.key for each in actions(Action) if hasattr(each, "key")},
    "appeal:": lambda: set(Appeal.State.values) - {"open"},
    "crisis:": lambda: {step.name.lower().replace("_", "-") for step in CrisisStep.Step},
    "see-": lambda: set(Look.Door.values),
}


def actions(above):
    for each in above.__subclasses__():
        yield each
        yield from actions(each)


def trees():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def recorders(tree):
    """Where the functions of a module that write an entry for others take its verb, by their name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in node.args.args]
            if "verb" in names and "record(" in ast.unparse(node):
                yield node.name, names.index("verb")


def written_verbs():
    """Every text that the code gives as a verb, and the beginnings of those that it puts together."""
    found = set()
    for tree in trees():
        given = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "verb"]
        places = dict(recorders(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (place := places.get(getattr(node.func, "id", ""))) is not None:
                given += node.args[place : place + 1]
        names = {value.id for value in given if isinstance(value, ast.Name)}
        given += [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and any(getattr(name, "id", "") in names for name in node.targets)
        ]
        found |= {text for value in given for text in texts(value)}
    return found


def texts(value):
    match value:
        case ast.Constant(value=str() as text):
            return {text}
        case ast.JoinedStr(values=[ast.Constant(value=str() as beginning), *_rest]):
            return {beginning}
        case ast.IfExp(body=one, orelse=other):
            return texts(one) | texts(other)
        case _:
            return set()


def test_every_verb_that_is_written_has_words():
    found = written_verbs()
    assert {"claim", "hand-over", "see-case", "gathering-pause", "shift-pause", *OPEN_ENDED} <= found
    assert {"helpline-add", "answer-show", "decision-in-part"} <= found
    whole = found - set(OPEN_ENDED)
    whole |= {beginning + rest for beginning, ends in OPEN_ENDED.items() for rest in ends()}
    whole |= set(Deed)
    assert not [verb for verb in sorted(whole) if not verb_in_words(verb)]
    assert {verb for verb in found if verb.endswith((":", "-"))} == set(OPEN_ENDED)


def written_names():
    """Every name that the code gives to a detail."""
    found = set()
    for tree in trees():
        places = dict(recorders(tree))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            names = {each.arg for each in node.keywords}
            called = ast.unparse(node.func).rpartition(".")[2]
            if called in places or (called == "record" and names & {"verb", "thread"}):
                found |= names - {None, "actor", "verb", "subject"}
    return found


def test_every_detail_that_is_written_has_words():
    found = written_names()
    assert {"case", "decision", "why", "minutes", "thread", "country", "register"} <= found
    assert not found - set(_names)


def test_details_are_in_plain_words(look):
    audit.record(actor=None, verb="decide:hide", case=72, own_report=True)
    shown = words(look(case="72"))
    assert "had reported it themselves yes" in shown
    assert "own_report" not in shown


def test_staff_do_not_read_in_the_log_that_whoever_decided_about_them_had_reported_it(sign_in, admin, moderator, rule):
    """Nobody else could decide it: the only other moderator wrote it."""
    flag = factories.flag(factories.PostFactory(author=admin), reporter=moderator)
    Member.objects.filter(pk=admin.pk).update(is_moderator=False)
    factories.decided(flag.case, by=moderator, rule=rule)
    assert AuditEntry.objects.get(verb="decide:hide").details["own_report"]
    assert "had reported it" not in words(sign_in(admin).get(reverse("log")))
    reader = factories.MemberFactory(is_staff=True)
    assert "had reported it" in words(sign_in(reader).get(reverse("log")))


def links(page):
    return {link["href"] for link in soup(page).select("td a")}


def test_the_case_and_the_decision_are_one_step_away_for_who_may_see_them(
    sign_in, admin, moderator, other_moderator, rule, scene
):
    case = factories.decided(factories.flag(scene.reply).case, by=moderator, rule=rule)
    theirs = {reverse("case", args=[case.public_id]), reverse("decision", args=[Decision.objects.get().public_id])}
    Member.objects.filter(pk=admin.pk).update(is_moderator=False)
    assert links(sign_in(admin).get(reverse("log"))) == set()
    Member.objects.filter(pk=admin.pk).update(is_moderator=True)
    browser = sign_in(admin)
    assert links(browser.get(reverse("log"))) == theirs
    for address in theirs:
        assert browser.get(address).status_code == 200


def test_a_case_about_oneself_is_not_linked_and_ones_decision_is(sign_in, admin, moderator, rule):
    Member.objects.filter(pk=admin.pk).update(is_moderator=True)
    factories.decided(factories.flag(factories.PostFactory(author=admin)).case, by=moderator, rule=rule)
    page = sign_in(admin).get(reverse("log"))
    assert links(page) == {reverse("decision", args=[Decision.objects.get().public_id])}


@pytest.mark.parametrize("who", ["member", "moderator"])
def test_only_administrators_read_it(sign_in, request, who):
    assert sign_in(request.getfixturevalue(who)).get(reverse("log")).status_code == 404


def test_an_administrator_does_not_read_who_reported_what_they_wrote(sign_in, admin, member):
    flag = factories.flag(factories.PostFactory(author=admin), reporter=member)
    elsewhere = factories.flag(factories.PostFactory(), reporter=factories.MemberFactory(username="hazel"))
    page = words(sign_in(admin).get(reverse("log"), {"verb": "flag"}))
    assert member.username not in page
    assert "hazel" in page
    assert flag.case_id != elsewhere.case_id


def test_who_gives_which_role_is_kept_and_nobody_is_shut_out_there(sign_in, admin, member):
    address = reverse("admin:members_member_change", args=[member.pk])
    sign_in(admin).post(address, {"username": member.username, "is_moderator": "on"})
    member.refresh_from_db()
    assert (member.is_moderator, member.is_active) == (True, True)
    entry = AuditEntry.objects.get(verb="change-roles")
    assert (entry.actor, entry.details) == (admin, {"member": member.pk, "is_moderator": True})
    sign_in(admin).post(address, {"username": member.username, "is_moderator": "on"})
    assert AuditEntry.objects.filter(verb="change-roles").count() == 1
