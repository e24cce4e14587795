"""What becomes of what was measured."""

import argparse
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse

from bench import client, packages, report
from bench.running import Measured
from bench.shape import Shape
from bench.site import Used
from bench.stage import ROOT
from bench.urls import HELLO
from bench.wsgi import application

ASKED = argparse.Namespace(connections=8, seconds=5, runs=3)


def answers(rate: float) -> client.Answers:
    return client.Answers(int(rate), 1.0, int(rate) * 1000, p50=8000 / rate, p99=16000 / rate, refused=0, broken=0)


def test_a_page_is_told_as_a_share_of_the_yardstick():
    hello = Measured(answers=[answers(8000)], used=[Used(1.6, 0)])
    page = Measured(
        shares=[0.02, 0.03, 0.9],
        answers=[answers(160), answers(240), answers(7200)],
        used=[Used(1, 0.5)] * 3,
        queries=8,
    )
    result = report.result(Shape(2000), ASKED, hello=hello, pages={"thread": page}, memory={}, tasks={})
    assert result["ratios"] == {"thread": 0.03}
    assert result["queries"] == {"thread": 8}
    assert result["bytes"] == {"thread": 1000}
    assert result["hello"]["processor_milliseconds"] == 0.2
    assert "| thread | 0.0300 | 240 |" in report.table(result)
    assert json.loads(json.dumps(result)) == result


@pytest.mark.django_db
def test_the_yardstick_is_django_without_anything_around_it():
    began = []
    body = application(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": HELLO,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(),
        },
        lambda status, headers: began.append((status, dict(headers))),
    )
    assert b"".join(body) == b"Hello, world"
    ((status, headers),) = began
    assert status == "200 OK"
    # And what this thread does next is about the site again.
    assert reverse("home") == "/"
    assert "Content-Security-Policy" not in headers


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, str, str]] = []
    connections: set[int] = set()

    def do_GET(self) -> None:
        self.connections.add(self.client_address[1])
        length = int(self.headers.get("Content-Length", 0))
        self.seen.append((self.command, self.path, self.headers["Cookie"] or "", self.rfile.read(length).decode()))
        self.send_response(404 if self.path == "/gone" else 200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    do_POST = do_GET  # noqa: N815 - the name that the base class calls

    def log_message(self, *_args) -> None:
        pass


@pytest.fixture
def echo():
    Echo.seen.clear()
    Echo.connections.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_each_write_is_sent_once(echo, monkeypatch):
    monkeypatch.setattr("bench.client.shutil.which", lambda _name: None)
    requests = [client.Request("/write", "session=1", f"n={n}", "POST") for n in range(20)]
    told = client.run(requests, port=echo, seconds=5, connections=4, once=True)
    assert told.requests == 20
    assert sorted(Echo.seen) == sorted(("POST", "/write", "session=1", f"n={n}") for n in range(20))
    assert told.refused == told.broken == 0


def test_answers_that_refuse_are_counted(echo, monkeypatch):
    monkeypatch.setattr("bench.client.shutil.which", lambda _name: None)
    told = client.run([client.Request("/gone"), client.Request("/")], port=echo, seconds=5, connections=1, once=True)
    assert (told.requests, told.refused) == (2, 1)


@pytest.mark.parametrize(("at_once", "made"), [(1, 2), (client.FEW + 1, client.FEW + 1)])
def test_few_connections_are_new_each_second_for_where_one_falls_is_chance(echo, monkeypatch, at_once, made):
    monkeypatch.setattr("bench.client.shutil.which", lambda _name: None)
    told = client.run([client.Request("/page")], port=echo, seconds=2, connections=at_once)
    assert len(Echo.connections) == made
    assert told.requests == len(Echo.seen)


@pytest.mark.skipif(client.name() != "wrk", reason="wrk is not installed")
def test_wrk_sends_what_it_was_given(echo):
    told = client.run([client.Request("/page", "session=1")], port=echo, seconds=1, connections=2)
    assert told.requests > 0
    assert set(Echo.seen) == {("GET", "/page", "session=1", "")}


def test_what_production_has_not_is_hidden_and_nothing_that_it_has():
    hidden = set(packages.names_of_development(ROOT / "uv.lock").split(","))
    assert {"lxml", "yaml", "greenlet", "pytest", "psutil"} <= hidden
    assert not {"django", "wagtail", "psycopg", "psycopg_binary", "psycopg_pool", "redis", "allauth", "brotli"} & hidden
