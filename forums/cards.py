"""Posts as finished HTML: cards, with what the reader can do with each post.

What a card and its actions say around the words comes from stencils (core.stencils); a template is rendered only for a
post of a new form, such as an edited one by a moderator. Nothing of a post or reader is kept.
"""

import datetime as dt
import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import date
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.addresses import address, quoted
from core.stencils import Stencils
from forums import access, library
from forums.access import PostRow, Responses
from forums.models import Post, Reaction, Thread, Visibility
from members.models import Member


@dataclass(frozen=True, slots=True)
class Here:
    """Where a reader's clock and language are. Asked once a page."""

    zone: dt.tzinfo = field(default_factory=timezone.get_current_timezone)
    language: str | None = field(default_factory=get_language)


def card(post: PostRow) -> SafeString:
    """The card of one post, the same for every reader."""
    here = Here()
    return _POSTS.fill(*_of_card(post, here), language=here.language)


def plain_cards(thread: Thread, posts: Sequence[PostRow]) -> list[SafeString]:
    """Each post's card with nothing laid over it: for visitors, and where little is to be done. No query, or one for
    pages of the library that they link to."""
    here, there, shared = Here(), {post.number for post in posts}, library.shared_in(posts)
    cards = []
    for post in posts:
        shape, values = _of_card(post, here)
        _lay_links(values, thread, post, there, shared)
        cards.append(_POSTS.fill(shape, values, language=here.language))
    return cards


def cards_for(
    member: Member, thread: Thread, posts: Sequence[PostRow], responses: Responses, last_read: int, *, token: str
) -> list[SafeString]:
    """Each post's card with this reader's mark, responses and actions. No query, or one as for `plain_cards`.

    token: of the request, against forged ones.
    """
    here, there, shared = Here(), {post.number for post in posts}, library.shared_in(posts)
    ways = _Ways(member, thread)
    cards = []
    for post in posts:
        shape, values = _of_card(post, here)
        _lay_links(values, thread, post, there, shared)
        shape["mark"] = _mark(member, post, last_read)
        if not post.is_folded:
            more_shape, more_values = _of_actions(ways, post, responses)
            shape["acts"] = tuple(more_shape.items())
            values |= more_values
            values["csrf_token"] = token
        elif (own := taken_back_context(member, post)) is not None:
            values["actions"] = render_to_string("components/taken_back.html", own | {"csrf_token": token})
        cards.append(_POSTS.fill(shape, values, language=here.language))
    return cards


def actions(
    member: Member, thread: Thread, post: PostRow, responses: Responses, token: str, *, just_bookmarked: bool = False
) -> SafeString:
    """What this reader can do with a post: components/post_actions.html. No query.

    Reads the thread's author and board.
    """
    shape, values = _of_actions(_Ways(member, thread), post, responses)
    return _ACTIONS.fill(shape | {"just_bookmarked": just_bookmarked}, values | {"csrf_token": token})


def actions_context(member: Member, thread: Thread, post: PostRow, responses: Responses) -> dict[str, Any]:
    """The same for another template, with the choices of reactions."""
    shape, values = _of_actions(_Ways(member, thread), post, responses)
    return _with_addresses({**shape, **values})


# --- shapes and values: what a post's form depends on, and what only differs from post to post


def _of_card(post: PostRow, here: Here) -> tuple[dict[str, Any], dict[str, Any]]:
    shape = {
        "visibility": post.visibility,
        "is_folded": post.is_folded,
        "is_disguised": post.is_disguised,
        "role": post.role,
        "kept": post.kept,
        "says_starter": post.thread_starter and post.number != 1,
        "has_page": post.person_url != "",
        "mark": "",
        "acts": (),
    }
    created, created_iso = _moment(post.created_at, "j F Y, H:i e", here.zone, here.language)
    edited, edited_iso = (
        _moment(post.edited_at, "j F, H:i e", here.zone, here.language) if post.edited_at else (None, None)
    )
    values = {
        "number": post.number,
        "post_id": post.public_id,
        "author_id": post.author_public_id,
        "author_name": post.author_name,
        "avatar": post.avatar,
        "field": post.field,
        "created": created,
        "created_iso": created_iso,
        "edited": edited,
        "edited_iso": edited_iso,
        "reply_to": post.reply_to,
        "reply_href": None,
        "moved_to": post.moved_to,
        "body_html": SafeString(post.body_html),
        "shared": None,
        "actions": None,
    }
    return shape, values


def _lay_links(
    values: dict[str, Any],
    thread: Thread,
    post: PostRow,
    there: Collection[int],
    shared: Mapping[int, SafeString],
) -> None:
    """The way to an answered post that is on another page, and the cards of what the post links to."""
    if post.reply_to is not None and post.reply_to not in there:
        values["reply_href"] = SafeString(f"{address('jump', thread.public_id)}?number={post.reply_to}")
    if shared:
        values["shared"] = shared.get(post.id)


def _mark(member: Member, post: PostRow, last_read: int) -> str:
    if post.author_id == member.pk:
        return "you" if post.is_disguised else "yours"
    return "read" if post.number <= last_read else "new"


@dataclass(frozen=True, slots=True)
class _Ways:
    """What is the same for all posts of a page."""

    member: Member
    thread: Thread
    is_closed: bool = False
    is_archived: bool = False
    starts: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "is_closed", self.thread.is_closed)
        object.__setattr__(self, "is_archived", self.thread.state == Thread.State.ARCHIVED)
        object.__setattr__(self, "starts", self.thread.author_id == self.member.pk)


def _of_actions(ways: _Ways, post: PostRow, responses: Responses) -> tuple[dict[str, Any], dict[str, Any]]:
    member, thread = ways.member, ways.thread
    mine = post.author_id == member.pk
    visible = post.visibility == Visibility.VISIBLE
    can_respond = visible and not mine and not ways.is_archived
    shape = {
        "mine": mine,
        "is_first": post.number == 1,
        "is_visible": visible,
        "my_reactions": responses.mine.get(post.id, frozenset()),
        "others_reacted": post.id in responses.others,
        "can_react": can_respond,
        "can_thank": can_respond and ways.starts,
        "thanked": post.thanked_at is not None,
        "bookmarked": post.id in responses.bookmarked,
        "is_closed": ways.is_closed,
        "has_versions": member.is_moderator and post.version > 1,
        "just_bookmarked": False,
    }
    names = responses.names.get(post.id) if mine else None
    values = {
        "number": post.number,
        "post_id": post.public_id,
        "author_id": post.author_public_id,
        "thread_id": thread.public_id,
        "reactors": [(label, _named(names[kind])) for kind, label in Reaction.Kind.choices if kind in names]
        if names
        else None,
        "thanked_by": access.author_of(thread).name if mine and post.thanked_at else None,
    }
    return shape, values


def _named(names: Sequence[str]) -> str:
    more = [_("and others")] if len(names) > access.NAMED_AT_MOST else []
    return ", ".join([*names[: access.NAMED_AT_MOST], *more])


@functools.lru_cache(maxsize=1024)
def _moment(moment: dt.datetime, form: str, zone: dt.tzinfo, _language: str | None) -> tuple[str, str]:
    """By the reader's clock, for people and for machines."""
    local = timezone.localtime(moment, zone)
    return date(local, form), date(local, "c")


# --- the templates


def _rendered_card(context: dict[str, Any]) -> str:
    """From shape and values alone, which are those of a post or marks in their place."""
    number, author = context["number"], context["author_id"]
    acts = dict(context["acts"])
    more = {
        "person_url": address("person", author) if context["has_page"] else "",
        "edited_url": address("post_history", context["post_id"]),
        "reply_href": context["reply_href"] or f"#post-{context['reply_to']}",
        "kept_line": context["kept"].line if context["kept"] else "",
        "moved_url": address("post", context["moved_to"]) if context["moved_to"] else "",
        "mark": _words_of(context["mark"]),
        "shared": context["shared"] or "",
        "actions": _rendered_actions(context | acts | {"number": number}) if acts else context["actions"] or "",
    }
    return render_to_string("components/post_card.html", {"post": context | more})


def _words_of(mark: str) -> SafeString:
    """What ends a post's heading: in words for everybody, of which only some are also there to be seen.

    Behind a disguise, one would hardly know one's own words again.
    """
    comma = '<span class="visually-hidden">, </span>'
    words = {
        "you": f'{comma}<span class="badge">{_("you")}</span>',
        "yours": f'<span class="visually-hidden">, {_("yours")}</span>',
        "read": f'<span class="visually-hidden">, {_("read")}</span>',
        "new": f'{comma}<span class="mark-new">{_("new")}</span>',
    }
    return mark_safe(words.get(mark, ""))  # noqa: S308 - words of ours


def _rendered_actions(context: dict[str, Any]) -> SafeString:
    return render_to_string("components/post_actions.html", _with_addresses(context))


def _with_addresses(context: dict[str, Any]) -> dict[str, Any]:
    """Only what there is for this reader to do has an address."""
    mine, visible, post = context["mine"], context["is_visible"], context["post_id"]
    author = None if mine else context["author_id"]
    can_report = visible and not mine
    # Where its author can be reported, and then back to the post. Nobody behind a disguise has such an address.
    back = f"?next={quoted('post', post)}"
    react_url = address("react", post) if context["can_react"] else ""
    bookmark_url = address("post_bookmark", post) if visible else ""
    return context | {
        "reaction_choices": Reaction.Kind.choices,
        "form_url": react_url or bookmark_url,
        "thank_url": address("post_thank", post) if context["can_thank"] else "",
        "bookmark_url": bookmark_url,
        "note_url": address("bookmark", post),
        "reply_url": "" if context["is_closed"] else f"{address('reply', context['thread_id'])}?to={context['number']}",
        "edit_url": address("post_edit", post) if mine and not context["is_closed"] else "",
        "withdraw_url": address("post_withdraw", post) if mine else "",
        "versions_url": address("post_history", post) if context["has_versions"] else "",
        "flag_url": address("flag", "post", post) if can_report else "",
        "person_url": f"{address('flag', 'profile', author)}{back}" if author and can_report else "",
        "boundary_url": f"{address('person_boundary', author)}{back}" if author else "",
    }


_POSTS = Stencils(_rendered_card, kept=300)
_ACTIONS = Stencils(_rendered_actions, kept=150)


def taken_back_context(member: Member, post: PostRow) -> dict[str, object] | None:
    """For components/taken_back.html: of words that their author can still put back, and for nobody else. No query."""
    return taken_back(post) if post.author_id == member.pk else None


def taken_back(post: PostRow | Post) -> dict[str, object] | None:
    """The same where it is known that `post` is the reader's own."""
    withdrawn = post.visibility == Visibility.WITHDRAWN and post.body_html
    if not withdrawn or post.withdrawn_at is None or not access.is_within_undo(post.withdrawn_at):
        return None
    return {
        "post": post,
        "words": mark_safe(post.body_html),  # noqa: S308 - sanitised by the renderer
        "until": post.withdrawn_at + access.TAKEN_BACK_FOR,
        "put_back_url": address("post_put_back", post.public_id),
    }
