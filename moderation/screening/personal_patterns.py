"""The patterns of personal data: what is the same in all languages, and what needs a language's words.

They run over the text itself, where signs, digits and capitals count. Each repeats a bounded number of times, so
that the work grows with the length of the text and no faster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from moderation.screening.languages import Alternatives, Personal

EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,24}(?!\w)")
_PROVIDER = r"(?:gmail|g mail|hotmail|yahoo|outlook|icloud|proton(?:mail)?|gmx|aol|live|mail|web)"
# What each of the next has in it, and few other texts have. It is found sooner.
AT_A_PROVIDER = re.compile(rf"(?: at |[)\]}}@]) ?{_PROVIDER}|[(\[{{]at[)\]}}]", re.IGNORECASE)
EMAIL_IN_WORDS = re.compile(
    rf"(?<![\w.+%-])[\w.+%-]{{2,64}} ?(?:\(at\)|\[at\]|\{{at\}}| at |@) ?{_PROVIDER}"
    r" ?(?:\(dot\)|\[dot\]|\{dot\}| dot |\.) ?(?:com|net|org|de|co\.uk|me|fr)\b"
    r"|(?<![\w.+%-])[\w.+%-]{2,64} ?(?:\(at\)|\[at\]|\{at\}) ?[\w-]{2,63} ?"
    r"(?:\(dot\)|\[dot\]|\{dot\}|\.) ?[a-z]{2,10}\b",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?<![\w.,:/=?&#-])(?:\+|00)?(?:\(\+?\d{1,4}\))?\d?[ .\-/]{0,2}"
    r"(?:\(?\d{1,6}\)?[ .\-/]{0,2}){1,6}\d{2,}(?: ?x\d{1,5})?(?![\w%:]|[.,]\d)"
)
DATE = re.compile(
    r"(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2}(?:\b.*)?"
    r"|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d\d"
    r"|(?:(?:19|20)\d\d[ /\-]+)+(?:19|20)?\d\d"
)
LONG_NUMBER = re.compile(r"(?<!\d)(?<!\d[ -])\d(?:[ -]?\d){11,18}(?![ -]?\d)")
IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])")
IP4 = re.compile(r"(?<![\w.])(?<!version )(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
IP6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")
US_SOCIAL = re.compile(r"(?<![\w-])\d{3}([- .]| - )\d{2}\1\d{4}(?![\w-])")
UK_INSURANCE = re.compile(r"(?<!\w)[A-Za-z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-Da-d](?!\w)")
PROFILE = re.compile(
    r"(?<![\w.])(?:https?://)?(?:www\.|m\.|mobile\.)?"
    r"(?:(?:instagram|facebook|tiktok|snapchat|twitter|linkedin|threads|onlyfans|tumblr|twitch|youtube|pinterest|"
    r"steamcommunity|bsky|x|paypal|cash|ko-fi|patreon)\.(?:com|net|app|me)/[@\w%.\-/]{2,60}"
    r"|(?:fb|t|wa|m)\.me/[\w+\-/]{2,60}"
    r"|(?:discord\.gg|discord\.com/invite|discord\.com/users|chat\.whatsapp\.com|signal\.me|linktr\.ee|"
    r"reddit\.com/u(?:ser)?)/[\w#\-/]{2,60})",
    re.IGNORECASE,
)
DISCORD_TAG = re.compile(r"(?<![\w#])[\w.]{2,32}#\d{4}(?!\w)")


@dataclass(frozen=True, slots=True)
class Said:
    """What a language says around personal data, compiled."""

    says_phone: re.Pattern[str]
    says_card: re.Pattern[str]
    of_another: re.Pattern[str]
    identity: re.Pattern[str]
    handle: re.Pattern[str]
    name: re.Pattern[str]
    street: re.Pattern[str]


def of(table: Personal) -> Said:
    return Said(
        says_phone=_whole(table.says_phone),
        says_card=_whole(table.says_card),
        of_another=_whole(table.of_another),
        identity=_identity(table),
        handle=_handle(table),
        name=_name(table),
        street=re.compile("|".join(_streets(table)), re.IGNORECASE),
    )


def _any(said: Alternatives) -> str:
    return f"(?:{'|'.join(said)})"


def _whole(said: Alternatives) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any(said)}(?!\w)", re.IGNORECASE)


def _identity(table: Personal) -> re.Pattern[str]:
    few_words = r"[^\w\n]{0,3}(?:[^\W\d_]{2,10}[^\w\n]{1,3}){0,4}"
    number = r"(?P<it>(?=[\w.\-]{0,12}\d)[A-Z0-9](?:[.\-]?[A-Z0-9]){4,18}|\d{2,4}(?: \d{2,4}){2,3})"
    return re.compile(rf"(?<!\w){_any(table.says_identity)}(?!\w){few_words}{number}(?!\w)", re.IGNORECASE)


def _handle(table: Personal) -> re.Pattern[str]:
    """A service and what looks like a name there: after a colon or an @, or with a digit or a sign in it."""
    between = rf"(?: {_any(table.between_handle)}){{0,4}}"
    marked = r" ?[:=@]+ ?@?[\w.#\-]{3,32}| @[\w.]{3,32}| (?:is|as) [\w.#\-]{0,20}[\d_.#][\w.#\-]{0,20}\w"
    return re.compile(rf"(?<!\w){_any(table.says_handle)}(?!\w){between}(?:{marked})", re.IGNORECASE)


def _name(table: Personal) -> re.Pattern[str]:
    """A name after "my name is" or a title, or with an initial in the middle. Two capitals alone are no name."""
    name = r"[^\W\d_a-z][^\W\d_]{0,30}[a-zß-ÿ'’\-][^\W\d_]{0,30}"
    title = rf"(?i:{_any(table.titles)})\.?"
    middle = r"(?: [^\W\d_]\.?)?"
    said = rf"(?i:{_any(table.says_name)})[:,?]?\s{{1,5}}(?:(?i:{_any(table.speaker)}):?\s{{1,5}})?"
    return re.compile(
        rf"(?<!\w)(?:{said}(?P<it>(?:{title} )?{name}{middle}(?: {name}){{1,2}})"
        rf"|(?P<title>{title} {name}{middle}(?: {name})?)"
        rf"|(?P<initial>{name} [^\W\d_a-z]\.? {name}))(?!\w)"
    )


def _streets(table: Personal) -> Iterator[str]:
    number, word, capital = r"(?<![\w.,])\d{1,5}[a-z]?", r"[^\W\d_][\w'’.\-]{0,24}", r"[A-Z][\w'’.\-]{0,24}"
    streets, ambiguous = _any(table.streets), _any(table.ambiguous_streets)
    foreign, endings, units = _any(table.foreign_streets), _any(table.foreign_endings), _any(table.units)
    # 12 Long Meadow Road
    not_after = rf"(?! \w{{1,20}} {_any(table.not_after_street)})"
    yield rf"{number},? (?:[nsew]\.? )?(?:{word} |\d{{1,4}} ){{1,4}}{streets}\b\.?{not_after}"
    yield rf"{number},? (?-i:(?:[NSEW]\.? )?(?:{capital} ){{1,3}}{ambiguous}\b\.?)"
    # Villa Street 12; Rue du Port 12, 12 rue du Port; Lindenweg 12, 12 Lindenweg
    yield rf"(?<!\w){word} (?:{streets}|straße|strasse) \d{{1,4}}\b"
    yield rf"{number},? (?:\d{{1,4}} )?{foreign}\.? {word}(?: {word}){{0,3}}"
    yield rf"(?<!\w){foreign}\.? (?:{word} ){{1,4}}\d{{1,4}}\b"
    yield rf"(?<!\w)[^\W\d_]{{3,25}}{endings} \d{{1,4}}[a-z]?\b"
    yield rf"{number} [^\W\d_]{{3,25}}{endings}(?: \d{{1,4}})?\b"
    # Flat 4, Long Meadow, 12345; 12 Long Meadow, Apt. 4
    unit = rf"{units}\.? #?\d{{1,5}}[a-z]?\b"
    yield rf"(?<!\w){unit}(?:[\s,/]{{1,4}}[^\W\d_][\w.\-]{{0,24}}){{1,4}}[\s,/]{{1,4}}(?:\d{{4,6}}|[A-Z]{{2}}\b)"
    yield rf"{number} {word}(?: {word}){{0,3}},? (?:\d{{1,4}}[.,]? ?)?[\s,]{{0,6}}{units}\.? #?\d{{1,5}}"
    yield rf"(?<!\w){_any(table.boxes)} ?#?\d{{2,6}}\b"
    yield rf"(?<!\w){_any(table.lives)} (?:the )?(?:{number} {word}|{word}(?: {word})? \d{{1,4}}\b)"
    # A British postcode says the street by itself.
    yield r"(?<!\w)(?-i:[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?!\w)"
