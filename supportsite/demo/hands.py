"""Who does what at the demo's desk, and how many hours ago, in a few words each."""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db.models import F, Model
from django.utils import timezone

from forums.models import Board, Post, SupportType, Thread
from forums.services.posts import begin_thread
from members.models import Member
from moderation.models import Case, Decision, Flag, PendingDecision, Rule, Shift, Signal
from moderation.services import claims, decisions, reports, shifts

WORDS = Path(__file__).resolve().parent / "desk.toml"
REPLIES: list[dict[str, Any]] = tomllib.loads(WORDS.read_text(encoding="utf-8"))["reply"]
FIRST_LOOK = dt.timedelta(minutes=6)


class Desk:
    def __init__(self, posts: Sequence[Post], members: Mapping[str, Member]) -> None:
        self.members = members
        self.now = timezone.now()
        names = {reply["body"].strip(): reply["name"] for reply in REPLIES}
        self.posts = {names[post.body]: post for post in posts if post.body in names}
        self.openings = {post.thread.title: post for post in posts if post.number == 1}
        self.rules = {rule.slug: rule for rule in Rule.objects.all()}

    def report(self, subject: Model, *said: tuple[str, Flag.Reason, str], hours: float) -> Case:
        for name, reason, note in said:
            made = reports.flag(reporter=self.members[name], subject=subject, reason=reason, note=note)
        return self.moved(made.case, hours)

    def begin(self, author: str, board: str, title: str, body: str, *, hours: float) -> Case:
        """A thread that screening keeps for a moderator."""
        post = begin_thread(
            author=self.members[author],
            board=Board.objects.get(slug=board),
            title=title,
            body=body,
            support_type=SupportType.IDEAS,
        )
        then = self.now - dt.timedelta(hours=hours)
        Thread.objects.filter(pk=post.thread_id).update(created_at=then, last_post_at=then)
        Post.objects.filter(pk=post.pk).update(created_at=then)
        return self.moved(Case.objects.get(subject_kind="post", subject_id=post.pk), hours)

    def moved(self, case: Case, hours: float) -> Case:
        """The case, as if it had been opened so many hours ago."""
        back = dt.timedelta(hours=hours)
        Case.objects.filter(pk=case.pk).update(opened_at=F("opened_at") - back, due_at=F("due_at") - back)
        for part in (Flag, Signal):
            part.objects.filter(case=case).update(created_at=F("created_at") - back)
        return Case.objects.get(pk=case.pk)

    def take(self, who: str, case: Case) -> Case:
        claims.claim(moderator=self.members[who], case=case)
        Case.objects.filter(pk=case.pk).update(first_looked_at=F("opened_at") + FIRST_LOOK)
        return Case.objects.get(pk=case.pk)

    def decide(self, who: str, case: Case, action: str, *, rule: str = "", reason: str = "", **more: Any) -> Decision:
        mine = self.take(who, case)
        chosen = self.rules[rule] if rule else None
        pending = decisions.decide(
            moderator=self.members[who],
            case=mine,
            version=mine.version,
            action=action,
            rule=chosen,
            reason=reason,
            **more,
        )
        PendingDecision.objects.filter(pk=pending.pk).update(settles_at=timezone.now())
        made = decisions.settle(pending.pk)
        if made is None:
            raise ValueError(f"The demo's decision “{action}” did not take effect.")
        return made

    def shift(self, who: str, *, hours: tuple[float, float], handover: str, read_by: str = "") -> None:
        """One that is over: from so many hours ago until so many hours ago."""
        shifts.start(moderator=self.members[who])
        shifts.end(moderator=self.members[who], handover=handover)
        shift = Shift.objects.filter(moderator=self.members[who]).latest("pk")
        if read_by:
            shifts.acknowledge(moderator=self.members[read_by], shift=shift)
        begun, ended = (self.now - dt.timedelta(hours=each) for each in hours)
        Shift.objects.filter(pk=shift.pk).update(started_at=begun, ended_at=ended)
