"""Starting threads and writing in them."""

from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

import moderation.access
from core import markdown, text
from forums import access, disguise
from forums.models import Board, Post, SupportType, Thread, Visibility
from forums.services import drafts, following, search, telling, waiting
from members.models import Member
from moderation import asking, screening
from moderation.services import cases


def posted_already(author: Member, submission: UUID | None, body: str) -> Post | None:
    """The post that this very form made before: a double click, a reload, a resent form.

    Raises:
        CannotPostError: the words were changed after they had been posted, so that they are not lost in silence.
    """
    if submission is None:
        return None
    post = Post.objects.select_related("thread").filter(author=author, submission=submission).first()
    body = text.normalise(body)
    if post is not None and post.body != body and not post.revisions.filter(body=body).exists():
        raise access.CannotPostError(
            _("An earlier version of this was posted already. Your words are still below; post them if you like.")
        )
    return post


def screener(
    *, author: Member, board: Board, like: str, besides: int | None = None, disguised: bool = False
) -> Callable[[str], screening.Verdict]:
    """Gives the verdict on words that `author` posts in `board`: what is in them, and who is to read them first.

    `like` is what they post, to be compared with what they posted lately; `besides` the post that they change;
    `disguised` says that they have another name there. Two queries at most; none for each verdict.
    """
    who = access.writer(author)
    earlier = [screening.fingerprint(body) for body in access.lately_posted(author, like=like, besides=besides)]
    watches = moderation.access.watches(who.watched)
    rule = access.read_first_for(who, author, board, disguised=disguised)

    def screen(words: str) -> screening.Verdict:
        verdict = screening.screen(words, newcomer=who.is_newcomer, earlier=earlier, watches=watches)
        return verdict.plus(screening.read_first(rule)) if rule else verdict

    return screen


def screened_first(
    words: str,
    *,
    author: Member,
    board: Board,
    asked: Collection[str] | None,
    reach_out: bool,
    disguised: bool,
) -> screening.Verdict:
    """The verdict on words that are about to be posted.

    Raises:
        AskFirstError: there is something in them that their author was not `asked` about.
    """
    verdict = screener(author=author, board=board, like=words, disguised=disguised)(words)
    asking.check(verdict, words, asked)
    return verdict.plus(screening.asks_for_help()) if reach_out else verdict


def _disguise_for(author: Member) -> int:
    """Another one than in each of their other threads. One query."""
    used = Thread.objects.filter(author=author).values_list("disguise", flat=True).distinct()
    return disguise.choose(set(used))


def begin_thread(
    *,
    author: Member,
    board: Board,
    title: str,
    body: str,
    support_type: SupportType,
    content_notes: list[str] | None = None,
    no_reply_needed: bool = False,
    anonymous: bool = False,
    submission: UUID | None = None,
    sequence: int = 0,
    asked: Collection[str] | None = None,
    reach_out: bool = False,
) -> Post:
    """A new thread and its opening post. The same `submission` twice gives the same post.

    `anonymous` gives its author a disguise here, which no member can tie to them (M1). `asked` are the marks of what
    its author was asked about, None where nobody can be asked; `reach_out` is their wish to hear from a moderator.

    Call inside a transaction; `start_thread` brings its own. Locks the author's row against a double submit. A
    text that screening holds keeps the whole thread from readers until a moderator has looked. The draft of it,
    which `sequence` and `submission` tell from another one, is gone then.

    Raises:
        CannotPostError: the author may not post now, or the board is closed.
        AskFirstError: there is something in it that its author was not `asked` about.
    """
    Member.objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)
    before = posted_already(author, submission, body)
    drafts.drop_posted(member=author, place=board, body=body, sequence=sequence, submission=submission)
    if before is not None:
        return before
    access.check_can_start(author, board)
    if anonymous:
        access.check_can_disguise(author, board)
    title, body = text.normalise(title), text.normalise(body)
    # As the moderators' snapshot has it, so that a signal says where it stands there.
    verdict = screened_first(
        f"{title}\n\n{body}", author=author, board=board, asked=asked, reach_out=reach_out, disguised=anonymous
    )
    thread = Thread.objects.create(
        board=board,
        author=author,
        disguise=_disguise_for(author) if anonymous else None,
        title=title,
        slug=Thread.slug_for(title),
        support_type=support_type,
        content_notes=content_notes or [],
        no_reply_needed=no_reply_needed,
        visibility=Visibility.HELD if verdict.holds else Visibility.VISIBLE,
    )
    return _add(thread, author=author, body=body, reply_to=None, submission=submission, verdict=verdict)


# In a transaction of its own, which nobody else can take back.
start_thread = transaction.atomic(durable=True)(begin_thread)


@transaction.atomic(durable=True)
def post_reply(
    *,
    author: Member,
    thread: Thread,
    body: str,
    reply_to: int | None = None,
    submission: UUID | None = None,
    sequence: int = 0,
    asked: Collection[str] | None = None,
    reach_out: bool = False,
) -> Post:
    """Add a post at the end of `thread` and tell those whom it concerns. The same `submission` twice posts once.

    Locks the thread row, so numbers have no gaps, then the author's. A post that screening holds gets its number
    too: it appears in place once a moderator approves it. The draft of it, which `sequence` and `submission` tell
    from another one, is gone then.

    Raises:
        CannotPostError: the author is silenced or the thread was closed meanwhile.
        AskFirstError: there is something in it that its author was not `asked` about; see `begin_thread`.
    """
    locked = Thread.objects.select_for_update(of=("self",), no_key=True).select_related("board").get(pk=thread.pk)
    before = posted_already(author, submission, body)
    drafts.drop_posted(member=author, place=locked, body=body, sequence=sequence, submission=submission)
    if before is not None:
        return before
    access.check_can_reply(author, locked)
    body = text.normalise(body)
    if reply_to is not None and not 1 <= reply_to <= locked.last_number:
        reply_to = None
    disguised = access.is_disguised(author, locked)
    verdict = screened_first(
        body, author=author, board=locked.board, asked=asked, reach_out=reach_out, disguised=disguised
    )
    post = _add(locked, author=author, body=body, reply_to=reply_to, submission=submission, verdict=verdict)
    if author.pk != locked.author_id and locked.answered_at is None:
        waiting.release(member=author, thread=locked)
        if not verdict.holds:
            Thread.objects.filter(pk=locked.pk).update(answered_at=post.created_at)
    return post


def _add(
    thread: Thread,
    *,
    author: Member,
    body: str,
    reply_to: int | None,
    submission: UUID | None,
    verdict: screening.Verdict,
) -> Post:
    now = timezone.now()
    # A reply that waits for a moderator does not yet move its thread up the board.
    moved: dict[str, Any] = {}
    if not verdict.holds:
        moved = {"last_post_at": now, "author_wrote_last": author.pk == thread.author_id}
    Thread.objects.filter(pk=thread.pk).update(last_number=F("last_number") + 1, **moved)
    thread.refresh_from_db(fields=["last_number"])
    post = Post.objects.create(
        thread=thread,
        number=thread.last_number,
        author=author,
        body=body,
        body_html=markdown.render(body),
        visibility=Visibility.HELD if verdict.holds else Visibility.VISIBLE,
        reply_to=reply_to,
        submission=submission,
        created_at=now,
    )
    search.index_post(post)
    cases.open_for_signals(subject=post, verdict=verdict)
    following.follow_on_posting(member=author, thread=thread)
    if not verdict.holds:
        if post.number > 1:
            telling.tell_of_reply(post)
        else:
            telling.tell_of_thread(thread)
        telling.tell_mentioned(post)
    return post
