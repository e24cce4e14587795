"""What the verbs of the log say to people. An app that writes verbs of its own registers words for them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_words: "dict[str, StrPromise]" = {
    # Cases
    "claim": _("Took a case"),
    "release": _("Gave a case back"),
    "decline": _("Left a case to colleagues"),
    "hand-over": _("Handed a case over"),
    "ask-second": _("Asked a colleague to decide"),
    "stop-asking": _("No longer asked a colleague to decide"),
    "note": _("Wrote a note for colleagues"),
    "look-into": _("Opened a case about a member"),
    "message": _("Wrote to a member"),
    # Reports
    "flag": _("Reported something"),
    "flag-outside": _("Somebody without an account reported something"),
    "fold": _("Reports keep something from readers until a moderator looks"),
    # Decisions
    "decide:warn": _("Decided: a warning"),
    "undo": _("Undid a decision before it took effect"),
    "decision-returned": _("A decision did not take effect"),
    "decision-in-part": _("A decision took effect in part"),
    "decision-goes-on": _("A decision took effect, and something new was there to read"),
    "sanction": _("Limited an account"),
    "lift-sanction": _("Ended a limit on an account"),
    "appeal": _("Somebody asked for another look at a decision"),
    "appeal:upheld": _("Judged an appeal: the decision stands"),
    "appeal:changed": _("Judged an appeal: something else was decided"),
    "appeal:withdrawn": _("Judged an appeal: the decision was taken back"),
    # Somebody in danger
    "crisis:claimed": _("Began the crisis steps"),
    "crisis:contacted": _("Crisis steps: contacted them"),
    "crisis:emergency": _("Crisis steps: called emergency services"),
    "crisis:follow-up-day": _("Crisis steps: followed up after 24 hours"),
    "crisis:follow-up-week": _("Crisis steps: followed up after 7 days"),
    "crisis:closed": _("Ended the crisis steps"),
    "crisis:rest": _("Crisis steps: read what arrived"),
    # Shifts
    "shift-start": _("Began a shift"),
    "shift-pause": _("Paused a shift"),
    "shift-resume": _("Came back from a pause"),
    "shift-end": _("Ended a shift"),
    "handover-read": _("Read what was handed over"),
    # Who looked at what
    "roles-end": _("Left, and has no role any more"),
    "see-case": _("Looked at a case"),
    "see-decision": _("Read a decision about somebody else"),
    "see-appeal": _("Read an appeal"),
    "see-blocked": _("Looked at the members whom several others blocked"),
    "see-log": _("Searched this log"),
    "see-address": _("Saw somebody’s e-mail address"),
    "see-sessions": _("Saw where somebody is signed in"),
    "see-filters": _("Saw what somebody would rather not meet"),
    "see-mails": _("Looked up what became of somebody’s mails"),
    # What administrators keep
    "change-rule": _("Changed a guideline"),
    "move-rule": _("Moved a guideline"),
    "template-add": _("Added a template"),
    "template-change": _("Changed a template"),
    "template-move": _("Moved a template"),
    "watched-words-add": _("Watched for words"),
    "watched-words-change": _("Changed words that are watched"),
    "watched-words-retire": _("No longer watched for words"),
    "watched-words-resume": _("Watched for words again"),
    "change-roles": _("Changed somebody’s roles"),
    "invite": _("Made an invitation"),
    "invite-revoke": _("Took an invitation back"),
    "let-in": _("Let a newcomer in"),
    "turn-away": _("Did not let a newcomer in"),
}
_names: "dict[str, StrPromise]" = {
    "action": _("what was decided"),
    "actor": _("by"),
    "appeal": _("appeal"),
    "case": _("case"),
    "changes": _("from and to"),
    "decision": _("decision"),
    "hours": _("for how many hours"),
    "is_active": _("in use"),
    "is_curator": _("looks after articles"),
    "is_moderator": _("moderates"),
    "is_peer_supporter": _("peer supporter"),
    "is_staff": _("administers"),
    "is_superuser": _("may do everything"),
    "kind": _("which"),
    "known_as": _("called there"),
    "label": _("called"),
    "expression": _("words to find"),
    "member": _("member"),
    "members": _("members"),
    "message": _("message"),
    "note": _("note"),
    "order": _("order"),
    "own_report": _("had reported it themselves"),
    "purpose": _("for"),
    "reason": _("reason"),
    "remark": _("remark"),
    "report": _("report without an account"),
    "roles": _("roles"),
    "rule": _("guideline"),
    "sanction": _("limit"),
    "search": _("searched for"),
    "shift": _("shift"),
    "since": _("since"),
    "template": _("template"),
    "text": _("text"),
    "title": _("title"),
    "undone": _("what it had done was undone"),
    "until": _("until"),
    "values": _("as it is"),
    "verb": _("what was done"),
    "version": _("version"),
    "why": _("why"),
    "withheld_because": _("not told, because"),
    "withheld_until": _("not told before"),
    "words": _("words"),
}


def register(words: "Mapping[str, StrPromise]", *, names: "Mapping[str, StrPromise] | None" = None) -> None:
    """Words for verbs that another app writes, and for what it says beside them."""
    _words.update(words)
    _names.update(names or {})


def verb_in_words(verb: str) -> str:
    """What somebody did; "" for a verb that nobody writes any more."""
    return str(_words.get(verb, ""))


def name_in_words(name: str) -> str:
    """What is said beside a verb."""
    return str(_names.get(name, name.replace("_", " ")))
