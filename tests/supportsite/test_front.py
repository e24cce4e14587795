"""What stands before Django: that it says what Django says, and what it does when too much is asked for."""

import gzip
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as real_settings
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path

from resources import help_pages, helplines
from supportsite.bodies import Bodies
from supportsite.front import Front, front
from supportsite.gate import Gate
from supportsite.turns import PATIENCE

SESSION = "sessionid=abcdefghijklmnopqrstuvwxyz012345"
PAGES: dict[str, dict[str, str]] = {
    "nobody": {},
    "gzip": {"HTTP_ACCEPT_ENCODING": "gzip, deflate, br"},
    "no gzip": {"HTTP_ACCEPT_ENCODING": "br;q=1, notgzipped"},
    "a member": {"HTTP_COOKIE": f"{SESSION}; csrftoken=abcdefghijklmnopqrstuvwxyz012345"},
    "a member with gzip": {"HTTP_COOKIE": SESSION, "HTTP_ACCEPT_ENCODING": "gzip"},
    "a session that is none": {"HTTP_COOKIE": "sessionid=abc"},
    "an empty session": {"HTTP_COOKIE": "sessionid="},
    "chosen": {"QUERY_STRING": "country=GB"},
    "chosen, with gzip": {"QUERY_STRING": "country=GB", "HTTP_ACCEPT_ENCODING": "gzip"},
    "chosen by a member": {"QUERY_STRING": "country=IE", "HTTP_COOKIE": f"{SESSION}; country=GB"},
    "chosen twice": {"QUERY_STRING": "country=GB&country=IE"},
    "as last time": {"HTTP_COOKIE": "country=IE"},
    "as last time, odd": {"HTTP_COOKIE": 'country="IE"; x="a\\073b"; ;=; country=IE'},
    "no country": {"QUERY_STRING": "country=%00%27%3Cscript%3E"},
    "not that country": {"QUERY_STRING": "country=ZZ", "HTTP_COOKIE": "country=GB"},
    "by language": {"QUERY_STRING": "language=de"},
    "no language": {"QUERY_STRING": "language=../../etc"},
    "by browser": {"HTTP_ACCEPT_LANGUAGE": "fr, de-AT;q=0.8, en;q=0.5"},
    "by browser, over TLS": {"HTTP_ACCEPT_LANGUAGE": "ar", "wsgi.url_scheme": "https"},
    "over TLS": {"wsgi.url_scheme": "https"},
    "head": {"REQUEST_METHOD": "HEAD"},
    "conditional": {"HTTP_IF_NONE_MATCH": '"a"', "HTTP_IF_MODIFIED_SINCE": "Sun, 06 Nov 2094 08:49:37 GMT"},
    "range": {"HTTP_RANGE": "bytes=0-9"},
    "htmx": {"HTTP_HX_REQUEST": "true"},
    "another host": {"HTTP_HOST": "evil.example"},
    "no host": {"HTTP_HOST": "a b"},
    "too many fields": {"QUERY_STRING": "&".join(f"a{number}=1" for number in range(2000))},
    "posted": {"REQUEST_METHOD": "POST"},
}


@pytest.fixture(autouse=True)
def connections_stay(monkeypatch) -> Iterator[None]:
    """A request ends with closing them, and those of the tests are not a request's (as django.test.Client has it)."""
    monkeypatch.setattr("supportsite.answers.close_old_connections", lambda: None)
    ends = (signals.request_started, signals.request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.HELP_DIR = str(tmp_path / "help")
    return Path(tmp_path) / "help"


class Answered:
    def __init__(self, application: Any, **environ: Any) -> None:
        asked: dict[str, Any] = {}
        setup_testing_defaults(asked)
        asked |= {"PATH_INFO": "/help-now/", "QUERY_STRING": "", "HTTP_HOST": "testserver", "REMOTE_ADDR": "127.0.0.1"}
        told: list[Any] = []
        body = application(asked | {"wsgi.errors": io.StringIO()} | environ, lambda *said: told.extend(said))
        self.pieces = body
        self.status = int(told[0].split()[0])
        self.headers = sorted(told[1])
        self.named = dict(told[1])
        self.body = b"".join(body)
        if hasattr(body, "close"):
            body.close()

    @property
    def text(self) -> str:
        zipped = self.named.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if zipped else self.body).decode()

    @property
    def compared(self) -> dict[str, Any]:
        """Without what a compressed page differs by each time: Django pads it with so many bytes by chance."""
        zipped = self.named.get("Content-Encoding") == "gzip"
        headers = [each for each in self.headers if not (zipped and each[0] == "Content-Length")]
        return {"status": self.status, "headers": headers, "text": self.text}


@pytest.fixture
def site() -> Any:
    return get_wsgi_application()


class CannotBeAskedError(Exception):
    pass


@contextmanager
def away(applied: Front) -> Iterator[None]:
    """Django is not asked: what is answered is kept."""

    def refuse(*_asked: object) -> Any:
        raise CannotBeAskedError

    there, applied._help._site, applied._site = applied._site, refuse, refuse
    try:
        yield
    finally:
        applied._help._site = applied._site = there


# --- /help-now/


@pytest.mark.parametrize("made_ahead", [True, False])
@pytest.mark.parametrize("languages", [["en-gb"], ["en-gb", "de", "ar"]])
def test_help_is_to_the_letter_what_django_answers(site, settings, languages, made_ahead, monkeypatch):
    monkeypatch.setattr("django.utils.cache.time.time", lambda: 1_800_000_000)
    monkeypatch.setattr("supportsite.front_help.http_date", lambda: "Fri, 15 Jan 2027 08:00:00 GMT")
    settings.HELP_LANGUAGES = languages
    settings.SECURE_HSTS_SECONDS = 60
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    if made_ahead:
        help_pages.write(helplines.shipped())
    django, ours = get_wsgi_application(), front(get_wsgi_application())
    for name, environ in PAGES.items():
        wanted = Answered(django, **environ).compared
        for _again in range(2):
            assert Answered(ours, **environ).compared == wanted, name


def test_in_production_cookies_and_the_redirect_to_https_are_as_ever(settings, monkeypatch):
    settings.LOCAL, settings.COOKIE_PREFIX, settings.SESSION_COOKIE_NAME = False, "__Host-", "__Host-session"
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    django, ours = get_wsgi_application(), front(get_wsgi_application())
    tls = {"HTTP_X_FORWARDED_PROTO": "https"}
    for environ in ({}, tls, tls | {"QUERY_STRING": "country=GB"}, tls | {"HTTP_COOKIE": "__Host-country=GB"}):
        for _again in range(2):
            assert Answered(ours, **environ).compared == Answered(django, **environ).compared
    assert Answered(ours).status == 301
    chosen = Answered(ours, **tls, QUERY_STRING="country=GB")
    assert chosen.named["Set-Cookie"].startswith("__Host-country=GB;")
    assert "Secure" in chosen.named["Set-Cookie"]
    assert chosen.named["Strict-Transport-Security"] == "max-age=31536000"


def test_what_was_answered_once_is_not_asked_of_django_again(site):
    help_pages.write(helplines.shipped())
    ours = front(site)
    everything = [environ for name, environ in PAGES.items() if name in {"nobody", "gzip", "a member", "chosen"}]
    first = [Answered(ours, **environ).text for environ in everything]
    with away(ours):
        assert [Answered(ours, **environ).text for environ in everything] == first
        with pytest.raises(CannotBeAskedError):
            Answered(ours, QUERY_STRING="country=FR")


def test_nothing_of_a_reader_comes_to_django_or_to_another(site):
    seen = []

    def looked_at(environ: Any, start_response: Any) -> Any:
        seen.append(dict(environ))
        return site(environ, start_response)

    private = {"HTTP_COOKIE": f"{SESSION}; a=private", "HTTP_USER_AGENT": "private", "REMOTE_ADDR": "192.0.2.7"}
    Answered(front(looked_at), **private, QUERY_STRING="country=GB&x=private")
    assert len(seen) == 1
    assert not any("private" in str(value) or "192.0.2.7" in str(value) for value in seen[0].values())
    assert "abcdefghij" not in seen[0]["HTTP_COOKIE"]


def lines(name: str) -> helplines.Countries:
    from dataclasses import replace

    first, *others = helplines.shipped()["GB"].helplines
    britain = replace(helplines.shipped()["GB"], helplines=(replace(first, name=name), *others))
    return {**helplines.shipped(), "GB": britain}


def in_britain(ours: Front) -> str:
    return Answered(ours, HTTP_COOKIE="country=GB").text


def test_a_set_that_changes_is_shown_at_the_next_request(site):
    ours = front(site)
    assert "Samaritans" in in_britain(ours)
    for name in ("The first one", "The second one"):
        help_pages.write(lines(name))
        assert name in in_britain(ours)


def test_a_file_that_changes_or_goes_is_noticed_as_well(site, folder):
    help_pages.write(lines("Once"))
    ours = front(site)
    assert "Once" in in_britain(ours)
    file = folder / "current" / "en-gb" / "GB.html"
    file.write_text(file.read_text().replace("Once", "As it stands in the file"))
    assert "As it stands in the file" in in_britain(ours)
    file.unlink()
    assert "Once" in in_britain(ours)


def test_the_next_minute_is_told_as_it_is(site, monkeypatch):
    help_pages.write(helplines.shipped())
    now = [1_800_000_000.0]
    monkeypatch.setattr("supportsite.front_help.time.time", lambda: now[0])
    monkeypatch.setattr("resources.opening.in_words", lambda *_hours: f"It is {now[0]:.0f}.")
    ours = front(site)
    assert "It is 1800000000." in in_britain(ours)
    now[0] += 59
    assert "It is 1800000000." in in_britain(ours)
    now[0] += 1
    assert "It is 1800000060." in in_britain(ours)


def test_a_page_that_django_cannot_make_is_not_kept(site, monkeypatch):
    ours = front(site)
    with monkeypatch.context() as broken:
        broken.setattr("resources.help_pages.render_to_string", lambda *_how: 1 / 0)
        assert Answered(ours).status == 500
    assert Answered(ours).status == 200


# --- when too much is asked for


class Site:
    """In the place of Django: answers when it is let, and counts."""

    def __init__(self, django: Any) -> None:
        self.django = django
        self.may_answer, self.is_asked = threading.Event(), threading.Event()
        self.asked: list[str] = []

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if "alongside.instead" in environ or environ["PATH_INFO"] in {"/help-now/", "/healthz", "/leave/"}:
            return self.django(environ, start_response)
        self.asked.append(environ["PATH_INFO"])
        self.is_asked.set()
        self.may_answer.wait()
        start_response("200 OK", [])
        return [b"the page"]


def bodies(**given: Any) -> Bodies:
    usual: dict[str, Any] = {
        "at_once": 3, "from_one": 2, "small": 1000, "large": 9000, "large_at_once": 1,
        "upload_paths": ("/curate/",), "proxies": 0,
    }  # fmt: skip
    return Bodies(**usual | given)


@pytest.fixture
def full(site) -> Iterator[Front]:
    """The only place is taken, and nobody may wait for it."""
    standing = Site(site)
    applied = Front(standing, gate=Gate(at_once=1, room=0, patience=PATIENCE), bodies=bodies())
    taken = threading.Thread(target=Answered, args=(applied,), kwargs={"PATH_INFO": "/waiting/"})
    taken.start()
    standing.is_asked.wait()
    yield applied
    standing.may_answer.set()
    taken.join()
    assert standing.asked == ["/waiting/"]


def posted(words: bytes = b"body=words", **more: Any) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(words)),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "wsgi.input": io.BytesIO(words),
    } | more


def test_help_health_and_the_way_out_answer_while_every_place_is_taken(full):
    assert Answered(full).status == 200
    assert Answered(full, QUERY_STRING="country=GB", REQUEST_METHOD="HEAD").status == 200
    assert Answered(full, PATH_INFO="/healthz").body == b"ok\n"
    assert Answered(full, PATH_INFO="/leave/").named["Location"] == real_settings.EXIT_URL


def test_a_page_that_is_turned_away_says_so_calmly_and_keeps_help_and_the_way_out(full):
    for encoding in ("", "gzip"):
        page = Answered(full, PATH_INFO="/boards/", HTTP_ACCEPT_ENCODING=encoding)
        assert page.status == 503
        assert page.named["Retry-After"] == "5"
        assert "no-store" in page.named["Cache-Control"]
        soup = BeautifulSoup(page.text, "lxml")
        assert "Nothing was lost" in soup.get_text()
        assert soup.find("a", href="/help-now/")
        assert soup.find("a", href="/leave/")


def test_a_form_that_is_turned_away_says_that_it_was_not_sent_and_where_the_words_are(full):
    page = Answered(full, PATH_INFO="/report/", **posted())
    assert page.status == 503
    text = " ".join(BeautifulSoup(page.text, "lxml").get_text().split())
    assert "This was not sent" in text
    assert "go back in your browser, the words you typed are still there" in text


def test_what_is_turned_away_carries_what_every_answer_carries(full, site):
    carried = {
        "Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy",
        "Referrer-Policy", "X-Content-Type-Options", "X-Robots-Tag", "X-DNS-Prefetch-Control",
    }  # fmt: skip
    usual = Answered(site, PATH_INFO="/healthz").named
    for answer in (
        Answered(full, PATH_INFO="/boards/"),
        Answered(full, PATH_INFO="/updates/mark/"),
        Answered(full, PATH_INFO="/boards/x/new/", **posted()),
        Answered(full, PATH_INFO="/preview/", **posted(b"x" * 1001)),
    ):
        assert {name: answer.named.get(name) for name in carried} == {name: usual[name] for name in carried}


@pytest.mark.parametrize(
    "environ",
    [
        {"PATH_INFO": "/updates/mark/"},
        {"PATH_INFO": "/moderation/news/"},
        {"PATH_INFO": "/drafts/boards/evenings/", **posted()},
        {"PATH_INFO": "/boards/", "HTTP_HX_REQUEST": "true"},
        {"PATH_INFO": "/boards/", "HTTP_SEC_FETCH_MODE": "cors"},
    ],
)
def test_a_script_that_is_turned_away_gets_no_page(full, environ):
    answer = Answered(full, **environ)
    assert (answer.status, answer.body, answer.named["Content-Length"]) == (503, b"", "0")
    assert int(answer.named["Retry-After"]) >= 5
    assert "no-store" in answer.named["Cache-Control"]


def test_the_log_says_once_how_many_were_turned_away_and_nothing_about_them(full, caplog):
    for _request in range(3):
        Answered(full, PATH_INFO="/boards/secret/")
    told = [record.getMessage() for record in caplog.records if record.name == "supportsite.front"]
    assert len(told) == 1
    assert "0 by themselves, 0 searches, 1 pages, 0 forms" in told[0]


def test_who_comes_later_may_be_let_in_when_the_place_is_free(site):
    standing = Site(site)
    standing.may_answer.set()
    applied = Front(standing, gate=Gate(at_once=1, room=0, patience=PATIENCE), bodies=bodies())
    for _time in range(3):
        assert Answered(applied, PATH_INFO="/boards/").body == b"the page"


# --- what a form brings


class Echo:
    """Answers with what it got."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0))]


def echoing(**given: Any) -> Front:
    return Front(Echo(), gate=Gate(at_once=1, room=1, patience=PATIENCE), bodies=bodies(**given))


class Dripping(io.BytesIO):
    """A little at a time, as a slow line has it."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(7, size or 7))


@pytest.mark.parametrize("size", [0, 1, 999, 1000])
def test_a_form_comes_whole_however_slowly(size):
    words = bytes(number % 251 for number in range(size))
    answer = Answered(echoing(), **posted(words, PATH_INFO="/preview/") | {"wsgi.input": Dripping(words)})
    assert answer.body == words


def test_a_film_is_taken_on_the_curators_pages_and_nowhere_else():
    film = b"f" * 9000
    assert Answered(echoing(), **posted(film, PATH_INFO="/curate/documents/add/")).body == film
    elsewhere = Answered(front(get_wsgi_application()), **posted(b"", PATH_INFO="/preview/", CONTENT_LENGTH="10000000"))
    assert elsewhere.status == 413
    assert "This is too large to send" in elsewhere.text


def test_what_is_too_large_is_not_read(full):
    class NotRead:
        def read(self, *_size: int) -> bytes:
            raise AssertionError

    for where, length in (("/preview/", 1001), ("/curate/documents/add/", 9001)):
        asked = posted(PATH_INFO=where, CONTENT_LENGTH=str(length)) | {"wsgi.input": NotRead()}
        assert Answered(full, **asked).status == 413


def test_half_a_form_is_none(full):
    """The client went away; Django would take what came for all of it."""
    assert Answered(full, **posted(b"body=half of", PATH_INFO="/report/", CONTENT_LENGTH="20")).status == 400


@pytest.mark.parametrize("length", ["", "x", "-5", None])
def test_a_length_that_is_none_brings_nothing(length):
    asked = posted(b"", PATH_INFO="/preview/")
    asked = asked | {"CONTENT_LENGTH": length} if length is not None else asked

    def says(_environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"asked"]

    site_asked = Front(says, gate=Gate(at_once=1, room=1, patience=PATIENCE), bodies=bodies())
    assert Answered(site_asked, **asked).body == b"asked"


class Stalled:
    """Says nothing until it is let."""

    def __init__(self) -> None:
        self.is_read, self.goes_on = threading.Event(), threading.Event()

    def read(self, size: int) -> bytes:
        self.is_read.set()
        self.goes_on.wait()
        return b"x" * size


@contextmanager
def stalling(applied: Front, *addresses: str, **environ: Any) -> Iterator[None]:
    inputs = [Stalled() for _ in addresses]
    threads = []
    for address, stalled in zip(addresses, inputs, strict=True):
        asked = posted(b"x" * 10, PATH_INFO="/preview/", REMOTE_ADDR=address) | environ | {"wsgi.input": stalled}
        threads.append(threading.Thread(target=Answered, args=(applied,), kwargs=asked))
        threads[-1].start()
        stalled.is_read.wait()
    yield
    for stalled in inputs:
        stalled.goes_on.set()
    for thread in threads:
        thread.join()


def test_slow_clients_hold_no_place(site):
    applied = echoing()
    with stalling(applied, "192.0.2.1", "192.0.2.2"):
        assert applied._gate.inside == 0
        assert Answered(applied, PATH_INFO="/boards/", CONTENT_LENGTH="").status == 200
        assert Answered(applied, **posted(b"words", REMOTE_ADDR="192.0.2.3", PATH_INFO="/report/")).body == b"words"


def test_one_address_sends_only_so_many_at_once_and_others_go_on(site):
    applied = Front(Echo(), gate=Gate(at_once=1, room=1, patience=PATIENCE), bodies=bodies())
    applied._refusals._site = site
    with stalling(applied, "192.0.2.1", "192.0.2.1"):
        refused = Answered(applied, **posted(REMOTE_ADDR="192.0.2.1", PATH_INFO="/report/"))
        assert (refused.status, "This was not sent" in refused.text) == (503, True)
        assert Answered(applied, **posted(REMOTE_ADDR="192.0.2.2", PATH_INFO="/report/")).status == 200
    assert Answered(applied, **posted(REMOTE_ADDR="192.0.2.1", PATH_INFO="/report/")).status == 200


def test_all_together_send_only_so_many_at_once(site):
    applied = echoing()
    applied._refusals._site = site
    with stalling(applied, "192.0.2.1", "192.0.2.2", "192.0.2.3"):
        assert Answered(applied, **posted(REMOTE_ADDR="192.0.2.4", PATH_INFO="/report/")).status == 503


def test_behind_a_proxy_the_address_is_the_one_that_it_names(site):
    applied = echoing(proxies=1)
    applied._refusals._site = site
    with stalling(applied, "10.0.0.1", "10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.1"):
        named = posted(REMOTE_ADDR="10.0.0.1", PATH_INFO="/report/")
        assert Answered(applied, **named, HTTP_X_FORWARDED_FOR="2.2.2.2, 192.0.2.1").status == 503
        assert Answered(applied, **named, HTTP_X_FORWARDED_FOR="192.0.2.2").status == 200


# --- what Django gives back


def streamed(request: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"a" * 600_000, b"b" * 600_000]))


def small(request: Any) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"a", b"b"]), headers={"Content-Length": "2"})


def words(request: Any) -> HttpResponse:
    return HttpResponse("words")


urlpatterns = [path("boards/streamed/", streamed), path("boards/small/", small), path("boards/words/", words)]


@pytest.fixture
def serving(settings) -> Front:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    return front(get_wsgi_application())


def test_nothing_of_a_page_waits_for_a_slow_reader(serving):
    for name, body in (("words", b"words"), ("small", b"ab")):
        answer = Answered(serving, PATH_INFO=f"/boards/{name}/")
        assert isinstance(answer.pieces, list)
        assert answer.body == body
        assert serving._gate.inside == 0


def test_a_large_file_comes_in_pieces_outside_the_gate_and_only_so_many_at_once(site, serving):
    serving._files = threading.BoundedSemaphore(1)
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    environ |= {"PATH_INFO": "/boards/streamed/", "QUERY_STRING": "", "HTTP_HOST": "testserver"}
    first: Any = serving(environ, lambda *_said: lambda _bytes: None)
    assert next(iter(first)) == b"a" * 600_000
    assert serving._gate.inside == 0
    with override_settings(ROOT_URLCONF="supportsite.urls"):
        serving._refusals._site = site
        serving._refusals.bare("busy")
    assert Answered(serving, PATH_INFO="/boards/streamed/", HTTP_HX_REQUEST="1").status == 503
    first.close()
    again = Answered(serving, PATH_INFO="/boards/streamed/")
    assert len(again.body) == 1_200_000
    assert Answered(serving, PATH_INFO="/boards/streamed/").status == 200
