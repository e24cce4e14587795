"""The composer below a thread: from a stencil where nothing was begun, with the draft where something was."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from core import unsent
from core.addresses import address
from core.stencils import Stencils
from forums import access, composing, pages, shell, starters
from forums.forms import ReplyForm
from forums.models import Board, Thread
from members.models import Member
from members.requests import MemberRequest

_TEMPLATE = "forums/_composer.html"


def inline_composer(request: MemberRequest, thread: Thread, standing: access.Standing) -> SafeString:
    """No query. Reads board and author."""
    if standing.draft is None:
        return empty_composer(request.user, thread, {**shell.given(request), "submission": uuid4()})
    context = {"composer": composing.inline_composer(request.user, thread, standing)}
    return mark_safe(render_to_string(_TEMPLATE, context, request))  # noqa: S308 - made by a template


def empty_composer(member: Member, thread: Thread, given: Mapping[str, Any]) -> SafeString:
    """The same where nothing was begun. `given`: `csrf_token`, `writer` and `submission` for its form."""
    shape = {
        "support": thread.support,
        "own": thread.author_id == member.pk,
        "audience": thread.board.audience,
        "read_first": composing.usually_read_first(thread),
    }
    values = {
        "action": address("reply", thread.public_id),
        "draft_url": address("save_reply", thread.public_id),
        "guidelines": composing.guidelines_of(thread.board) if thread.board.guidelines else "",
        "writes_as": pages.disguise_of(member, thread),
        "seen": thread.last_number,
        **{name: given[name] for name in ("submission", "csrf_token", "writer")},
    }
    return _EMPTY.fill(shape, values)


def _empty(context: dict[str, Any]) -> str:
    board = Board(audience=context["audience"])
    composer = composing.Composer(
        form=ReplyForm(initial={name: context[name] for name in ("seen", "submission")}),
        board=board,
        thread=Thread(board=board),
        action=context["action"],
        draft_url=context["draft_url"],
        starters=[starters.for_replies(context["support"], own=context["own"])],
        guidelines=context["guidelines"],
        read_first=context["read_first"],
        writes_as=context["writes_as"],
    )
    writer = unsent.field_of(context["writer"])
    return render_to_string(
        _TEMPLATE, {"composer": composer, "csrf_token": context["csrf_token"], "writer_field": writer}
    )


_EMPTY = Stencils(_empty, kept=60)
