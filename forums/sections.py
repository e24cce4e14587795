"""What an export says about threads and posts."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from forums.disguise import name_for
from forums.models import (
    BoardFollow,
    Bookmark,
    Draft,
    Gathering,
    Post,
    PostRevision,
    Reaction,
    ReadMark,
    Thread,
    ThreadFollow,
    WaitingOffer,
)
from members.exports import ROWS_AT_ONCE, Row, Section, leave_out, register, stream
from members.models import Block, Member


def _threads(member: Member) -> Iterator[Row]:
    rows = Thread.objects.filter(author=member).select_related("board").order_by("pk")
    for thread in rows.iterator(chunk_size=ROWS_AT_ONCE):
        yield {
            "title": thread.title_before or thread.title,
            "board": thread.board.title,
            "begun_at": thread.created_at,
            "support_type": thread.support_type,
            "content_notes": list(thread.content_notes),
            "state": thread.get_visibility_display(),
            # Under which name others see it.
            "anonymous_as": name_for(thread.disguise) if thread.disguise is not None else "",
            "address": settings.SITE_URL.rstrip("/") + thread.get_absolute_url(),
        }


def _title(member: Member, thread: str) -> Case:
    """Of the thread behind `thread`, "" where a block parts `member` from who began it: those words are not theirs."""
    parted = Q(**{f"{thread}__disguise": None, f"{thread}__author__in": Block.objects.ids_around(member)})
    return Case(When(parted, then=Value("")), default=F(f"{thread}__title"))


def _posts(member: Member) -> Iterator[Row]:
    rows = Post.objects.filter(author=member).annotate(in_thread=_title(member, "thread")).order_by("pk")
    names = {
        "thread": "in_thread",
        "number": "number",
        "words": "body",
        "written_at": "created_at",
        "edited_at": "edited_at",
        "answers_post": "reply_to",
        "state": "visibility",
        "taken_back_at": "withdrawn_at",
        "thanked_for_at": "thanked_at",
    }
    return stream(rows, **names)


def _revisions(member: Member) -> Iterator[Row]:
    rows = PostRevision.objects.filter(post__author=member).annotate(in_thread=_title(member, "post__thread"))
    return stream(
        rows.order_by("pk"), thread="in_thread", number="post__number", title="title", words="body",
        written_at="written_at", replaced_at="replaced_at",
    )  # fmt: skip


def _drafts(member: Member) -> Iterator[Row]:
    rows = Draft.objects.filter(member=member).annotate(in_thread=_title(member, "thread")).order_by("pk")
    return stream(rows, thread="in_thread", board="board__title", words="body", fields="fields", saved_at="updated_at")


def _responses(member: Member) -> Iterator[Row]:
    reactions = Reaction.objects.filter(member=member).annotate(in_thread=_title(member, "post__thread"))
    yield from stream(
        reactions.order_by("pk"), reaction="kind", thread="in_thread", number="post__number", at="created_at"
    )


def _bookmarks(member: Member) -> Iterator[Row]:
    rows = (
        Bookmark.objects.filter(member=member)
        .annotate(thread=F("post__thread__public_id"), in_thread=_title(member, "post__thread"))
        .order_by("pk")
    )
    for title, number, note, at, thread in rows.values_list(
        "in_thread", "post__number", "note", "created_at", "thread"
    ).iterator(chunk_size=ROWS_AT_ONCE):
        address = settings.SITE_URL.rstrip("/") + reverse("jump", args=[thread])
        yield {
            "thread": title,
            "number": number,
            "note": note,
            "at": at,
            "address": f"{address}?number={number}" if title else "",
        }


def _reading(member: Member) -> Iterator[Row]:
    marks = ReadMark.objects.filter(member=member).annotate(in_thread=_title(member, "thread")).order_by("thread_id")
    yield from stream(marks, read_thread="in_thread", up_to_number="last_read_number")
    threads = ThreadFollow.objects.filter(member=member).annotate(in_thread=_title(member, "thread"))
    yield from stream(threads.order_by("thread_id"), followed_thread="in_thread", you_hear="level")
    boards = BoardFollow.objects.filter(member=member).order_by("board_id")
    yield from stream(boards, followed_board="board__title", you_hear="level")
    offers = WaitingOffer.objects.filter(member=member).annotate(in_thread=_title(member, "thread")).order_by("pk")
    yield from stream(offers, offered_thread="in_thread", until="until")


def _hosting(member: Member) -> Iterator[Row]:
    rows = Gathering.objects.filter(host=member).order_by("pk")
    return stream(rows, gathering="title", words="body", board="board__title", starts_on="starts_on")


_WORDS = {"words": _("What you wrote"), "number": _("Post number")}

register(Section("threads", _("Threads that you began"), ("forums.Thread.author",), _threads))
register(Section("posts", _("What you wrote"), ("forums.Post.author",), _posts, _WORDS))
register(Section("earlier-versions", _("Earlier versions of it"), ("forums.PostRevision",), _revisions, _WORDS))
register(Section("drafts", _("Drafts"), ("forums.Draft.member",), _drafts, _WORDS))
register(Section("responses", _("Responses that you gave"), ("forums.Reaction.member",), _responses, _WORDS))
register(Section("bookmarks", _("Bookmarks"), ("forums.Bookmark.member",), _bookmarks, _WORDS))
register(
    Section(
        "reading",
        _("What you read and follow"),
        (
            "forums.ReadMark.member",
            "forums.ThreadFollow.member",
            "forums.BoardFollow.member",
            "forums.WaitingOffer.member",
        ),
        _reading,
    )
)
register(Section("hosting", _("Gatherings that you host"), ("forums.Gathering.host",), _hosting, _WORDS))

leave_out(
    {
        "forums.SearchEntry": _("What search reads: the same words once more, taken apart."),
        "forums.Occurrence": _("On which days a gathering took place: it is the site’s."),
    }
)
