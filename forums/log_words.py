"""What the verbs that forums write into the log say to people."""

from django.utils.translation import gettext_lazy as _

from forums.deeds import Deed
from moderation import log_words

log_words.register(
    {deed.value: deed.label for deed in Deed}
    | {
        "see-author": _("Saw who wrote under another name"),
        "see-versions": _("Read earlier versions that others cannot"),
        "board-create": _("Made a board"),
        "board-change": _("Changed a board"),
        "board-move": _("Moved a board"),
        "gathering-create": _("Made a gathering"),
        "gathering-change": _("Changed a gathering"),
        "gathering-pause": _("Paused a gathering"),
        "gathering-resume": _("Resumed a gathering"),
        "decide:approve": _("Decided: leave it, and show it"),
        "decide:keep": _("Decided: leave it out of sight"),
        "decide:clear": _("Decided: take the words from the profile"),
        "decide:edit": _("Decided: edit it"),
        "decide:hide": _("Decided: hide it"),
        "decide:remove": _("Decided: remove it"),
        "decide:notes": _("Decided: add content notes"),
        "decide:lock": _("Decided: close the thread to replies"),
        "decide:slow": _("Decided: slow the thread down"),
        "decide:move": _("Decided: move the thread"),
        "decide:close-as-asked": _("Decided: close the thread, as its author asked"),
    },
    names={
        "after": _("after"),
        "before": _("before"),
        "board": _("board"),
        "gathering": _("gathering"),
        "into": _("joined to thread"),
        "minutes": _("minutes between replies"),
        "posts": _("how many posts"),
        "source": _("from thread"),
        "thread": _("thread"),
    },
)
