"""What a web process has loaded, and when. Each in a process of its own: this one has loaded what tests use."""

import subprocess
import sys

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
             "css_inline.css_inline", "pillow_heif", "PIL._imaging", "rich", "wagtail.admin.urls"))
"""
    assert said(script) == "[]"


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
