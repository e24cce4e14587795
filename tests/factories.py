"""Rows for tests. A thread comes with its opening post, as it does in life."""

import datetime as dt
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from core import markdown
from forums.models import Board, Draft, Gathering, Post, SupportType, Thread, Visibility
from forums.services.following import follow_on_posting
from members import consents
from members.models import Block, Member
from members.services import block, set_curator
from moderation.models import Appeal, Case, Decision, Flag, PendingDecision, Rule, Sanction, Template, WatchedWords
from moderation.services import appeals, decisions, reports

PASSWORD = "correct-horse-battery"


def now() -> dt.datetime:
    return timezone.now()


class MemberFactory(DjangoModelFactory[Member]):
    class Meta:
        model = Member

    username = factory.Sequence(lambda n: f"member{n}")
    email = factory.LazyAttribute(lambda member: f"{member.username}@example.org")
    joined_at = factory.LazyFunction(lambda: now() - dt.timedelta(days=60))
    # Noted already today, which spares the first page a query.
    seen_on = factory.LazyFunction(lambda: now().date())
    # They have been shown around, and have agreed to what there is to agree to.
    welcomed_at = factory.LazyFunction(now)
    agreed = factory.LazyFunction(consents.current)

    @classmethod
    def _create(cls, model_class: type[Member], *args: Any, **kwargs: Any) -> Member:
        member = model_class.objects.create_user(password=PASSWORD, **kwargs)
        EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
        return member


class CuratorFactory(MemberFactory):
    @classmethod
    def _create(cls, model_class: type[Member], *args: Any, **kwargs: Any) -> Member:
        member = super()._create(model_class, *args, **kwargs)
        set_curator(member=member, is_curator=True)
        member.refresh_from_db()
        return member


class BlockFactory(DjangoModelFactory[Block]):
    class Meta:
        model = Block

    blocker = factory.SubFactory(MemberFactory)
    blocked = factory.SubFactory(MemberFactory)

    @classmethod
    def _create(cls, model_class: type[Block], *_args: Any, **kwargs: Any) -> Block:
        blocker, blocked, set_back = kwargs.pop("blocker"), kwargs.pop("blocked"), kwargs
        assert block(blocker=blocker, blocked=blocked)
        found = model_class.objects.filter(blocker=blocker, blocked=blocked)
        if set_back:
            found.update(**set_back)
        return found.get()


class SanctionFactory(DjangoModelFactory[Sanction]):
    class Meta:
        model = Sanction

    member = factory.SubFactory(MemberFactory)
    kind = Sanction.Kind.SILENCED
    reason = "Time to rest."
    ends_at = factory.LazyFunction(lambda: now() + dt.timedelta(days=1))


class AppealFactory(DjangoModelFactory[Appeal]):
    class Meta:
        model = Appeal

    author = factory.LazyAttribute(lambda appeal: appeal.decision.author)
    decider = factory.LazyAttribute(lambda appeal: appeal.decision.decider)
    text = "I meant it differently."
    due_at = factory.LazyFunction(lambda: now() + dt.timedelta(days=7))


class RuleFactory(DjangoModelFactory[Rule]):
    class Meta:
        model = Rule

    slug = factory.Sequence(lambda n: f"rule-{n}")
    title = factory.Sequence(lambda n: f"Rule {n}")
    text = "What everybody agreed to."


class TemplateFactory(DjangoModelFactory[Template]):
    class Meta:
        model = Template

    purpose = Template.Purpose.REASON
    title = factory.Sequence(lambda n: f"Template {n}")
    text = "Your words can be read in two ways."


class WatchedWordsFactory(DjangoModelFactory[WatchedWords]):
    class Meta:
        model = WatchedWords

    label = factory.Sequence(lambda n: f"A challenge {n}")
    expression = "paper lantern"
    action = WatchedWords.Action.NOTE


class BoardFactory(DjangoModelFactory[Board]):
    class Meta:
        model = Board

    slug = factory.Sequence(lambda n: f"board-{n}")
    title = factory.Sequence(lambda n: f"Board {n}")
    purpose = "A place to talk."
    guidelines = "Speak for yourself."


class GatheringFactory(DjangoModelFactory[Gathering]):
    """A check-in every evening at seven, London time, which closes when the next one opens."""

    class Meta:
        model = Gathering

    board = factory.SubFactory(BoardFactory)
    host = factory.SubFactory(MemberFactory, is_moderator=True)
    title = "Evening check-in"
    body = "How is **tonight**?"
    support_type = SupportType.LISTENING
    weekdays = [0, 1, 2, 3, 4, 5, 6]
    opens_at = dt.time(19)
    time_zone = "Europe/London"
    closes_after_hours = 24
    starts_on = dt.date(2026, 1, 1)


class ThreadFactory(DjangoModelFactory[Thread]):
    class Meta:
        model = Thread
        skip_postgeneration_save = True

    board = factory.SubFactory(BoardFactory)
    author = factory.SubFactory(MemberFactory)
    title = factory.Sequence(lambda n: f"A quiet thread {n}")
    slug = factory.LazyAttribute(lambda thread: Thread.slug_for(thread.title))
    support_type = SupportType.LISTENING

    @factory.post_generation
    def opening(self: Thread, create: bool, body: str | None, **kwargs: Any) -> None:
        PostFactory(
            thread=self, author=self.author, body=body or "It has been a long week.", visibility=self.visibility
        )


class PostFactory(DjangoModelFactory[Post]):
    """The next post of its thread."""

    class Meta:
        model = Post

    thread = factory.SubFactory(ThreadFactory)
    author = factory.SubFactory(MemberFactory)
    body = "I know that kind of week."

    @classmethod
    def _create(cls, model_class: type[Post], *args: Any, **kwargs: Any) -> Post:
        thread: Thread = kwargs["thread"]
        thread.last_number += 1
        thread.last_post_at = kwargs.setdefault("created_at", now())
        if thread.answered_at is None and kwargs["author"] != thread.author:
            thread.answered_at = thread.last_post_at
        if kwargs.get("visibility", Visibility.VISIBLE) == Visibility.VISIBLE:
            thread.author_wrote_last = kwargs["author"] == thread.author
        thread.save(update_fields=["last_number", "last_post_at", "answered_at", "author_wrote_last"])
        kwargs.setdefault("body_html", markdown.render(kwargs["body"]))
        if kwargs.get("visibility") == Visibility.WITHDRAWN:
            kwargs.setdefault("withdrawn_at", now())
        if kwargs.get("visibility") == Visibility.MOVED and "moved_to" not in kwargs:
            kwargs["moved_to"] = ThreadFactory().posts.get()
        post: Post = super()._create(model_class, *args, number=thread.last_number, **kwargs)
        follow_on_posting(member=post.author, thread=thread)
        return post


class DraftFactory(DjangoModelFactory[Draft]):
    class Meta:
        model = Draft

    member = factory.SubFactory(MemberFactory)
    body = "Half a thought"


def claimed(case: Case, *, by: Member) -> Case:
    """The case, in `by`'s hands if nobody else holds it."""
    free = Case.objects.filter(pk=case.pk, claimed_by=None, state=Case.State.OPEN)
    free.update(claimed_by=by, lease_until=now() + dt.timedelta(minutes=30))
    return case


def decided(case: Case, *, by: Member, rule: Rule, action: str = "hide", reason: str = "Unkind.") -> Case:
    """The case, decided by `by`, in effect."""
    claimed(case, by=by)
    case.refresh_from_db()
    decisions.decide(moderator=by, case=case, version=case.version, action=action, reason=reason, rule=rule)
    let_settle()
    return case


def let_settle() -> int:
    """The twelve seconds are over: decisions take effect. Says how many did."""
    PendingDecision.objects.update(settles_at=now())
    return decisions.settle_due()


def flag(post: Post, *, reporter: Member | None = None, reason: Flag.Reason = Flag.Reason.ABUSE) -> Flag:
    """A report of `post`, and with it a case."""
    return reports.flag(reporter=reporter or MemberFactory(), subject=post, reason=reason)


def withdrawn(decision: Decision, *, by: Member, answer: str = "You were right.") -> Appeal:
    """An appeal against `decision` that `by` granted."""
    appeal = appeals.appeal(author=decision.author, decision=decision, text="I meant it differently.")
    return appeals.judge(moderator=by, appeal=appeal, outcome=Appeal.State.WITHDRAWN, answer=answer).appeal
