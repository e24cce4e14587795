"""The files for running the site for real, and settings that refuse a half-configured start."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = (ROOT / "supportsite" / "settings.py").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

READ_BY_SETTINGS = set(re.findall(r'(?:env\.\w+|required)\(\s*"([A-Z_]+)"', SETTINGS))
IN_EXAMPLE = set(re.findall(r"^#? ?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
ASKED_BY_COMPOSE = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE_TEXT))
REQUIRED = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL")


def filled_in() -> dict[str, str]:
    """.env.example as somebody who follows it leaves it."""
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    return values | {"SECRET_KEY": secrets.token_urlsafe(48), "POSTGRES_PASSWORD": "c0ffee" * 8}


def run_python(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if name not in READ_BY_SETTINGS}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**own, **env}, capture_output=True, text=True, check=False
    )


# --- settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", REQUIRED)
def test_production_refuses_to_start_without(name: str) -> None:
    started = run_python("-c", "import supportsite.settings", env=filled_in() | {name: ""})
    assert started.returncode != 0
    assert f"{name} is not set." in started.stderr.splitlines()[-1]


@pytest.mark.thorough
def test_django_finds_nothing_to_improve_in_a_production_set_up() -> None:
    checked = run_python("manage.py", "check", "--deploy", "--fail-level", "WARNING", env=filled_in())
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout + checked.stderr


def test_every_variable_that_settings_read_is_explained() -> None:
    assert set() == READ_BY_SETTINGS - IN_EXAMPLE


def test_example_explains_nothing_that_is_not_read() -> None:
    assert {name for name in IN_EXAMPLE - READ_BY_SETTINGS if not name.startswith("POSTGRES_")} == set()


# --- compose -------------------------------------------------------------------------------------------------


def test_every_variable_in_compose_is_explained_and_read() -> None:
    assert set() == ASKED_BY_COMPOSE - IN_EXAMPLE
    assert {name for name in ASKED_BY_COMPOSE - READ_BY_SETTINGS if not name.startswith("POSTGRES_")} == set()
    given = {name for service in ("web", "worker", "beat", "migrate") for name in SERVICES[service]["environment"]}
    assert given - READ_BY_SETTINGS == set()


def test_missing_variable_stops_compose_with_a_sentence() -> None:
    for reference in re.findall(r"(?<!\$)\$\{([^}]+)\}", COMPOSE_TEXT):
        name, _, sentence = reference.partition(":?")
        assert sentence.startswith(f"Set {name} in .env"), reference


def test_no_secret_is_written_down() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD|KEY", variable):
                assert re.fullmatch(r"\$\{[^}]+\}", value), (name, variable)
            if match := re.search(r"://[^@/:]*:([^@]*)@", value):
                assert match.group(1).startswith("${"), (name, variable)


def test_images_have_a_version() -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    assert len(bases) == 3
    for image in bases + images:
        assert re.search(r":v?\d+[\w.-]*$", image), image


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_watched_or_says_why_not(name: str) -> None:
    health = SERVICES[name]["healthcheck"]
    unwatched = re.findall(r"^  (\w+):\n(?:(?!^  \w).*\n)*?.*disable: true (#)", COMPOSE_TEXT, re.MULTILINE)
    assert health.get("test") or name in {service for service, _comment in unwatched}


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_before_what_it_needs(name: str) -> None:
    conditions = {needed: wait["condition"] for needed, wait in SERVICES[name]["depends_on"].items()}
    assert conditions == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "valkey": "service_healthy",
    }


def test_data_outlive_their_containers() -> None:
    kept = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert kept == set(COMPOSE["volumes"]) == {"postgres", "valkey", "media", "help", "exports"}
    # Since version 18 the image keeps its data one folder higher; a volume on the old one would stay empty.
    assert "postgres:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


def test_nothing_but_the_own_machine_reaches_the_services_directly() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


# --- the image -----------------------------------------------------------------------------------------------


def test_image_does_not_run_as_root_and_installs_what_is_locked() -> None:
    text = (ROOT / "Dockerfile").read_text()
    final = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!root|0)", final, re.MULTILINE)
    assert "HEALTHCHECK" in final
    assert "uv sync --locked --no-default-groups" in text


def test_image_gets_every_folder_that_the_site_runs_with() -> None:
    let_in = set(re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages | {"templates", "static"} <= let_in
