"""The page that always answers, made ahead for every country and language: files that are read when it is asked for.

`HELP_DIR/current` points to the set that is shown. A new set is written beside it, looked through, and only then
pointed to, in one step; whoever is interrupted before leaves the old one as it was. A set holds what it was made from
(helplines.json), so that whatever else shows lines has the same ones.
"""

import datetime as dt
import hashlib
import json
import logging
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import get_language_info
from django.utils.translation.trans_real import parse_accept_lang_header

from resources import helplines, opening
from resources.helplines import Channel, Countries, Country, Helpline

log = logging.getLogger(__name__)

TEMPLATE = "resources/help_now.html"
# What somebody on a slow line at night can wait for.
MOST_BYTES = 20_000
# The page of whoever has not said where they are.
NOWHERE = "none"
# The one that is shown, and the one before, which somebody may just be reading.
SETS_KEPT = 2
_MADE_FROM = "helplines.json"
_MARK = re.compile(r"<!--open ([^|>]*)\|([^>]*)-->")


class UnfitPageError(Exception):
    """A page that must not be shown: it is too long, or lacks what somebody would look for. Says which and why."""


@dataclass(frozen=True)
class Kept:
    """One set: where it is, and what it was made from."""

    folder: Path
    countries: Countries
    # By language: what the pages looked like around their lines. Others were made by another version of the site.
    frames: Mapping[str, str]
    # After this day a line on them is no longer what they say it is.
    good_until: dt.date | None

    @property
    def is_good(self) -> bool:
        return self.good_until is None or helplines.today() <= self.good_until


def kept() -> Kept | None:
    """The set that is shown; None where there is none that can be read."""
    current = _folder() / "current"
    try:
        return _read_set(current.resolve(strict=True))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        log.exception("What was kept of the helplines in %s cannot be read.", current)
        return None


def languages() -> Sequence[tuple[str, str]]:
    """Those that the page is made in, each with what it calls itself; the site's own first."""
    return [(code, _own_name(code)) for code in settings.HELP_LANGUAGES]


def language_for(asked: str, accepted: str) -> str:
    """The one that was `asked` for, or the best of those that a browser says it takes, or the site's own."""
    known: list[str] = list(settings.HELP_LANGUAGES)
    wanted = (asked.lower(), *(code for code, _weight in parse_accept_lang_header(accepted)))
    for code in wanted:
        near = [one for one in known if one.partition("-")[0] == code.partition("-")[0]]
        if near:
            return code if code in near else near[0]
    return known[0]


def file_of(country: Country | None, language: str) -> str:
    """In the folder of a set."""
    return f"{language}/{country.code if country else NOWHERE}.html"


def make(countries: Countries, country: Country | None, language: str, *, ahead: bool = False) -> str:
    """The page. Made `ahead`, it has marks instead of what depends on the hour."""
    context = {
        "countries": [(each.code, each.name, each is country) for each in countries.values()],
        "country": country,
        "elsewhere": countries.get(helplines.ELSEWHERE),
        "languages": languages() if len(settings.HELP_LANGUAGES) > 1 else (),
        "language": language,
        "ahead": ahead,
        "SITE_NAME": settings.SITE_NAME,
    }
    # Without a request: no context processor runs, so nothing can ask for a session.
    with translation.override(language):
        return render_to_string(TEMPLATE, context)


def page(countries: Countries, country: Country | None, language: str) -> str:
    """The page to show: as it was made ahead while that is right, else made now, else as it was made the last time."""
    found = kept()
    if found and found.is_good and _fits(found, language) and (html := _read(found, country, language)):
        return html
    try:
        return make(countries, country, language)
    except Exception:
        if found and (html := _read(found, country, language)):
            log.exception("The page for help cannot be made. The last one is shown.")
            return html
        raise


def _fits(found: Kept, language: str) -> bool:
    """Whether this version of the site would make it the same; one that cannot make any leaves it as it is."""
    try:
        return found.frames.get(language) == frame(language)
    except Exception:
        log.exception("The page for help cannot be made. The last one is shown.")
        return True


def _read(found: Kept, country: Country | None, language: str) -> str | None:
    """The page as it was made ahead, with what is open now; None where it is not there."""
    path = found.folder / file_of(country, language)
    try:
        html = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        log.exception("The page for help in %s cannot be read, and is made now.", path)
        return None
    with translation.override(language):
        return _MARK.sub(_open_now, html)


def is_current(countries: Countries) -> bool:
    """Whether the set that is shown was made from these, by this version of the site, and still holds."""
    found = kept()
    if found is None or not found.is_good:
        return False
    frames = {language: frame(language) for language in settings.HELP_LANGUAGES}
    same = list(found.countries.values()) == list(countries.values())
    return same and found.frames == frames and _whole(found)


def write(countries: Countries) -> Path:
    """Make every page, look through them, and show them from now on: all of them or none.

    Raises:
        UnfitPageError: one of them must not be shown.
        OSError: they cannot be written.
    """
    name = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    folder = _folder() / "sets" / name
    folder.mkdir(parents=True)
    try:
        _fill(folder, countries)
        _point_to(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    _forget_old(folder)
    return folder


@cache
def frame(language: str) -> str:
    """What the page looks like around its lines, as this process would make it: changes with a template, a word or a
    style sheet, so that no page leads to files that are gone."""
    sample, bare = _samples()
    countries = {country.code: country for country in (sample, bare)}
    made = [make(countries, country, language, ahead=True) for country in (sample, bare, None)]
    return hashlib.sha256("".join(made).encode()).hexdigest()


def _samples() -> tuple[Country, Country]:
    """With everything that a line can have, and without any line."""
    ways = (
        Channel("call", "0", "0"),
        Channel("text", "0", "0"),
        Channel("text", "0", "0", "A"),
        Channel("chat", "a", "b"),
    )
    long_ago, far = dt.date(2000, 1, 1), dt.date(9000, 1, 1)
    lines = tuple(
        Helpline("a", "b", "c", "UTC", ("d",), "e", "https://a.invalid", ways, verified_on, review_by, hours)
        for hours in (opening.UNKNOWN, opening.Opening(always=True))
        for verified_on, review_by in ((None, None), (long_ago, None), (long_ago, far), (long_ago, long_ago))
    )
    return Country("AA", "a", "b", "0", "c", lines), Country(helplines.ELSEWHERE, "a", "b", "", "", ())


# --- one set -------------------------------------------------------------------------------------------------


def _own_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def _folder() -> Path:
    return Path(settings.HELP_DIR)


@lru_cache(maxsize=2)
def _read_set(folder: Path) -> Kept:
    data: dict[str, Any] = json.loads((folder / _MADE_FROM).read_text(encoding="utf-8"))
    until = data["good_until"]
    return Kept(
        folder=folder,
        countries=helplines.from_rows(data["country"]),
        frames=data["frames"],
        good_until=dt.date.fromisoformat(until) if until else None,
    )


def _whole(found: Kept) -> bool:
    codes = (*found.countries, NOWHERE)
    return all((found.folder / language / f"{code}.html").is_file() for language in found.frames for code in codes)


def _fill(folder: Path, countries: Countries) -> None:
    for language in settings.HELP_LANGUAGES:
        (folder / language).mkdir()
        for country in (*countries.values(), None):
            html = make(countries, country, language, ahead=True)
            name = country.code if country else NOWHERE
            _look_through(html, country, f"{name} ({language})")
            _write_down(folder / language / f"{name}.html", html)
    ends = [line.review_by for each in countries.values() for line in each.helplines if line.verified]
    made_from = {
        "made_at": dt.datetime.now(dt.UTC).isoformat(),
        "frames": {language: frame(language) for language in settings.HELP_LANGUAGES},
        "good_until": min((end for end in ends if end), default=None),
        "country": helplines.as_rows(countries),
    }
    _write_down(folder / _MADE_FROM, json.dumps(made_from, default=str, ensure_ascii=False, indent=1))


def _look_through(html: str, country: Country | None, name: str) -> None:
    size = len(html.encode())
    if size > MOST_BYTES:
        raise UnfitPageError(f"The page for {name} has {size} bytes, and may have {MOST_BYTES}.")
    links = [way.href for line in country.helplines for way in line.channels] if country else []
    if country and country.emergency_dial:
        links.append(f"tel:{country.emergency_dial}")
    missing = [link for link in links if f'href="{escape(link)}"' not in html]
    if missing or not html.rstrip().endswith("</html>"):
        raise UnfitPageError(f"The page for {name} lacks {', '.join(missing) or 'its end'}.")


def _write_down(path: Path, text: str) -> None:
    """On the disk, not only on its way there: after a power cut the page is whole or not there."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _point_to(folder: Path) -> None:
    for written in (*(each for each in folder.iterdir() if each.is_dir()), folder, folder.parent):
        _sync(written)
    current = _folder() / "current"
    waiting = current.with_name(f"current-{folder.name}")
    waiting.symlink_to(Path("sets") / folder.name)
    try:
        waiting.replace(current)
        _sync(_folder())
    finally:
        waiting.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    """That its files are in it, too, is on the disk before anything points there."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _forget_old(shown: Path) -> None:
    """Earlier sets, and what was left of those that were interrupted."""
    for waiting in _folder().glob("current-*"):
        waiting.unlink(missing_ok=True)
    sets = sorted((each for each in shown.parent.iterdir() if each != shown), reverse=True)
    for old in sets[SETS_KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def _open_now(mark: re.Match[str]) -> str:
    try:
        hours = opening.parse(mark[2])
    except ValueError:
        return ""
    return escape(opening.in_words(hours, mark[1]))
