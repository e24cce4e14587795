"""Pages are packed for who takes it, and their size tells little."""

import gzip

from django.http import HttpResponse
from django.test import RequestFactory

from supportsite.middleware_gzip import QuickGZip

PAGE = b"<p>It is odd how loud a house is at three.</p>" * 200


def packed(content=PAGE, accepts="gzip, deflate, br", **headers):
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepts})
    return QuickGZip(lambda _request: HttpResponse(content, headers=headers))(request)


def test_what_arrives_is_what_was_sent():
    answer = packed()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert len(answer.content) < len(PAGE) / 5
    assert gzip.decompress(answer.content) == PAGE
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_who_does_not_take_it_gets_it_as_it_is():
    answer = packed(accepts="identity")
    assert answer.content == PAGE
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_what_is_short_or_packed_already_stays_as_it_is():
    assert packed(b"short").content == b"short"
    assert packed(**{"Content-Encoding": "br"}).content == PAGE


def test_the_same_page_has_different_sizes():
    assert len({len(packed().content) for _again in range(40)}) > 10


def test_a_strong_mark_becomes_a_weak_one():
    assert packed(ETag='"abc"').headers["ETag"] == 'W/"abc"'
