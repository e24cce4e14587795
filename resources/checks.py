"""What a machine can see of a page before a person reads it: links, wording, how hard it is to read."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.wording import LOUD, NEVER

# Added to an address to see who followed it from where.
_TRACKING = re.compile(
    r"(?:utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|mkt_tok"
    r"|_hsenc|_hsmi|oly_enc_id|vero_id|wt_mc|ref_src|trk|s_cid|cmpid|ncid)",
    re.IGNORECASE,
)
# Added to an address to be paid for whoever follows it.
_AFFILIATE = re.compile(
    r"(?:tag|aff|aff_?id|affiliate(?:_?id)?|associate(?:-?id)?|ascsubtag|linkcode|partner_?id|irclickid|clickid|awc"
    r"|ranmid|raneaid|ransiteid|cjevent|ref|refid|referral(?:_?code)?|coupon|promo(?:_?code)?)",
    re.IGNORECASE,
)
_SHOP = re.compile(
    r"(?:^|\.)(?:(?:amazon|ebay|aliexpress|walmart|etsy|target|waterstones|barnesandnoble|thriftbooks|audible|bookshop"
    r"|wordery|iherb|hollandandbarrett|boots|rakuten|temu|shein|gumroad|udemy|betterhelp|talkspace)\.[a-z.]{2,6}"
    r"|myshopify\.com|amzn\.to|amzn\.eu)$|^(?:shop|store|buy|checkout)\.",
    re.IGNORECASE,
)
_SHOP_PATH = re.compile(r"/(?:cart|basket|checkout|buy|shop|store|products?)(?:/|$)", re.IGNORECASE)
_SHORTENER = re.compile(
    r"^(?:www\.)?(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|buff\.ly|lnkd\.in|is\.gd|rebrand\.ly|cutt\.ly|shorturl\.at"
    r"|rb\.gy|tiny\.cc)$",
    re.IGNORECASE,
)
# A picture’s text that says nothing about the picture.
_NO_TEXT = re.compile(r"(?:image|picture|photo|img|dsc)?[\W_\d]*(?:\.\w{3,4})?", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"”’)\]]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+(?:[\s”’\"')\]]|$)|\n+")

# Grade of Flesch and Kincaid (1975), roughly years at school. Public health bodies ask for six to eight; names of
# conditions and treatments cost about one.
HARDEST_GRADE = 9
# A grade of fewer words says nothing.
_FEWEST_WORDS = 80
_LONG_SENTENCE_WORDS = 30
_AT_MOST_SHOWN = 3


@dataclass
class Words:
    """What a page says, without its markup. `voice` leaves out what somebody else is quoted with."""

    text: list[str] = field(default_factory=list)
    voice: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    sources: int = 0

    def plain(self, text: str, *, quoted: bool = False) -> None:
        self.text.append(text)
        self.links += _ADDRESS.findall(text)
        if not quoted:
            self.voice.append(text)

    def rich(self, html: str) -> None:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        self.links += reader.links
        self.plain("".join(reader.parts))


class _Reader(HTMLParser):
    _ENDS = frozenset({"p", "li", "h2", "h3", "h4", "blockquote", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name == "href" and value and tag == "a"]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._ENDS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def findings(words: Words) -> list[str]:
    """What is to be mended, in sentences for the person who wrote it; empty when nothing is."""
    return [*_sources(words), *_links(words.links), *_wording(words), *_pictures(words.pictures), *_reading(words)]


def _sources(words: Words) -> Iterable[str]:
    if not words.sources:
        yield _("There is no source. Name at least one that a reader can look up.")


def _links(links: Sequence[str]) -> Iterable[str]:
    for link in dict.fromkeys(links):
        if problem := wrong_with_link(link):
            yield problem % {"link": link[:200]}


def wrong_with_link(link: str) -> str:
    """A sentence with a place for `%(link)s`, or ""."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return _("%(link)s is no address.")
    is_inside = not parts.scheme and not parts.netloc and link.startswith(("/", "#"))
    # Browsers read “\\” as “/”, so that “/\\example.org” leads to another site.
    if (is_inside or parts.scheme in ("mailto", "tel", "sms")) and "\\" not in link:
        return ""
    # As browsers read it: a shop is one whatever its name is written with.
    host = unicodedata.normalize("NFKC", unquote(parts.hostname or "")).lower().rstrip(".")
    if parts.scheme not in ("http", "https") or "." not in host:
        return _("%(link)s is no address that a reader could follow.")
    if _SHORTENER.search(host):
        return _("%(link)s hides where it leads. Use the address that it stands for.")
    if _SHOP.search(host) or _SHOP_PATH.search(parts.path):
        return _("%(link)s leads to a shop. Nothing is sold or promoted here.")
    return _wrong_with_what_is_added(f"{parts.query}&{parts.fragment}")


def _wrong_with_what_is_added(query: str) -> str:
    names = [name for name, _value in parse_qsl(query, keep_blank_values=True)]
    if any(_AFFILIATE.fullmatch(name) for name in names):
        return _("%(link)s could pay somebody for each reader. Use the address without what follows “?”.")
    if any(_TRACKING.fullmatch(name) for name in names):
        return _("%(link)s tells the other side where readers come from. Use the address without what follows “?”.")
    return ""


def _wording(words: Words) -> Iterable[str]:
    text = " ".join(" ".join(words.text).split())
    for said in dict.fromkeys(found[0].lower() for found in NEVER.finditer(text)):
        yield _("“%(said)s” is never said here. Say plainly what happened, without judgement or pressure.") % {
            "said": said
        }
    if LOUD.search(" ".join(words.voice)):
        yield _("There are exclamation marks or emoji. The library speaks quietly.")


def _pictures(texts: Sequence[str]) -> Iterable[str]:
    if any(_NO_TEXT.fullmatch(text.strip()) for text in texts):
        yield _("A picture has no text that says what it shows. Some readers only hear the page.")


def _reading(words: Words) -> Iterable[str]:
    """Counted as for English, so only where the site speaks English."""
    if not (get_language() or "en").startswith("en"):
        return
    text = "\n".join(words.voice)
    grade = reading_grade(text)
    if grade is None or grade <= HARDEST_GRADE:
        return
    yield _(
        "This asks for about %(years)d years of school. Shorter sentences and everyday words help tired readers."
    ) % {"years": round(grade)}
    long = [
        " ".join(sentence.split())
        for sentence in sentences(text)
        if len(_WORD.findall(sentence)) > _LONG_SENTENCE_WORDS
    ]
    for sentence in long[:_AT_MOST_SHOWN]:
        yield _("A long sentence: “%(sentence)s”") % {"sentence": sentence[:160]}


def sentences(text: str) -> list[str]:
    return [found for found in _SENTENCE_END.split(text) if _WORD.search(found)]


def reading_grade(text: str) -> float | None:
    """Flesch-Kincaid grade; None for a text too short to say."""
    words = _WORD.findall(text)
    if len(words) < _FEWEST_WORDS:
        return None
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences(text)) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    """About as many as one hears: groups of vowels, without a silent e at the end."""
    word = word.lower()
    groups = len(re.findall(r"[aeiouyáàâäéèêëíìîïóòôöúùûü]+", word))
    if (
        groups > 1
        and re.search(r"(?:[^l]e|[^aeiouydt]es|[^dt]ed)$", word)
        and not word.endswith(("ee", "ses", "ces", "ges"))
    ):
        groups -= 1
    return max(1, groups)
