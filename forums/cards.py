"""Posts as finished HTML: a card with nothing of the reader in it, and the reader's own bits laid over it."""

from collections.abc import Collection, Sequence
from urllib.parse import urlencode

from django.middleware.csrf import get_token
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from forums import access, library
from forums.access import PostRow, Responses
from forums.models import Post, Reaction, Thread, Visibility
from members.models import Member
from members.requests import MemberRequest

MARK, ACTIONS, SHARED = "<!--slot:mark-->", "<!--slot:actions-->", "<!--slot:shared-->"


def card(post: PostRow) -> SafeString:
    """The card of one post, the same for every reader."""
    return render_to_string("components/post_card.html", {"post": post})


def plain_cards(thread: Thread, posts: Sequence[PostRow]) -> list[SafeString]:
    """Each post's card with nothing laid over it: for visitors, and where little is to be done. No query, or one for
    pages of the library that they link to."""
    there, shared = {post.number for post in posts}, library.shared_in(posts)
    finished = [_linked(card(post), thread, post, there).replace(SHARED, shared.get(post.id, "")) for post in posts]
    return [mark_safe(html.replace(MARK, "").replace(ACTIONS, "")) for html in finished]  # noqa: S308 - made by templates


def cards_for(
    request: MemberRequest, thread: Thread, posts: Sequence[PostRow], responses: Responses, last_read: int
) -> list[SafeString]:
    """Each post's card with this reader's mark, responses and actions. No query, or one as for `plain_cards`."""
    member = request.user
    # Rendered without the request: what every template may use is not looked up anew for every post.
    token = {"csrf_token": get_token(request)}
    actions, taken_back = get_template("components/post_actions.html"), get_template("components/taken_back.html")
    there, shared = {post.number for post in posts}, library.shared_in(posts)
    shown = []
    for post in posts:
        html = _linked(card(post), thread, post, there).replace(MARK, _mark(member, post, last_read))
        html = html.replace(SHARED, shared.get(post.id, ""))
        bits = ""
        if not post.is_folded:
            bits = actions.render(actions_context(member, thread, post, responses) | token)
        elif (own := taken_back_context(member, post)) is not None:
            bits = taken_back.render(own | token)
        shown.append(mark_safe(html.replace(ACTIONS, bits)))  # noqa: S308 - both parts were escaped by templates
    return shown


def _linked(html: str, thread: Thread, post: PostRow, there: Collection[int]) -> str:
    """The card with the link to an answered post that is not on this page leading to the page that it is on."""
    if post.reply_to is None or post.reply_to in there:
        return html
    address = reverse("jump", args=[thread.public_id])
    return html.replace(f'href="#post-{post.reply_to}"', f'href="{address}?number={post.reply_to}"')


def _mark(member: Member, post: PostRow, last_read: int) -> str:
    """What ends a post's heading: in words for everybody, of which only some are also there to be seen.

    Behind a disguise, one would hardly know one's own words again.
    """
    if post.author_id == member.pk and post.is_disguised:
        return f'<span class="visually-hidden">, </span><span class="badge">{_("you")}</span>'
    if post.author_id == member.pk:
        return f'<span class="visually-hidden">, {_("yours")}</span>'
    if post.number <= last_read:
        return f'<span class="visually-hidden">, {_("read")}</span>'
    return f'<span class="visually-hidden">, </span><span class="mark-new">{_("new")}</span>'


def actions_context(member: Member, thread: Thread, post: PostRow, responses: Responses) -> dict[str, object]:
    """For components/post_actions.html. No query; reads the thread's author and board."""
    names = responses.names.get(post.id, {})
    mine = post.author_id == member.pk
    archived = thread.state == Thread.State.ARCHIVED
    can_report = not mine and post.visibility == Visibility.VISIBLE
    can_respond = can_report and not archived
    react_url = reverse("react", args=[post.public_id])
    bookmark_url = _address("post_bookmark", post, if_=post.visibility == Visibility.VISIBLE)
    return {
        "post": post,
        "mine": mine,
        "my_reactions": responses.mine.get(post.id, frozenset()),
        "reaction_choices": Reaction.Kind.choices,
        "others_reacted": post.id in responses.others,
        "reactors": [(label, _named(names[kind])) for kind, label in Reaction.Kind.choices if kind in names],
        "thanked_by": access.author_of(thread).name if mine and post.thanked_at else "",
        "archived": archived,
        "can_react": can_respond,
        "form_url": react_url if can_respond else bookmark_url,
        "react_url": react_url,
        "thank_url": _address("post_thank", post, if_=can_respond and thread.author_id == member.pk),
        "bookmarked": post.id in responses.bookmarked,
        "bookmark_url": bookmark_url,
        "reply_url": "" if thread.is_closed else reverse("reply", args=[thread.public_id]) + f"?to={post.number}",
        "edit_url": _address("post_edit", post, if_=mine and not thread.is_closed),
        "withdraw_url": _address("post_withdraw", post, if_=mine),
        "versions_url": _address("post_history", post, if_=member.is_moderator and post.version > 1),
        "flag_url": reverse("flag", args=["post", post.public_id]) if can_report else "",
        "boundary_url": "" if mine or post.author_public_id is None else _boundary_address(post),
        "person_url": _person_address(post) if can_report and post.author_public_id else "",
    }


def _named(names: Sequence[str]) -> Sequence[str]:
    return names if len(names) <= access.NAMED_AT_MOST else [*names[: access.NAMED_AT_MOST], _("and others")]


def _address(name: str, post: PostRow, *, if_: bool) -> str:
    """Empty where there is nothing to do for this reader."""
    return reverse(name, args=[post.public_id]) if if_ else ""


def _person_address(post: PostRow) -> str:
    """Where its author can be reported, and then back to the post. Nobody behind a disguise has such an address."""
    back = urlencode({"next": reverse("post", args=[post.public_id])})
    return reverse("flag", args=["profile", post.author_public_id]) + f"?{back}"


def _boundary_address(post: PostRow) -> str:
    back = urlencode({"next": reverse("post", args=[post.public_id])})
    return reverse("person_boundary", args=[post.author_public_id]) + f"?{back}"


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
        "put_back_url": reverse("post_put_back", args=[post.public_id]),
    }
