"""Starting threads and writing in them."""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import moderation.access
import notifications.services
from core import markdown, prepared, text
from core.loaded import loaded
from core.together import Change, change, make, table
from forums import access, disguise
from forums.models import Board, Post, SupportType, Thread, Visibility
from forums.services import drafts, following, search, telling, waiting
from members.models import Member
from moderation import asking, screening
from moderation.services import cases

# By PostgreSQL, when a post is made.
_GIVEN = ("id", "public_id")
_FIELDS = [each for each in Post._meta.concrete_fields if each.column not in _GIVEN]  # noqa: SLF001 - public by Django's word
_COLUMNS = [str(each.column) for each in _FIELDS]
_BEGINNING = {each.attname: each.get_default() for each in _FIELDS}


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
    *,
    author: Member,
    board: Board,
    like: str,
    besides: int | None = None,
    disguised: bool = False,
    who: access.Writer | None = None,
) -> Callable[[screening.Looked], screening.Verdict]:
    """Gives the verdict on words that `author` posts in `board`: what is in them, and who is to read them first.

    `like` is what they post, to be compared with what they posted lately; `besides` the post that they change;
    `disguised` says that they have another name there. One query, none where `who` they are is known, with what they
    posted lately that is like it; none for each verdict.
    """
    who = who or access.writer(author, like=like, besides=besides)
    watches = moderation.access.watches(who.watched)
    rule = access.read_first_for(who, author, board, disguised=disguised)

    def screen(looked: screening.Looked) -> screening.Verdict:
        verdict = looked.verdict(newcomer=who.is_newcomer, earlier=who.lately, watches=watches)
        return verdict.plus(screening.read_first(rule)) if rule else verdict

    return screen


def screened_first(
    looked: screening.Looked,
    *,
    author: Member,
    who: access.Writer,
    board: Board,
    asked: Collection[str] | None,
    reach_out: bool,
    disguised: bool,
) -> screening.Verdict:
    """The verdict on words that are about to be posted.

    Raises:
        AskFirstError: there is something in them that their author was not `asked` about.
    """
    verdict = screener(author=author, who=who, board=board, like=looked.text, disguised=disguised)(looked)
    asking.check(verdict, looked.text, asked)
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
    draft = drafts.Posted(author, board, body=body, sequence=sequence, submission=submission)
    title, body = text.normalise(title), text.normalise(body)
    # As the moderators' snapshot has it, so that a signal says where it stands there.
    looked, html = screening.look(f"{title}\n\n{body}"), markdown.render(body)
    drafts.lock(author)
    before = posted_already(author, submission, body)
    if before is not None:
        change(draft.dropping)
        return before
    who = access.writer(author, like=looked.text)
    access.check_can_start(author, board, who)
    if anonymous:
        access.check_can_disguise(author, board)
    verdict = screened_first(
        looked, author=author, who=who, board=board, asked=asked, reach_out=reach_out, disguised=anonymous
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
    return _add(
        thread,
        author=author,
        body=body,
        html=html,
        reply_to=None,
        submission=submission,
        verdict=verdict,
        besides=[draft.dropping, draft.leaving],
    )


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
    draft = drafts.Posted(author, thread, body=body, sequence=sequence, submission=submission)
    body = text.normalise(body)
    # Whatever can be done before, so that nobody waits longer than they must for the thread.
    looked, html = screening.look(body), markdown.render(body)
    # Asked after both locks are there, or what another tab of theirs did a moment ago would not be seen.
    who, locked = access.replier(author, thread, like=body, submission=submission, after=_locking(thread, author))
    if who.is_posted and (before := posted_already(author, submission, body)) is not None:
        change(draft.dropping)
        return before
    access.check_can_reply(author, locked, who)
    if reply_to is not None and not 1 <= reply_to <= locked.last_number:
        reply_to = None
    disguised = access.is_disguised(author, locked)
    verdict = screened_first(
        looked, author=author, who=who, board=locked.board, asked=asked, reach_out=reach_out, disguised=disguised
    )
    besides = [draft.dropping, draft.leaving]
    if author.pk != locked.author_id and locked.answered_at is None:
        besides.append(waiting.releasing(member=author, thread=locked))
    return _add(
        locked,
        author=author,
        body=body,
        html=html,
        reply_to=reply_to,
        submission=submission,
        verdict=verdict,
        besides=besides,
    )


def _locking(thread: Thread, author: Member) -> prepared.Query:
    """The thread first, for only then is it known whose row comes next."""
    sql = (
        f"WITH thread AS (SELECT id FROM {table(Thread)} WHERE id = %s FOR NO KEY UPDATE) "  # noqa: S608 - names of ours
        f"SELECT id FROM {table(Member)} WHERE id = (SELECT %s::bigint FROM thread) FOR NO KEY UPDATE"
    )
    return sql, [thread.pk, author.pk]


def _add(
    thread: Thread,
    *,
    author: Member,
    body: str,
    html: str,
    reply_to: int | None,
    submission: UUID | None,
    verdict: screening.Verdict,
    besides: Sequence[Change],
) -> Post:
    """The next post of a thread that is locked, or was made in this transaction; and what changes `besides`."""
    thread.last_number += 1
    post = _begun(
        thread,
        author,
        body=body,
        body_html=html,
        visibility=(Visibility.HELD if verdict.holds else Visibility.VISIBLE).value,
        reply_to=reply_to,
        submission=submission,
    )
    is_told = post.number > 1 and not verdict.holds
    _make(
        post,
        _moving(thread, post),
        search.indexing_made(),
        *following.following_on_posting(member=author, thread=thread),
        *besides,
        told=telling.telling_of_reply(body, thread=thread, author=author) if is_told else None,
        is_last=post.number > 1 and verdict.priority is None,
    )
    cases.open_for_signals(subject=post, verdict=verdict)
    if post.number == 1 and not verdict.holds:
        telling.tell_of_thread(thread)
        telling.tell_mentioned(post)
    return post


def _begun(thread: Thread, author: Member, **more: Any) -> Post:
    """A post that is about to be made, with what each begins with. A model's own way to it takes ten times as long."""
    said = {"thread_id": thread.pk, "number": thread.last_number, "author_id": author.pk, "created_at": timezone.now()}
    values = _BEGINNING | said | more
    post = loaded(Post, list(values), values.values())
    post._state.fields_cache |= {"thread": thread, "author": author}  # noqa: SLF001 - where Django keeps them
    return post


def _make(post: Post, *changes: Change, told: Change | None, is_last: bool) -> None:
    """Save `post`, and what changes with it. One query; `is_last` in its transaction, and committed with it."""
    values = [getattr(post, name) for name in _BEGINNING]
    one = Change(_inserting(), values)
    besides, recorded = ([*changes, told], f"ARRAY(TABLE {told.name})") if told else (changes, "'{}'::bigint[]")
    leaves = "EXISTS (TABLE left_over)"
    gives = ", ".join([*_GIVEN, recorded, leaves])
    post.pk, post.public_id, event_ids, post.leaves_draft = make(Post, one, besides, gives=gives, is_last=is_last)
    notifications.services.nudge_on_commit(event_ids)


@cache
def _inserting() -> str:
    columns, places = ", ".join(_COLUMNS), ", ".join(["%s"] * len(_COLUMNS))
    return f"INSERT INTO {table(Post)} ({columns}) VALUES ({places}) RETURNING *"  # noqa: S608 - names of ours


def _moving(thread: Thread, post: Post) -> Change:
    """What a thread's row says because of `post`. One that waits for a moderator does not yet move its thread up the
    board, and answers nobody."""
    by_author = post.author_id == thread.author_id
    moved: dict[str, Any] = {"last_number": post.number}
    if post.visibility != Visibility.HELD:
        moved |= {"last_post_at": post.created_at, "author_wrote_last": by_author}
        if post.number > 1 and not by_author and thread.answered_at is None:
            moved["answered_at"] = post.created_at
    columns = ", ".join(f"{name} = %s" for name in moved)
    return Change(f"UPDATE {table(Thread)} SET {columns} WHERE id = %s", [*moved.values(), thread.pk])  # noqa: S608 - names of ours
