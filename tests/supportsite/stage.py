"""One of each thing that an address can name, and somebody of each role to ask for it."""

import datetime as dt
from dataclasses import dataclass

from django.test import Client

from forums.models import Board, Bookmark, Draft, Gathering, Post, Thread
from forums.news import REPLIED_TO_YOU
from members.models import Invitation, KeywordFilter, Leaving, Member
from members.services import add_filter, invite, mute
from moderation.models import Appeal, Case, Decision, Shift, StaffMessage, Template, WatchedWords
from moderation.services.claims import claim
from moderation.services.decisions import decide
from notifications.models import Digest, Event, Notice
from resources.models import Answer, ArticlePage, Professional, Question, Remark
from tests import factories
from tests.resources import asking, library

ROLES = ("visitor", "member", "concerned", "moderator", "curator", "administrator")


@dataclass(frozen=True)
class Stage:
    """`concerned` wrote the threads, was replied to, and was decided about; `member` has no part in any of it."""

    people: dict[str, Member]
    board: Board
    thread: Thread
    anonymous: Thread
    opening: Post
    reply: Post
    case: Case
    decision: Decision
    appeal: Appeal
    message: StaffMessage
    notice: Notice
    digest: Digest
    article: ArticlePage
    gathering: Gathering
    draft: Draft
    words: WatchedWords
    template: Template
    handover: Shift
    remark: Remark
    # Asked by `concerned`, without a name: one that waits for a curator, one that was answered and is answered again.
    held_question: Question
    question: Question
    answer: Answer
    professional: Professional
    # Whom `member` blocked and muted, and a word that they filter.
    apart: Member
    filter: KeywordFilter
    # What administrators find at the door.
    invitation: Invitation
    newcomer: Member
    # Somebody goes, and can still come back.
    leaving: Leaving

    def client_of(self, role: str) -> Client:
        """A browser in which somebody of this role is signed in, and nobody where the role is `visitor`."""
        client = Client(raise_request_exception=False)
        if role in self.people:
            client.force_login(self.people[role])
        return client


def build() -> Stage:
    with library.unsearched():
        return _build()


def _build() -> Stage:
    people = _people()
    thread = factories.ThreadFactory(author=people["concerned"])
    anonymous = factories.ThreadFactory(author=people["concerned"], board=thread.board, disguise=7)
    reply = factories.PostFactory(thread=thread)
    Bookmark.objects.create(member=people["concerned"], post=reply)
    factories.BlockFactory.create_batch(3, blocked=people["concerned"])
    opening = thread.posts.get(number=1)
    case = factories.flag(opening).case
    decision = _decision(thread, people)
    colleague = factories.MemberFactory(is_moderator=True)
    other = factories.flag(factories.PostFactory(thread=thread, author=people["concerned"])).case
    factories.decided(other, by=colleague, rule=factories.RuleFactory())
    appeal = factories.AppealFactory(decision=other.decisions.get())
    message = StaffMessage.objects.create(
        case=case, member=people["concerned"], sent_by=people["moderator"], text="Are you safe?"
    )
    event = Event.objects.create(kind=REPLIED_TO_YOU.key, target_id=reply.pk, actor=reply.author)
    notice = Notice.objects.create(event=event, recipient=people["concerned"])
    digest = Digest.objects.create(member=people["concerned"], day=factories.now().date())
    article = library.published(author=factories.CuratorFactory(), reviewer=people["curator"])
    for row in (thread, opening, case, decision, appeal, message, notice, digest):
        row.refresh_from_db()
    gathering = factories.GatheringFactory(board=thread.board)
    draft = factories.DraftFactory(member=people["concerned"], thread=anonymous)
    words = factories.WatchedWordsFactory()
    handover = Shift.objects.create(
        moderator=factories.MemberFactory(is_moderator=True), ended_at=factories.now(), handover="All is calm."
    )
    remark = Remark.objects.create(page=article, member=people["concerned"], kind="correction", text="A year is wrong.")
    professional = asking.professional()
    question = asking.answered(people["concerned"], people["curator"], professional)
    apart = factories.BlockFactory(blocker=people["member"]).blocked
    mute(muter=people["member"], muted=apart)
    add_filter(member=people["member"], phrase="thunder", whole_word=True, hides=False)
    answer = asking.handed_in(question, asking.professional())
    return Stage(
        people,
        thread.board,
        thread,
        anonymous,
        opening,
        reply,
        case,
        decision,
        appeal,
        message,
        notice,
        digest,
        article,
        gathering,
        draft,
        words,
        factories.TemplateFactory(),
        handover,
        remark,
        asking.asked(people["concerned"], title="Another question"),
        question,
        answer,
        professional,
        apart,
        KeywordFilter.objects.get(member=people["member"]),
        invite(actor=people["administrator"], remark="from the clinic", days=7)[0],
        factories.MemberFactory(awaits_approval=True),
        Leaving.objects.create(
            member=factories.MemberFactory(username="~gone"),
            way=Leaving.Way.KEEP_WORDS,
            name_before="sorrel",
            due_at=factories.now() + dt.timedelta(days=9),
        ),
    )


def _people() -> dict[str, Member]:
    roles = {"is_staff": True, "is_superuser": True, "is_moderator": True, "is_curator": True}
    return {
        "member": factories.MemberFactory(),
        "concerned": factories.MemberFactory(),
        "moderator": factories.MemberFactory(is_moderator=True),
        "curator": factories.CuratorFactory(),
        "administrator": factories.MemberFactory(**roles),
    }


def _decision(thread: Thread, people: dict[str, Member]) -> Decision:
    case = factories.flag(factories.PostFactory(thread=thread, author=people["concerned"])).case
    assert claim(moderator=people["moderator"], case=case)
    case.refresh_from_db()
    decide(
        moderator=people["moderator"],
        case=case,
        version=case.version,
        action="hide",
        rule=factories.RuleFactory(),
        reason="It named somebody.",
    )
    factories.let_settle()
    return Decision.objects.get(case=case)
