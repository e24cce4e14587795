"""What authors are told about their own words: before they post, and while a moderator reads first."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.screening import CRISIS, HOSTILITY, MEDICAL, PERSONAL, SPAM, WATCHED, Found
from moderation.wording import OF_ANOTHER, in_words

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    type Words = str | StrPromise

# --- before anything is posted


@dataclass(frozen=True, slots=True)
class Question:
    """`noticed` says what was noticed, `why` why it matters and what they could do."""

    noticed: str
    why: str


_YOURS = gettext_lazy(
    "Everybody who reads here could see it, and you cannot take that back. If it is your own, you decide, and it is "
    "better kept to yourself. If it is somebody else’s, please leave it out."
)
_NEEDS_A_SOURCE = gettext_lazy(
    "Readers may act on it, and what helped one person can harm another. You could say what it was like for you, or "
    "name where you read it. If you post it as it is, a moderator looks whether it needs a source."
)
_QUESTIONS: "dict[tuple[str, str], tuple[Words, Words]]" = {
    (HOSTILITY, "threat"): (
        gettext_lazy("This can read as a threat"),
        gettext_lazy("Whoever reads it cannot know how it is meant. You could say what makes you angry instead."),
    ),
    (HOSTILITY, "slur"): (
        gettext_lazy("This word hurts people for who they are"),
        gettext_lazy("It lands on everybody who is called that, not only on whom you mean. Is there another word?"),
    ),
    (HOSTILITY, "insult"): (
        gettext_lazy("This can read as an insult"),
        gettext_lazy("Most people here are having a hard time. You could say what bothers you about what was said."),
    ),
    (HOSTILITY, "contempt"): (
        gettext_lazy("This can read as looking down on somebody"),
        gettext_lazy("You may not mean it so. You could disagree with what they say, rather than with who they are."),
    ),
    (HOSTILITY, "invalidates"): (
        gettext_lazy("This can read as: it is not so bad, or it is your own fault"),
        gettext_lazy(
            "To somebody who is low it can feel like a door that closes, even when it is meant to help. Would you like "
            "to say it another way?"
        ),
    ),
    (MEDICAL, "stop-or-start-treatment"): (
        gettext_lazy("This can read as telling somebody to stop, start or change a treatment"),
        gettext_lazy(
            "Changing a medicine quickly can be dangerous. You could tell what you did, or suggest to ask a doctor or "
            "pharmacist. If you post it as it is, a moderator looks at it."
        ),
    ),
    (MEDICAL, "dose"): (
        gettext_lazy("This can read as telling somebody how much to take"),
        gettext_lazy(
            "A dose that is right for one person can harm another. You could leave the number out. If you post it as "
            "it is, a moderator looks at it."
        ),
    ),
    (MEDICAL, "claims-a-cure"): (gettext_lazy("This can read as the promise of a cure"), _NEEDS_A_SOURCE),
    (MEDICAL, "against-treatment"): (gettext_lazy("This can read as advice against treatment"), _NEEDS_A_SOURCE),
    (MEDICAL, "recommends-a-remedy"): (
        gettext_lazy("This can read as recommending a remedy"),
        gettext_lazy("Some do not go together with other medicines. You could say that it is what you tried."),
    ),
    (PERSONAL, "e-mail"): (gettext_lazy("This looks like an e-mail address"), _YOURS),
    (PERSONAL, "phone"): (gettext_lazy("This looks like a phone number"), _YOURS),
    (PERSONAL, "street-address"): (gettext_lazy("This looks like a street address"), _YOURS),
    (PERSONAL, "name"): (gettext_lazy("This looks like a full name"), _YOURS),
    (PERSONAL, "messenger-handle"): (gettext_lazy("This looks like a name in another messenger or network"), _YOURS),
    (PERSONAL, "profile-link"): (gettext_lazy("This looks like a link to a profile elsewhere"), _YOURS),
    (PERSONAL, "ip-address"): (gettext_lazy("This looks like the address of a computer"), _YOURS),
    (PERSONAL, "bank-account"): (gettext_lazy("This looks like a bank account number"), _YOURS),
    (PERSONAL, "card"): (
        gettext_lazy("This looks like a card number"),
        gettext_lazy("Whoever has it could take money with it. You could leave it out."),
    ),
    (PERSONAL, "identity-number"): (
        gettext_lazy("This looks like an identity number"),
        gettext_lazy("Whoever has it could act in that name. You could leave it out."),
    ),
    (SPAM, "link"): (
        gettext_lazy("This is a link"),
        gettext_lazy(
            "Links are fine here where they help somebody. Links that sell something are taken away. Is it one that "
            "you would give to a friend?"
        ),
    ),
    (SPAM, "posted-before"): (
        gettext_lazy("You posted nearly the same words within the last day"),
        gettext_lazy("Once is enough for people to find it. They answer where it stands."),
    ),
}
_OF_ANOTHER: "tuple[Words, Words]" = (
    gettext_lazy("This looks like personal data of somebody else: %(what)s"),
    gettext_lazy("They cannot say whether they want it here. You could leave it out."),
)
_PROMOTION: "tuple[Words, Words]" = (
    gettext_lazy("This can read as promotion"),
    gettext_lazy(
        "Selling and promising cures are not for here. If that is not what you mean, you could leave out prices, "
        "offers and calls to contact somebody."
    ),
)
_WATCHED: "tuple[Words, Words]" = (
    gettext_lazy("This community takes care with these words"),
    gettext_lazy("Some readers are hurt by them. You could say it another way."),
)


def question(signal: Found) -> Question:
    """What the author is told about `signal`, which asks or holds."""
    noticed, why = _question(signal)
    return Question(str(noticed), str(why))


def _question(signal: Found) -> "tuple[Words, Words]":
    if signal.kind == PERSONAL and signal.rule.endswith(OF_ANOTHER):
        noticed, why = _OF_ANOTHER
        what = in_words(PERSONAL, signal.rule.removesuffix(OF_ANOTHER))
        return noticed % {"what": what[:1].lower() + what[1:]}, why
    # A link alone is none, beside other signs it is one of them.
    if signal.kind == SPAM and signal.rule != "posted-before" and not (signal.rule == "link" and not signal.priority):
        return _PROMOTION
    if signal.kind == WATCHED:
        return _WATCHED
    return _QUESTIONS[signal.kind, signal.rule]


# --- for authors, about what a moderator reads first

_URGES = gettext_lazy("because they can read as urging somebody to harm themselves.")
_METHOD = gettext_lazy("because they may tell of a way to die that somebody else could take up.")
_IN_DANGER = gettext_lazy("because they may mean that you are in danger.")
# The gravest reason first; one is enough.
_HELD: "dict[tuple[str, str], Words]" = {
    (CRISIS, "urges-another"): _URGES,
    (CRISIS, "gives-method"): _METHOD,
    (CRISIS, "asks-how"): gettext_lazy(
        "because they ask about ways to die. Nobody thinks less of you for it, and you do not have to be alone with it."
    ),
    (CRISIS, ""): _IN_DANGER,
    (HOSTILITY, ""): gettext_lazy("because they can read as a threat."),
    (PERSONAL, ""): gettext_lazy("because they seem to hold an identity number, or personal data of somebody else."),
    (SPAM, ""): gettext_lazy("because they look like promotion and you are new here. That may be a mistake."),
    (WATCHED, ""): gettext_lazy("because this community takes care with some of them."),
}
_DANGER_FIRST = [CRISIS, HOSTILITY, PERSONAL, SPAM, WATCHED]


def why_held(held: Collection[tuple[str, str]]) -> str:
    """A sentence for the author whose words are `held`, as kinds and rules; "" when nothing in the words is the reason.

    A goodbye comes before a method: it is about the one who wrote it.
    """
    kinds = {kind for kind, _rule in held}
    for kind in _DANGER_FIRST:
        if kind in kinds:
            rules = {rule for of, rule in held if of == kind}
            named = [(kind, rule) for rule in rules if (kind, rule) in _HELD]
            reason = _HELD[min(named)] if len(named) == len(rules) else _HELD[kind, ""]
            return _("A moderator reads them first, soon, %(because)s") % {"because": reason}
    return ""
