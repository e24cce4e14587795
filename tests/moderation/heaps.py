"""A desk with much on it: what one page has to show once in one test, and sixty times in another."""

import datetime as dt

from forums.models import Post, Thread
from members.models import Member
from moderation.models import (
    Case,
    CaseNote,
    CrisisStep,
    Decision,
    Flag,
    OutsideReport,
    PendingDecision,
    Priority,
    Rule,
    Sanction,
    Shift,
    Signal,
    Source,
    StaffMessage,
)
from moderation.services import cases
from tests import factories

KINDS = ("self-harm", "spam", "personal")


def heap(case: Case, size: int, *, colleague: Member) -> None:
    """So many reports, wordings, signals, notes, messages, neighbours, earlier decisions and limits around `case`."""
    rule, thread = factories.RuleFactory(), factories.ThreadFactory()
    elsewhere = [another_case(factories.MemberFactory(), thread) for _number in range(5)]
    began = factories.now() - dt.timedelta(days=200)
    around(case, size)
    for number in range(size):
        said = f"Wording {number % 13}. It goes on for a while."
        report(case, number, said, elsewhere)
        span = {"start": 0, "end": 7, "severity": 0.5, "snapshot": said}
        Signal.objects.create(case=case, kind=KINDS[number % 3], rule=f"rule {number % 5}", **span)
        CaseNote.objects.create(case=case, author=colleague, text=f"Note {number} for colleagues.")
        StaffMessage.objects.create(case=case, member=case.author, sent_by=colleague, text=f"Words {number}.")
        decision = decided(case, case.author, colleague, rule, number)
        decided(another_case(case.author, thread), case.author, colleague, rule, number)
        Sanction.objects.create(
            member=case.author,
            kind=list(Sanction.Kind)[number % 4],
            reason="Time to rest.",
            decision=decision if number % 2 else None,
            starts_at=began + dt.timedelta(days=number),
            ends_at=began + dt.timedelta(days=number + 1),
        )
    for step in (1, 2):
        CrisisStep.objects.create(case=case, step=step, by=colleague, note="Called.")


def around(case: Case, size: int) -> None:
    post = Post.objects.filter(pk=case.subject_id).first() if case.subject_kind == "post" else None
    if post is not None:
        for _number in range(min(size, 5)):
            factories.PostFactory(thread=post.thread, author=post.thread.author)


def report(case: Case, number: int, said: str, elsewhere: list[Case]) -> None:
    reporter = factories.MemberFactory()
    outside = None
    if number % 7 == 5:
        outside = OutsideReport.objects.create(address="/", why=f"Outside {number}", in_good_faith=True, name="Robin")
    kept = {"reason": list(Flag.Reason)[number % 10], "note": f"Report {number}.", "snapshot": said}
    Flag.objects.create(case=case, reporter=None if outside else reporter, outside=outside, **kept)
    if number % 3 == 0:
        judged = {"reason": "spam", "snapshot": "x", "judged": "fair"}
        Flag.objects.bulk_create(Flag(case=other, reporter=reporter, **judged) for other in elsewhere)


def another_case(author: Member, thread: Thread) -> Case:
    """One that was decided, about a post of theirs in a thread of another."""
    post = factories.PostFactory(author=author, thread=thread)
    times = {"due_at": factories.now(), "decided_at": factories.now()}
    return Case.objects.create(
        subject_kind="post", subject_id=post.pk, author=author, priority=4, state=Case.State.DECIDED, **times
    )


def decided(case: Case, author: Member, decider: Member, rule: Rule, number: int) -> Decision:
    return Decision.objects.create(
        case=case,
        decider=decider,
        author=author,
        action="hide",
        rule=rule,
        statement="Your post was hidden." if number % 2 else "",
        snapshot="x",
        source=Source.REPORT,
        private_note=f"Private {number}",
    )


def open_cases(size: int, *, reporter: Member | None = None) -> list[Case]:
    """Open cases of every class about posts and members, with what screening noticed in them."""
    made, thread = [], factories.ThreadFactory()
    for number in range(size):
        reason = list(Flag.Reason)[number % 10]
        author = factories.MemberFactory()
        subject = author if number % 4 == 3 else factories.PostFactory(thread=thread, author=author)
        case = cases.open_or_join(subject=subject, priority=reason.priority)
        by = reporter if reporter and number % 5 == 0 else thread.author
        Flag.objects.create(case=case, reporter=by, reason=reason, snapshot="x")
        kept = {"kind": KINDS[number % 3], "rule": f"rule {number}", "severity": 0.5, "start": 0, "end": 1}
        Signal.objects.create(case=case, snapshot="x", **kept)
        made.append(case)
    return made


def desk(size: int, *, moderator: Member, colleague: Member) -> None:
    """Shifts, handovers, a day of hard cases, what is held and what was decided just now."""
    Shift.objects.create(moderator=moderator, seen_at=factories.now())
    thread, rule = factories.ThreadFactory(), factories.RuleFactory()
    for number in range(size):
        peer = factories.MemberFactory(is_moderator=True)
        Shift.objects.create(moderator=peer)
        Shift.objects.create(moderator=colleague, ended_at=factories.now(), handover=f"Words {number}")
        hard = another_case(peer, thread)
        Case.objects.filter(pk=hard.pk).update(priority=Priority.CRISIS)
        decided(hard, peer, moderator, rule, 0)


def pending(found: list[Case], *, by: Member) -> None:
    for case in found:
        PendingDecision.objects.create(
            case=case,
            decider=by,
            version=case.version,
            action="approve",
            snapshot="x",
            settles_at=factories.now() + dt.timedelta(minutes=5),
        )
        Case.objects.filter(pk=case.pk).update(quiet_until=factories.now() + dt.timedelta(minutes=5))
