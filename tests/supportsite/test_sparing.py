"""What a web process has loaded, and when. Each in a process of its own: this one has loaded what tests use."""

import subprocess
import sys

import pytest
from django.conf import settings

WEB = """
import sys
import supportsite.wsgi
from django.urls import NoReverseMatch, resolve, reverse
from wagtail import hooks

def loaded(*names):
    return [name for name in names if name in sys.modules]

reverse("home")
"""


def said(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WEB + script], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_web_process_does_not_hold_what_no_reader_needs():
    script = """
hooks.search_for_hooks()
print(loaded("pydantic", "ninja", "rest_framework", "requests", "fido2", "cryptography.hazmat.bindings._rust",
             "css_inline.css_inline", "pillow_heif", "PIL._imaging", "rich", "wagtail.admin.urls",
             "unittest", "django.test.client", "redis.asyncio.client", "redis.asyncio.cluster", "sqlparse.engine",
             "redis.commands.policies", "soupsieve.css_match", "mailbox", "imaplib", "dateutil.parser._parser",
             "prometheus_client"))
"""
    assert said(script) == "[]"


def test_what_a_process_began_with_is_not_looked_through_for_garbage():
    script = """
import gc
print(gc.get_freeze_count() > 100_000, len(gc.get_objects()) < 30_000, bool(loaded("forums.views.threads")))
"""
    assert said(script) == "True True True"


READ_AN_ARTICLE = """
from wagtail.images.models import Filter
from wagtail.rich_text import features

def asked_by_an_article():
    return [
        hooks.get_hooks("on_serve_page"), hooks.get_hooks("before_serve_page"),
        features.get_link_types(), features.get_embed_types(),
        [type(operation) for operation in Filter(spec="width-960").operations],
        [dict(hook()) for hook in hooks.get_hooks("register_image_operations")],
    ]

in_part = asked_by_an_article()
"""


def test_article_is_read_without_what_its_curators_need():
    script = """
print(loaded("wagtail.admin.wagtail_hooks", "wagtail.admin.views.generic", "wagtail.images.views.images",
             "wagtail.snippets.views", "wagtail.whitelist", "bs4.element"))
"""
    assert said(READ_AN_ARTICLE + script) == "[]"


def test_article_is_guarded_and_shown_as_by_all_of_wagtail():
    """Whoever guards pages, or shows a thing in them, is to be found among `resources.readers_hooks`."""
    script = """
hooks.get_hooks("construct_main_menu")
print(bool(loaded("wagtail.admin.wagtail_hooks")), in_part == asked_by_an_article(), len(in_part[0]), len(in_part[1]))
"""
    assert said(READ_AN_ARTICLE + script) == "True True 1 1"


def test_who_writes_rich_text_has_all_that_belongs_to_it_though_somebody_read_an_article_before():
    script = """
def editor():
    print(sorted(features.get_default_features()), features.get_editor_plugin("draftail", "image") is not None)
"""
    nobody_read = said("from wagtail.rich_text import features" + script + "editor()")
    assert said(READ_AN_ARTICLE + script + "editor()") == nobody_read
    assert "'image'" in nobody_read
    assert nobody_read.endswith("True")


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        # The class of which previews are made, asked for before anything else of its module is.
        (
            "import wagtail.coreutils as w; print(w.RequestFactory(SERVER_NAME='here').get('/').META['SERVER_NAME'])",
            "here",
        ),
        ("from django.test import Client, TestCase; print(Client.__name__, TestCase.__name__)", "Client TestCase"),
        ("from django.test import *; print(override_settings.__name__)", "override_settings"),
        ("import redis; print(redis.asyncio.from_url('redis://here').get_connection_kwargs()['host'])", "here"),
        ("from redis.asyncio import Sentinel, cluster; print(cluster.RedisCluster.__name__)", "RedisCluster"),
        ("from celery.app.base import isoparse; print(isoparse('2026-05-01').day)", "1"),
        ("from dateutil.parser import parse; print(parse('1 May 2026').day)", "1"),
        ("from billiard.util import cffi; print(type(cffi.FFI()).__name__)", "FFI"),
        ("from redis.cluster import ClusterNode; print(ClusterNode('here', 1).port)", "1"),
        ("import redis; print(isinstance(redis.Redis(), redis.RedisCluster))", "False"),
        ("import redis; print(redis.KeyspaceChannel('a', db=0))", "__keyspace@0__:a"),
        ("from wagtail.utils.text import text_from_html; print(text_from_html('<p>here <b>now</b></p>'))", "here now"),
        ("from bs4 import BeautifulSoup as B, Comment; print(B('<!--a-->', 'html.parser').find(string=True))", "a"),
        ("import sqlparse; print(len(sqlparse.split('select 1; select 2')))", "2"),
        ("from bs4 import BeautifulSoup as B; print(B('<p class=a>b', 'html.parser').select_one('p.a').text)", "b"),
    ],
)
def test_what_is_loaded_later_works_as_ever(script, answer):
    assert said(script) == answer


def test_module_that_is_loaded_later_says_what_it_has_not():
    assert said("import redis.asyncio\nprint(hasattr(redis.asyncio, 'nothing_like_it'))") == "False"


def test_curators_pages_are_there_once_somebody_opens_one():
    script = """
try:
    reverse("wagtailadmin_pages:edit", args=[1])
except NoReverseMatch:
    print("not yet")
print(resolve("/curate/retire/1/").url_name, resolve("/curate/api/main/images/").view_name)
print(reverse("wagtailadmin_pages:edit", args=[1]), reverse("wagtailadmin_home"), reverse("home"))
"""
    assert said(script).splitlines() == [
        "not yet",
        "retire_page wagtailadmin_api:images:listing",
        "/curate/pages/1/edit/ /curate/ /",
    ]


def test_link_to_the_editor_needs_nobody_to_have_opened_it():
    assert said("from resources import curating\nprint(curating.editor(7))") == "/curate/pages/7/edit/"
