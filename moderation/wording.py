"""What signals are called, for the moderators who read them. For authors: moderation/questions.py."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.screening import (
    ASKS_FOR_HELP,
    CLOSING_ASKED,
    CRISIS,
    HOSTILITY,
    MEDICAL,
    PERSONAL,
    READ_FIRST,
    SPAM,
    WATCHED,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    type Words = str | StrPromise

# Why something is read first tells who wrote it: how new they are, or which limit they have. It may be under an alias.
_ANY_READ_FIRST = gettext_lazy("It is read before others see it")

OF_ANOTHER = "-of-another"

_KINDS: "dict[str, Words]" = {
    CRISIS: gettext_lazy("Words of danger to oneself"),
    HOSTILITY: gettext_lazy("Words that may hurt somebody"),
    MEDICAL: gettext_lazy("Advice on treatment, or a claim of a cure"),
    PERSONAL: gettext_lazy("Personal data"),
    SPAM: gettext_lazy("Looks like promotion"),
    WATCHED: gettext_lazy("Words that this community watches"),
}
# How somebody stands to an act; `%(do)s` is “die”, `%(doing)s` “dying”.
_STANCES: "dict[str, Words]" = {
    "plans-to": gettext_lazy("Says that they plan to %(do)s"),
    "will": gettext_lazy("Says that they will %(do)s"),
    "is-close-to": gettext_lazy("Sounds close to %(doing)s"),
    "wants-to": gettext_lazy("Says that they want to %(do)s"),
    "is-held-back-from": gettext_lazy("Names what keeps them from %(doing)s"),
    "thinks-of": gettext_lazy("Tells of thoughts of %(doing)s"),
    "tried-to": gettext_lazy("Tells that they tried to %(do)s"),
    "wanted-to": gettext_lazy("Tells that they once wanted to %(do)s"),
    "was-going-to": gettext_lazy("Tells that they were going to %(do)s"),
    "may": gettext_lazy("Says that they might %(do)s"),
    "speaks-of": gettext_lazy("Speaks of %(doing)s"),
    "was-told-to": gettext_lazy("Tells that somebody told them to %(do)s"),
    "does-not": gettext_lazy("Says that they do not want to %(do)s"),
    "somebody-else": gettext_lazy("Speaks of somebody else %(doing)s"),
}
_ACTS: "dict[str, tuple[Words, Words]]" = {
    "end-life": (gettext_lazy("end their life"), gettext_lazy("ending their life")),
    "suicide": (gettext_lazy("die by suicide"), gettext_lazy("dying by suicide")),
    "die": (gettext_lazy("die"), gettext_lazy("dying")),
    "harm-self": (gettext_lazy("harm themselves"), gettext_lazy("harming themselves")),
}
_RULES: "dict[tuple[str, str], Words]" = {
    (CRISIS, "wants-not-to-live"): gettext_lazy("Says that they do not want to live"),
    (CRISIS, "no-reason-to-live"): gettext_lazy("Sees no reason to live"),
    (CRISIS, "is-suicidal"): gettext_lazy("Says that they feel suicidal"),
    (CRISIS, "suicide-is-the-way-out"): gettext_lazy("Calls suicide or death the way out"),
    (CRISIS, "plans"): gettext_lazy("Speaks of a plan, a day or a place"),
    (CRISIS, "means-at-hand"): gettext_lazy("Has, or is getting, the means"),
    (CRISIS, "took-overdose"): gettext_lazy("May have taken an overdose"),
    (CRISIS, "attempted"): gettext_lazy("Speaks of an attempt"),
    (CRISIS, "has-attempted"): gettext_lazy("Tells of an attempt of their own"),
    (CRISIS, "speaks-of-means"): gettext_lazy("Mentions a means"),
    (CRISIS, "close-to-it"): gettext_lazy("Says that they may “do it”"),
    (CRISIS, "goodbye"): gettext_lazy("Words that may be a goodbye"),
    (CRISIS, "farewell"): gettext_lazy("Says farewell, or thanks as for the last time"),
    (CRISIS, "names-methods"): gettext_lazy("Names a way to die"),
    (CRISIS, "settles-affairs"): gettext_lazy("Puts their affairs in order"),
    (CRISIS, "asks-how"): gettext_lazy("Asks for a way to die, or how much it takes"),
    (CRISIS, "gives-method"): gettext_lazy("Tells a way to die"),
    (CRISIS, "pact"): gettext_lazy("Looks for somebody to die with"),
    (CRISIS, "urges-another"): gettext_lazy("Urges somebody to die"),
    (HOSTILITY, "threat"): gettext_lazy("May be a threat"),
    (HOSTILITY, "slur"): gettext_lazy("A slur"),
    (HOSTILITY, "insult"): gettext_lazy("An insult"),
    (HOSTILITY, "contempt"): gettext_lazy("Words of contempt"),
    (HOSTILITY, "invalidates"): gettext_lazy("Denies what somebody feels"),
    (MEDICAL, "stop-or-start-treatment"): gettext_lazy("Tells somebody to stop, start or change a treatment"),
    (MEDICAL, "dose"): gettext_lazy("Tells somebody how much to take"),
    (MEDICAL, "claims-a-cure"): gettext_lazy("Claims a cure (needs a source)"),
    (MEDICAL, "against-treatment"): gettext_lazy("Speaks against treatment (needs a source)"),
    (MEDICAL, "recommends-a-remedy"): gettext_lazy("Recommends a remedy"),
    (PERSONAL, "e-mail"): gettext_lazy("An e-mail address"),
    (PERSONAL, "phone"): gettext_lazy("A phone number"),
    (PERSONAL, "street-address"): gettext_lazy("A street address"),
    (PERSONAL, "name"): gettext_lazy("A full name"),
    (PERSONAL, "messenger-handle"): gettext_lazy("A name in another messenger or network"),
    (PERSONAL, "profile-link"): gettext_lazy("A link to a profile elsewhere"),
    (PERSONAL, "ip-address"): gettext_lazy("An IP address"),
    (PERSONAL, "bank-account"): gettext_lazy("A bank account number"),
    (PERSONAL, "card"): gettext_lazy("A card number"),
    (PERSONAL, "identity-number"): gettext_lazy("An identity number"),
    (SPAM, "prize"): gettext_lazy("Promotion: a prize or a gift"),
    (SPAM, "call-to-action"): gettext_lazy("Promotion: calls on people to act now"),
    (SPAM, "number-to-call"): gettext_lazy("Promotion: a number to call or text"),
    (SPAM, "small-print"): gettext_lazy("Promotion: terms and conditions"),
    (SPAM, "free"): gettext_lazy("Promotion: something for free"),
    (SPAM, "urgent"): gettext_lazy("Promotion: says that it is urgent"),
    (SPAM, "money"): gettext_lazy("Promotion: speaks of money"),
    (SPAM, "get-rich"): gettext_lazy("Promotion: promises profit"),
    (SPAM, "gadgets"): gettext_lazy("Promotion: phones and their contracts"),
    (SPAM, "dating"): gettext_lazy("Promotion: dating, or adult content"),
    (SPAM, "drugs-for-sale"): gettext_lazy("Promotion: medicines or drugs for sale"),
    (SPAM, "contact-bait"): gettext_lazy("Promotion: draws people to a contact elsewhere"),
    (SPAM, "miracle-cure"): gettext_lazy("Promotion: a miracle cure"),
    (SPAM, "link"): gettext_lazy("A link"),
    (SPAM, "shortened-link"): gettext_lazy("A shortened link, which hides where it leads"),
    (SPAM, "affiliate-link"): gettext_lazy("A link that earns its sender money"),
    (SPAM, "money-sign"): gettext_lazy("Promotion: a price"),
    (SPAM, "long-number"): gettext_lazy("Promotion: a long number"),
    (SPAM, "capitals"): gettext_lazy("Promotion: words in capitals"),
    (SPAM, "posted-before"): gettext_lazy("Nearly the same as its author posted within a day"),
    (SPAM, "repeats-itself"): gettext_lazy("Repeats the same line"),
    (CLOSING_ASKED, "by-author"): gettext_lazy("Its author asks for the thread to be closed"),
    (ASKS_FOR_HELP, "by-author"): gettext_lazy("Its author asks a moderator to reach out"),
}


def in_words(kind: str, rule: str) -> str:
    """What a signal is about, for the moderator who reads the case."""
    if kind == READ_FIRST:
        return str(_ANY_READ_FIRST)
    if named := _RULES.get((kind, rule)):
        return str(named)
    if kind == CRISIS and (acted := _acted(rule)):
        return acted
    if kind == PERSONAL and rule.endswith(OF_ANOTHER):
        what = in_words(kind, rule.removesuffix(OF_ANOTHER))
        return _("%(what)s of somebody else") % {"what": what}
    kind_in_words = _KINDS.get(kind, kind)
    # The label of watched words is in an admin's own words; anything else here is a rule that is gone since.
    return f"{kind_in_words}: {rule if kind == WATCHED else rule.replace('-', ' ')}"


def _acted(rule: str) -> str:
    for act, (do, doing) in _ACTS.items():
        stance = rule.removesuffix(f"-{act}")
        if stance in _STANCES and stance != rule:
            return str(_STANCES[stance] % {"do": do, "doing": doing})
    return ""
