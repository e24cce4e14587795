"""Words to begin with, for when there are none (M2): by what a thread asks for, and for who answers one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from forums.models import SupportType

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# Those that end in “…” or a colon are half a sentence: what comes next is the writer's own.
_THREADS: "Mapping[SupportType, Sequence[StrPromise]]" = {
    SupportType.LISTENING: (
        _("Today I need…"),
        _("I do not need advice. I only want to say that…"),
        _("It is hard to put into words. I begin with…"),
    ),
    SupportType.EXPERIENCES: (
        _("I wonder if anybody else knows this:"),
        _("Has it been like this for you, too?"),
        _("I have not told many people that…"),
    ),
    SupportType.IDEAS: (
        _("Today I need an idea for…"),
        _("What I have tried so far:"),
        _("One small thing that would help me is…"),
    ),
    SupportType.WIN: (
        _("Something went a little better today:"),
        _("I did a thing that is usually hard:"),
        _("I want to keep hold of this:"),
    ),
}
_REPLIES: "Mapping[SupportType, Sequence[StrPromise]]" = {
    SupportType.LISTENING: (
        _("I read this and wanted you to know you are not alone with it."),
        _("That sounds heavy. I am here."),
        _("Thank you for saying it here."),
        _("I do not have the right words, and I read every one of yours."),
    ),
    SupportType.EXPERIENCES: (
        _("I know something like this."),
        _("For me it was like…"),
        _("I have not lived this, and I read it to the end."),
    ),
    SupportType.IDEAS: (
        _("Something that helped me a little was…"),
        _("You could try… It may not fit you, and that is fine."),
        _("I have no idea to offer, and I am thinking of you."),
    ),
    SupportType.WIN: (
        _("I am glad with you."),
        _("That took something. It counts."),
        _("It does me good to read this."),
    ),
}
_BY_THE_AUTHOR = (
    _("Thank you for answering."),
    _("It helped to read this."),
    _("To say a little more:"),
)


@dataclass(frozen=True)
class Group:
    """The phrases that go with one support type, as (key, phrase) pairs."""

    support_type: SupportType
    phrases: "Sequence[tuple[str, StrPromise]]"


def for_threads() -> Sequence[Group]:
    return [_group(support, phrases) for support, phrases in _THREADS.items()]


def for_replies(support_type: SupportType, *, own: bool) -> Group:
    """`own`: for whoever started the thread, and answers the answers."""
    return _group(support_type, _BY_THE_AUTHOR if own else _REPLIES[support_type])


def _group(support_type: SupportType, phrases: "Sequence[StrPromise]") -> Group:
    return Group(support_type, [(f"{support_type.value}-{number}", phrase) for number, phrase in enumerate(phrases)])


def phrase(groups: Sequence[Group], key: str | None) -> str | None:
    """The phrase that a button with the value `key` stands for."""
    known = {name: str(words) for group in groups for name, words in group.phrases}
    return known.get(key or "")


def added(words: str, phrase: str) -> str:
    """`words` with `phrase` behind them, ready to be written on."""
    begin = phrase.removesuffix("…").rstrip() + " "
    return begin if not words.strip() else f"{words.rstrip()} {begin}"
