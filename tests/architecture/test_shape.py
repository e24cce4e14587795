"""Rules of the house that other checks cannot hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)
APPS = ("forums", "resources", "moderation", "notifications", "members")
PROJECT = (*APPS, "core", "supportsite")
TEMPLATES = ROOT / "templates"
# Pages that must stand when the database, the cache and the session are away.
STANDING = ("403", "404", "405", "429", "500", "expired_form", "maintenance", "busy", "not_sent", "too_large",
            "resources/help_now")  # fmt: skip


def trees(*paths: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in paths:
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def modules(name: str) -> list[Path]:
    """`name`.py of every app, or the modules of the package of that name."""
    found = [path for app in (*APPS, "supportsite") for path in (ROOT / app).glob(f"{name}.py")]
    return found + [path for app in APPS for path in (ROOT / app / name).glob("*.py")]


def python_files() -> list[Path]:
    return [path for part in PROJECT for path in (ROOT / part).rglob("*.py") if "migrations" not in path.parts]


def where(path: Path, node: ast.AST) -> str:
    return f"{path}:{getattr(node, 'lineno', 0)}"


def test_views_ask_the_one_door_and_never_a_model():
    managers = {"objects", "_default_manager", "_base_manager"}
    found = [
        where(path, node)
        for path, tree in trees(*modules("views"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in managers
    ]
    assert len(modules("views")) >= 5
    assert found == []


def test_services_know_no_request_no_form_and_no_message():
    unknown = re.compile(r"django\.(http|shortcuts|forms|contrib\.messages|template\.response)|crispy_|django_htmx")
    found = [
        where(path, node)
        for path, tree in trees(*modules("services"))
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and unknown.match(node.module or "")
    ]
    assert len(modules("services")) >= 8
    assert found == []


def test_models_do_nothing_when_they_are_saved_and_have_no_order_of_their_own():
    found = []
    for path, tree in trees(*modules("models")):
        for model in [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]:
            if any(getattr(base, "id", "").endswith("Form") for base in model.bases):
                continue  # Wagtail's page form stands beside its page
            for node in model.body:
                if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete", "full_clean"):
                    found.append(where(path, node))
                if isinstance(node, ast.Assign) and "ordering" in [getattr(name, "id", "") for name in node.targets]:
                    found.append(where(path, node))
    assert found == []


def test_nothing_happens_behind_a_signal():
    found = [
        where(path, node)
        for path, tree in trees(*python_files())
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.db.models.signals")
    ]
    assert found == []


# Calls the one address that an operator has set, and says a number.
ON_CALL = Path("moderation/services/alerts.py")
# Asks whether what a page links to still answers, where an operator wants that.
LINKS = Path("resources/services/links.py")


def test_the_site_asks_no_other_server():
    clients = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request"}
    found = [
        where(path, node)
        for path, tree in trees(*python_files())
        for node in ast.walk(tree)
        for name in _imported(node)
        if (name in clients or name.partition(".")[0] in clients or (name == "http.client" and path.parts[0] in APPS))
        and path not in (ON_CALL, LINKS)
    ]
    assert found == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


# A mail provider's button sends no cookies and no token (RFC 8058). Its signed address is what allows it.
ONE_CLICK = ROOT / "notifications/views/unsubscribing.py"


def test_no_form_goes_without_its_token():
    for path in python_files():
        if path == ONE_CLICK:
            continue
        assert "csrf_exempt" not in path.read_text(encoding="utf-8"), path


def test_every_count_of_queries_is_made_around_something():
    """Called outside `with`, `assertNumQueries` asserts nothing."""
    names = {"assertNumQueries", "django_assert_num_queries", "django_assert_max_num_queries"}
    found = []
    for path, tree in trees(*(ROOT / "tests").rglob("*.py")):
        entered = {
            id(item.context_expr)
            for node in ast.walk(tree)
            if isinstance(node, ast.With | ast.AsyncWith)
            for item in node.items
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and id(node) not in entered:
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in names:
                    found.append(where(path, node))
    assert found == []


# --- the database


def test_the_migrations_say_what_the_models_say(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("app", APPS)
def test_an_app_begins_with_one_initial_migration(app):
    files = sorted((ROOT / app / "migrations").glob("[0-9]*.py"))
    initial = [path.name for path in files if "initial = True" in path.read_text(encoding="utf-8")]
    assert initial == ["0001_initial.py"]
    numbers = [int(path.name[:4]) for path in files]
    assert numbers == list(range(1, len(files) + 1)), "Two migrations with one number, or a number left out."


def test_the_core_has_no_tables():
    assert not (ROOT / "core/models.py").exists()
    assert "core" not in settings.INSTALLED_APPS


# --- templates


def test_pages_that_must_stand_alone_are_built_on_the_plain_frame():
    for name in STANDING:
        text = (TEMPLATES / f"{name}.html").read_text(encoding="utf-8")
        assert text.startswith('{% extends "base_plain.html" %}'), name


def test_what_must_stand_alone_reads_no_user_no_session_and_no_message():
    away = "user|request|messages|perms|has_news|csrf_token|csrf_input"
    reads = re.compile(rf"{{(?:{{|%(?! *(?:end)?block ))[^}}]*\b(?:{away})\b[^}}]*[%}}]}}")
    names = (*STANDING, "base_plain", "components/helpline", "components/icon", "components/callout")
    for name in names:
        assert not reads.search((TEMPLATES / f"{name}.html").read_text(encoding="utf-8")), name


def test_html_is_trusted_only_where_it_was_cleaned_before_it_was_stored():
    trusting = {
        str(path.relative_to(TEMPLATES)): re.findall(r"{{\s*([\w.]+)\|safe", path.read_text(encoding="utf-8"))
        for path in TEMPLATES.rglob("*.html")
        if re.search(r"\|safe\b|autoescape off", path.read_text(encoding="utf-8"))
    }
    assert trusting == {"components/post_card.html": ["post.body_html"]}


def words_outside_translations(template: str) -> list[str]:
    text = re.sub(r"{%\s*comment.*?%}.*?{%\s*endcomment\s*%}|{#.*?#}", "", template, flags=re.DOTALL)
    # What search engines read, and the names of classes.
    text = re.sub(r"{%\s*block (?:robots|page_class|root)\s*%}.*?{%\s*endblock.*?%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|title|alt|placeholder)="([^"]*[A-Za-z]{2}[^"]*)"', text)
    text = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", "", text, flags=re.DOTALL)
    return spoken + re.findall(r"[A-Za-z][A-Za-z’' ,.-]{2,}", text)


def test_everything_that_a_template_says_can_be_translated():
    # The style guide is for those who build the site, and is shown to nobody else.
    said = {
        str(path.relative_to(TEMPLATES)): words
        for path in TEMPLATES.rglob("*")
        if path.suffix in (".html", ".txt") and path.name != "styleguide.html"
        if (words := words_outside_translations(path.read_text(encoding="utf-8")))
    }
    assert said == {}


@pytest.mark.parametrize(
    "template",
    [
        "<p>Forgotten words</p>",
        '<a aria-label="Forgotten words" href="/">{% translate "Here" %}</a>',
        "{% if user %}Forgotten words{% endif %}",
    ],
)
def test_the_rule_about_translations_notices_what_it_is_for(template):
    assert words_outside_translations(template) == ["Forgotten words"]


# --- addresses


def test_curators_addresses_are_written_only_where_they_are_loaded():
    """Elsewhere `resources.curating` loads them first, which tests do at their start: a page would fail on the web."""
    name = re.compile(r"""["']wagtail\w*:\w+["']|["'](retire|recommend)_page["']""")
    found = {
        str(path.relative_to(ROOT))
        for path in [*python_files(), *TEMPLATES.rglob("*.html")]
        if name.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "resources/curating.py",
        "resources/urls_curating.py",
        "resources/views/curating_helplines.py",
        "resources/wagtail_hooks.py",
        "templates/resources/curate/retire.html",
        "templates/resources/remarks.html",
    }


# --- settings


def test_an_app_and_a_middleware_are_named_once():
    for names in (settings.INSTALLED_APPS, settings.MIDDLEWARE):
        assert len(names) == len(set(names))


def test_a_setting_is_made_once():
    tree = ast.parse((ROOT / "supportsite/settings.py").read_text(encoding="utf-8"))
    made = [
        name.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for name in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(name, ast.Name)
    ]
    twice = sorted({name for name in made if made.count(name) > 1})
    # A sender is worked out in two steps, and static files depend on where the site runs.
    assert [name for name in twice if not name.startswith("_")] in ([], ["DEFAULT_FROM_EMAIL"])


def test_nothing_private_is_sent_to_wagtail_or_a_gravatar():
    assert settings.WAGTAIL_ENABLE_UPDATE_CHECK is False
    assert settings.WAGTAIL_GRAVATAR_PROVIDER_URL is None
    assert settings.WAGTAILEMBEDS_FINDERS == []
