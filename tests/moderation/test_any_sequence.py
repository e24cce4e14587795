"""Whatever moderators, authors and reporters do in whatever order, nothing that always holds is broken."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Q
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from forums.access import CannotPostError, EditedMeanwhileError
from forums.models import Post, Thread, Visibility
from forums.services import editing, withdrawing
from members.models import Member
from moderation import access, registry, screening
from moderation.models import Appeal, AuditEntry, Case, CrisisStep, Decision, Flag, PendingDecision, Sanction
from moderation.services import appeals, claims, crisis, decisions, messages, reports, sanctions
from tests import factories

# What a person is told when it is not the time for something. Anything else is a mistake of ours.
REFUSED = (
    access.CannotAppealError,
    access.CannotDecideError,
    access.CannotFlagError,
    access.CannotJudgeError,
    CannotPostError,
    EditedMeanwhileError,
    PermissionDenied,
    claims.HoldsAnotherError,
    reports.AlreadyFlaggedError,
)
WORDS = (
    "I am sorry.",
    "Pull yourself together.",
    "Take forty of them.",
    "I know that kind of week.",
    # Kept from readers until somebody has read it.
    "I will find you and I will kill you.",
)
OPTIONS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "edit": lambda world: {"body": "Less of it.", "title": "A title"},
    "notes": lambda world: {"notes": ["loss"]},
    "slow": lambda world: {"minutes": 30},
    "move": lambda world: {"board": str(world.board.pk), "wider": False},
}
VERBS: dict[str, Callable[..., None]] = {}


def verb(does: Callable[..., None]) -> Callable[..., None]:
    VERBS[does.__name__] = does
    return does


# --- what people do. `who`, `what` and `how` are numbers that each reads as it can. -----------------------------------


@verb
def flag(world, who, what, how):
    reasons = list(Flag.Reason)
    reporter, post = world.readers[who % 3], world.post(what)
    reports.flag(reporter=reporter, subject=post, reason=reasons[how % len(reasons)])


@verb
def claim(world, who, what, how):
    claims.take(moderator=world.moderator(who), case=world.case(what), instead=bool(how % 2))


@verb
def release(world, who, what, how):
    claims.release(moderator=world.moderator(who), case=world.case(what))


@verb
def decline(world, who, what, how):
    claims.decline(moderator=world.moderator(who), case=world.case(what))


@verb
def hand_over(world, who, what, how):
    claims.hand_over(moderator=world.moderator(who), case=world.case(what), note="I have to go.")


@verb
def decide(world, who, what, how):
    case = world.case(what)
    offered = access.actions_for(case)
    action = offered[how % len(offered)].key if offered else "hide"
    kind, hours = access.read_step(("", "silenced:24", "suspended:72", "suspended:0", "no_flags:720")[how % 5])
    decisions.decide(
        moderator=world.moderator(who),
        case=case,
        version=case.version,
        action=action,
        reason="It says so.",
        rule=world.rule,
        options=OPTIONS.get(action, lambda _world: {})(world),
        sanction=kind,
        sanction_hours=hours,
        reports_fair=(None, True, False)[how % 3],
    )


@verb
def undo(world, who, what, how):
    decisions.undo(moderator=world.moderator(who), case=world.case(what))


@verb
def settle(world, who, what, how):
    factories.let_settle()


@verb
def time_goes_by(world, who, what, how):
    """Minutes, a day, or more than a week: everything lies so much further back."""
    world.let_pass((dt.timedelta(minutes=31), dt.timedelta(hours=25), dt.timedelta(days=8))[how % 3])


@verb
def edit(world, who, what, how):
    post = world.post(what)
    body = WORDS[how % len(WORDS)]
    editing.edit_post(author=post.author, post=post, version=post.version, body=body, title=post.thread.title)


@verb
def withdraw(world, who, what, how):
    post = world.post(what)
    withdrawing.withdraw(author=post.author, post=post)


@verb
def put_back(world, who, what, how):
    post = world.post(what)
    withdrawing.put_back(author=post.author, post=post)


@verb
def appeal(world, who, what, how):
    decided = Decision.objects.select_related("appeal").exclude(statement="").order_by("id")
    if found := world.some(decided, how):
        appeals.appeal(author=found.author, decision=found, text="I see it differently.")


@verb
def judge(world, who, what, how):
    outcomes = [Appeal.State.UPHELD, Appeal.State.CHANGED, Appeal.State.WITHDRAWN]
    if found := world.some(Appeal.objects.select_related("decision__case").order_by("id"), what):
        offered = access.other_actions(found.decision)
        action = offered[how % len(offered)].key if offered else "hide"
        ruling = appeals.Ruling(
            action=action,
            rule=world.rule,
            reason="Rather so.",
            options=OPTIONS.get(action, lambda _world: {})(world),
        )
        appeals.judge(
            moderator=world.moderator(who),
            appeal=found,
            outcome=outcomes[how % 3],
            answer="I read it again.",
            instead=ruling,
        )


@verb
def lift(world, who, what, how):
    if found := world.some(Sanction.objects.order_by("id"), how):
        sanctions.lift(actor=world.moderator(who), sanction=found, reason="Enough.")


@verb
def crisis_step(world, who, what, how):
    case, moderator = world.case(what), world.moderator(who)
    if not access.taken_in(case):
        crisis.start(moderator=moderator, case=case, version=case.version)
    step = list(CrisisStep.Step)[how % len(CrisisStep.Step)]
    note = "Their sister is there." if how % 2 else ""
    crisis.take_step(moderator=moderator, case=case, version=case.version, step=step, note=note)


@verb
def rest(world, who, what, how):
    case = world.case(what)
    crisis.rest(moderator=world.moderator(who), case=case, version=case.version)


@verb
def write(world, who, what, how):
    case = world.case(what)
    messages.send(moderator=world.moderator(who), case=case, version=case.version, text="Are you safe?")


@verb
def answer(world, who, what, how):
    sent = world.case(what).messages.order_by("id")
    if found := world.some(sent, how):
        messages.answer(member=found.member, message=found, text="Yes.")


@verb
def change_who_moderates(world, who, what, how):
    moderator = world.moderator(who)
    Member.objects.filter(pk=moderator.pk).update(is_moderator=not moderator.is_moderator)


# --- what always holds ----------------------------------------------------------------------------------------


def check(world) -> None:
    now = factories.now()
    _check_cases(now)
    _check_decisions()
    _check_posts()
    _check_all_was_read(world)
    running: dict[int, dt.datetime] = {}
    for row in Sanction.objects.filter(access.running_at(now), kind="suspended"):
        ends = row.ends_at or sanctions.WITHOUT_END
        running[row.member_id] = max(ends, running.get(row.member_id, ends))
    assert dict(Member.objects.filter(suspended_until__gt=now).values_list("pk", "suspended_until")) == running


def _check_cases(now) -> None:
    opened = Case.objects.filter(state="open")
    assert not opened.values("subject_kind", "subject_id").annotate(cases=Count("id")).filter(cases__gt=1).exists()
    for case in opened:
        assert case.due_at is not None
        if case.quiet_until is not None:
            # Out of sight only until the next step is due, and never for good.
            assert case.quiet_until <= case.due_at or PendingDecision.objects.filter(case=case).exists()
            assert case.quiet_until <= now + dt.timedelta(days=8)
        assert (case.claimed_by_id is None) == (case.lease_until is None)
        assert case.claimed_by_id != case.author_id
    decided = Case.objects.filter(state="decided")
    assert not decided.filter(Q(decisions=None) | Q(decided_at=None) | Q(claimed_by__isnull=False)).exists()
    assert not PendingDecision.objects.exclude(case__state="open").exists()
    assert not PendingDecision.objects.filter(decider=F("case__author")).exists()


def _check_decisions() -> None:
    assert not Decision.objects.filter(decider=F("author")).exists()
    assert not Decision.objects.exclude(statement="").filter(Q(rule_version=None) | Q(reason="")).exists()
    judged = Appeal.objects.exclude(state="open")
    assert not judged.filter(Q(judge=None) | Q(judge=F("decider")) | Q(judge=F("author"))).exists()
    assert not judged.filter(state="upheld", outcome__isnull=False).exists()
    assert not judged.exclude(state="upheld").exclude(outcome__replaces=F("decision")).exists()
    assert (
        AuditEntry.objects.filter(verb__startswith="decide:").count()
        == Decision.objects.exclude(action=access.WITHDRAWN).count()
    )


def _check_posts() -> None:
    """What waits for a moderator has a case in which one finds it."""
    waiting = Post.objects.filter(visibility__in=[Visibility.HELD, Visibility.FOLDED]).values_list("pk", flat=True)
    found = Case.objects.filter(state="open", subject_kind="post").values_list("subject_id", flat=True)
    assert set(waiting) <= set(found)
    for thread in Thread.objects.all():
        assert sorted(thread.posts.values_list("number", flat=True)) == list(range(1, thread.last_number + 1))


def _check_all_was_read(world) -> None:
    """Readers have no words that screening holds and nobody decided about, and no case is closed over words that are
    not those that were decided about."""
    about = Decision.objects.filter(case__subject_kind="post")
    for post in Post.objects.select_related("thread").filter(visibility=Visibility.VISIBLE):
        reads = registry.of(post).snapshot(post)
        if screening.screen(reads).holds:
            assert about.filter(case__subject_id=post.pk, snapshot=reads).exists()
    closed = Case.objects.filter(state="decided").exclude(pk__in=world.closed)
    for case in closed:
        world.closed.add(case.pk)
        latest = case.decisions.filter(replaces=None).latest("pk")
        post = Post.objects.select_related("thread").get(pk=case.subject_id)
        assert latest.action == "edit" or latest.snapshot == registry.of(post).snapshot(post)


# --- the world ------------------------------------------------------------------------------------------------


class World(SimpleNamespace):
    def post(self, number: int) -> Post:
        return Post.objects.select_related("thread__board", "author").get(pk=self.posts[number % len(self.posts)])

    def case(self, number: int) -> Case:
        """About one of the posts: the open case, or the latest."""
        about = Case.objects.filter(subject_kind="post", subject_id=self.posts[number % len(self.posts)])
        return about.order_by("-state", "-id").first() or Case.objects.latest("id")

    def moderator(self, number: int) -> Member:
        """As each request loads them."""
        return Member.objects.get(pk=self.moderators[number % 3].pk)

    @staticmethod
    def some(rows: Any, number: int) -> Any:
        found = list(rows)
        return found[number % len(found)] if found else None

    @staticmethod
    def let_pass(long: dt.timedelta) -> None:
        for model, names in (
            (Case, ("due_at", "quiet_until", "lease_until", "opened_at", "decided_at")),
            (CrisisStep, ("at",)),
            (PendingDecision, ("settles_at",)),
            (Sanction, ("starts_at", "ends_at")),
            (Appeal, ("made_at", "due_at", "judged_at")),
            (Post, ("created_at", "withdrawn_at")),
        ):
            model.objects.update(**{name: F(name) - long for name in names})
        until = Member.objects.filter(suspended_until__lt=sanctions.WITHOUT_END)
        until.update(suspended_until=F("suspended_until") - long)


@pytest.fixture
def world(db):
    authors = factories.MemberFactory.create_batch(2)
    keeper = factories.MemberFactory(is_moderator=True)
    thread = factories.ThreadFactory(author=authors[0])
    reply = factories.PostFactory(thread=thread, author=authors[1])
    # A moderator's own words are a colleague's case.
    own = factories.PostFactory(thread=thread, author=keeper)
    return World(
        board=factories.BoardFactory(),
        rule=factories.RuleFactory(),
        readers=factories.MemberFactory.create_batch(3),
        moderators=[keeper, *factories.MemberFactory.create_batch(2, is_moderator=True)],
        posts=[thread.posts.get(number=1).pk, reply.pk, own.pk],
    )


@contextmanager
def nothing_stays(world) -> Iterator[None]:
    before = transaction.savepoint_create()
    world.closed = set()
    factories.flag(world.post(0))
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


# What happens within twelve seconds happens more often here than elsewhere.
often = ["claim", "decide", "edit", "flag", "settle", "withdraw"]
steps = st.lists(
    st.tuples(
        st.sampled_from([*sorted(VERBS), *often, *often]), st.integers(0, 5), st.integers(0, 2), st.integers(0, 29)
    ),
    min_size=5,
    max_size=25,
)


@example(
    [
        ("claim", 1, 0, 0), ("crisis_step", 1, 0, 0), ("write", 1, 0, 0), ("decide", 1, 0, 6), ("settle", 0, 0, 0),
        ("time_goes_by", 0, 0, 1), ("answer", 0, 0, 0), ("appeal", 0, 0, 0), ("judge", 2, 0, 2),
    ]
)  # fmt: skip
@example(
    [
        ("claim", 1, 0, 0), ("decide", 1, 0, 6), ("edit", 0, 0, 4), ("settle", 0, 0, 0), ("appeal", 0, 0, 0),
        ("judge", 2, 0, 2), ("withdraw", 0, 0, 0), ("put_back", 0, 0, 0), ("decide", 1, 0, 5), ("flag", 2, 0, 2),
        ("withdraw", 0, 0, 0), ("settle", 0, 0, 0), ("put_back", 0, 0, 0),
    ]
)  # fmt: skip
@example(
    [
        ("claim", 1, 0, 0), ("decide", 1, 0, 26), ("withdraw", 0, 0, 0), ("settle", 0, 0, 0), ("put_back", 0, 0, 0),
        ("edit", 0, 0, 4), ("decide", 1, 0, 1), ("edit", 0, 0, 0), ("settle", 0, 0, 0), ("claim", 2, 0, 1),
        ("appeal", 0, 0, 0), ("judge", 2, 0, 1), ("settle", 0, 0, 0),
    ]
)  # fmt: skip
@given(steps)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_sequence_of_steps_breaks_what_always_holds(world, steps):
    with nothing_stays(world):
        for name, who, what, how in steps:
            try:
                with transaction.atomic() if name != "edit" else _durable():
                    VERBS[name](world, who, what, how)
            except REFUSED:
                pass
            check(world)


@contextmanager
def _durable() -> Iterator[None]:
    """Editing is a transaction of its own, which nothing is around but the test's."""
    before = transaction.savepoint_create()
    try:
        yield
    except REFUSED:
        transaction.savepoint_rollback(before)
        raise


def test_every_verb_does_something_at_last(world):
    """The words above are not refused always."""
    done = set()
    with nothing_stays(world):
        script = [
            ("flag", 0, 1, 0), ("claim", 1, 0, 0), ("decline", 2, 1, 0), ("release", 1, 0, 0), ("claim", 1, 0, 0),
            ("hand_over", 1, 0, 0), ("claim", 1, 0, 0), ("decide", 1, 0, 0), ("undo", 1, 0, 0), ("edit", 0, 1, 0),
            ("withdraw", 0, 1, 0), ("put_back", 0, 1, 0), ("crisis_step", 1, 0, 0), ("write", 1, 0, 0),
            ("rest", 1, 0, 0), ("answer", 0, 0, 0), ("claim", 1, 0, 0), ("decide", 1, 0, 1), ("settle", 0, 0, 0),
            ("lift", 2, 0, 0), ("appeal", 0, 0, 0), ("judge", 2, 0, 2), ("time_goes_by", 0, 0, 0),
            ("change_who_moderates", 1, 0, 0),
        ]  # fmt: skip
        for name, who, what, how in script:
            VERBS[name](world, who, what, how)
            done.add(name)
            check(world)
    assert done == set(VERBS)
