"""Whole replies for one tap (M5): for those who want to answer and have no words today.

They are said in the member's own name, so each is true of anybody who has read the thread. Where only listening
was asked for, none of them tells or advises anything.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from forums.models import SupportType

_PHRASES = {
    "read": _("I read this, and I am here."),
    "heavy": _("That sounds heavy. Thank you for saying it."),
    "no_words": _("I have no words today, and I did not want to pass by."),
    "understandable": _("What you feel makes sense to me."),
    "know": _("I know this from my own days."),
    "near": _("I have been somewhere near this, too."),
    "no_idea": _("I have no idea to offer, and I read every word."),
    "how_it_goes": _("I would like to hear how it goes, if you feel like telling."),
    "glad": _("I am glad with you."),
    "not_small": _("That is not a small thing to me."),
    "thanks_for_telling": _("Thank you for telling us."),
    "thanks": _("Thank you for answering."),
    "it_helped": _("It helped to read this."),
    "later": _("I read it. I will write more another day."),
}
_FOR = {
    SupportType.LISTENING: ("read", "heavy", "no_words", "understandable"),
    SupportType.EXPERIENCES: ("know", "near", "read", "no_words"),
    SupportType.IDEAS: ("read", "no_idea", "how_it_goes", "heavy"),
    SupportType.WIN: ("glad", "not_small", "thanks_for_telling"),
}
_BY_THE_AUTHOR = ("thanks", "it_helped", "later")


def phrases_for(support_type: SupportType, *, own: bool) -> Sequence[tuple[str, str]]:
    """Keys and words, in the order in which they are offered. `own`: to those who answered one's own thread."""
    return [(key, str(_PHRASES[key])) for key in (_BY_THE_AUTHOR if own else _FOR[support_type])]
