"""Posts as finished HTML: a card with nothing of the reader in it, and the reader's own bits laid over it."""

from collections.abc import Sequence

from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from forums.access import PostRow, Responses
from forums.models import Reaction, Thread
from members.models import Member
from members.requests import MemberRequest

MARK, ACTIONS = "<!--slot:mark-->", "<!--slot:actions-->"


def card(post: PostRow) -> SafeString:
    """The card of one post, the same for every reader."""
    return render_to_string("components/post_card.html", {"post": post})


def cards_for(
    request: MemberRequest, thread: Thread, posts: Sequence[PostRow], responses: Responses, last_read: int
) -> list[SafeString]:
    """Each post's card with this reader's mark, responses and actions. No query."""
    member = request.user
    actions = get_template("components/post_actions.html")
    new = f'<span class="mark-new">{_("new")}</span>'
    shown = []
    for post in posts:
        html = card(post).replace(MARK, new if post.number > last_read and post.author_id != member.pk else "")
        bits = "" if post.is_folded else actions.render(actions_context(member, thread, post, responses), request)
        shown.append(mark_safe(html.replace(ACTIONS, bits)))  # noqa: S308 - both parts were escaped by templates
    return shown


def actions_context(member: Member, thread: Thread, post: PostRow, responses: Responses) -> dict[str, object]:
    names = responses.names.get(post.id, {})
    return {
        "post": post,
        "mine": post.author_id == member.pk,
        "my_reactions": responses.mine.get(post.id, frozenset()),
        "reaction_choices": Reaction.Kind.choices,
        "others_reacted": post.id in responses.others,
        "reactors": [(label, names[kind]) for kind, label in Reaction.Kind.choices if kind in names],
        "react_url": reverse("react", args=[post.public_id]),
        "reply_url": reverse("reply", args=[thread.public_id]) + f"?to={post.number}",
        "flag_url": reverse("flag", args=["post", post.public_id]),
        "can_reply": not thread.is_closed,
        "bookmarked": post.id in responses.bookmarked,
    }
