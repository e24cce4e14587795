"""The built-in PostgreSQL and Valkey: what survives, what is refused, who stops them."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import environ
import kombu
import psycopg
import pytest
import redis
from django.core.cache.backends.redis import RedisCache

from supportsite import embedded, local_postgres, local_users, local_valkey
from supportsite.local_processes import Identity, LocalError, wait_until_gone

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parents[2]
USE_AND_WAIT = """
import sys, time
from pathlib import Path
from supportsite import embedded
with embedded.services(Path(sys.argv[1]), environ={}, durable=False):
    print("ready", flush=True)
    time.sleep(60)
"""


class Heard(list[str]):
    """Collects what a person at the terminal would read."""

    @property
    def text(self) -> str:
        return "\n".join(self)


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which PostgreSQL was set up, for tests that do not care how."""
    folder = tmp_path_factory.mktemp("prepared")
    with start(folder):
        pass
    return folder


@contextmanager
def start(folder: Path, *, durable: bool = False, heard: Heard | None = None) -> Iterator[dict[str, str]]:
    with embedded.services(
        folder, environ={}, durable=durable, say=(Heard() if heard is None else heard).append
    ) as urls:
        yield urls


def query(url: str, statement: str) -> Any:
    """The first value of the first row, if there is one."""
    parsed = environ.Env.db_url_config(url)
    address = {"host": parsed["HOST"], "dbname": parsed["NAME"], "user": parsed["USER"]}
    with psycopg.connect(**address, autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def state(folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = json.loads((folder / "run" / "services.json").read_text())
    return found


def servers(folder: Path) -> dict[str, Identity]:
    return {name: Identity(int(i["pid"]), i["created"]) for name, i in state(folder)["processes"].items()}


def in_another_process(folder: Path) -> subprocess.Popen[str]:
    user = subprocess.Popen([sys.executable, "-c", USE_AND_WAIT, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert user.stdout
    assert user.stdout.readline() == "ready\n"
    return user


def end(user: subprocess.Popen[str], number: signal.Signals) -> None:
    user.send_signal(number)
    user.wait()
    if user.stdout:
        user.stdout.close()


# --- the main job --------------------------------------------------------------------------------------------


def test_what_was_written_survives_a_stop(tmp_path: Path) -> None:
    with start(tmp_path, durable=True) as urls:
        query(urls["DATABASE_URL"], "CREATE TABLE kept AS SELECT 'ünïcode' AS word")
        with redis.Redis.from_url(urls["REDIS_URL"]) as valkey:
            valkey.rpush("queue", "a waiting task")
        running = servers(tmp_path)
    assert [identity.process() for identity in running.values()] == [None, None]

    with start(tmp_path, durable=True) as urls:
        assert query(urls["DATABASE_URL"], "SELECT upper(word) FROM kept") == "ÜNÏCODE"
        with redis.Redis.from_url(urls["REDIS_URL"]) as valkey:
            assert valkey.lrange("queue", 0, -1) == [b"a waiting task"]


def test_everything_that_uses_the_urls_understands_them(prepared: Path) -> None:
    with start(prepared) as urls:
        cache = RedisCache(urls["REDIS_URL"], {})
        cache.set("word", "calm", 60)
        assert cache.get("word") == "calm"
        cache.close()
        with kombu.Connection(urls["REDIS_URL"]) as broker:
            queue = broker.SimpleQueue("waiting")
            queue.put({"task": 1})
            assert queue.get(timeout=5).payload == {"task": 1}
            queue.close()
        encoding = query(urls["DATABASE_URL"], "SHOW server_encoding")
        assert encoding == "UTF8"


def test_strangers_cannot_use_the_servers(prepared: Path) -> None:
    with start(prepared) as urls:
        address = urls["REDIS_URL"].partition("@")[2]
        with redis.Redis.from_url(f"redis://{address}") as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        assert (prepared / "postgres" / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0
        assert query(urls["DATABASE_URL"], "SHOW listen_addresses") == ""
        assert (prepared / "run" / "services.json").stat().st_mode & 0o077 == 0


def test_only_what_is_not_named_is_started(tmp_path: Path) -> None:
    named = {"DATABASE_URL": "postgres://elsewhere/db", "REDIS_URL": "redis://elsewhere/0"}
    with embedded.services(tmp_path, environ=named) as urls:
        assert urls == named
    assert list(tmp_path.iterdir()) == []


def test_two_folders_do_not_know_of_each_other(prepared: Path, tmp_path: Path) -> None:
    with start(prepared) as one, start(tmp_path) as other:
        query(other["DATABASE_URL"], "CREATE TABLE only_here ()")
        found = query(one["DATABASE_URL"], "SELECT to_regclass('only_here')")
        assert found is None
        assert one["REDIS_URL"] != other["REDIS_URL"]


def test_long_path_is_no_hindrance(prepared: Path, tmp_path: Path) -> None:
    folder = tmp_path / ("a long name, with a comma " * 5).strip()
    shutil.copytree(prepared / "postgres", folder / "postgres", ignore=shutil.ignore_patterns(".s.*"))
    with start(folder) as urls:
        assert query(urls["DATABASE_URL"], "SELECT 1") == 1


# --- several users -------------------------------------------------------------------------------------------


def test_last_user_stops_the_servers(prepared: Path) -> None:
    with start(prepared) as urls:
        other = in_another_process(prepared)
        running = servers(prepared)
    assert all(identity.process() for identity in running.values())
    assert embedded.users(prepared) == [other.pid]

    with start(prepared) as shared:
        assert shared == urls
    end(other, signal.SIGINT)
    assert not any(identity.process() for identity in running.values())


def test_user_that_was_killed_does_not_count(prepared: Path) -> None:
    other = in_another_process(prepared)
    running = servers(prepared)
    end(other, signal.SIGKILL)
    with start(prepared) as urls:
        assert query(urls["DATABASE_URL"], "SELECT 1") == 1
    assert not any(identity.process() for identity in running.values())


def test_notes_that_came_with_a_copy_of_the_folder_are_not_believed(prepared: Path, tmp_path: Path) -> None:
    with start(prepared):
        copied = tmp_path / "run" / "services.json"
        copied.parent.mkdir()
        shutil.copy(prepared / "run" / "services.json", copied)
        assert embedded.State.read(copied).processes == {}


# --- after a crash -------------------------------------------------------------------------------------------


def test_servers_that_were_killed_start_again(prepared: Path) -> None:
    with start(prepared, durable=True) as urls:
        query(urls["DATABASE_URL"], "CREATE TABLE IF NOT EXISTS before_the_crash ()")
        for identity in servers(prepared).values():
            os.kill(identity.pid, signal.SIGKILL)
            wait_until_gone([identity], patience=10)
        assert embedded.lost_server(prepared) is not None
    with start(prepared) as urls:
        query(urls["DATABASE_URL"], "SELECT * FROM before_the_crash")


def test_servers_that_nobody_remembers_are_replaced(prepared: Path) -> None:
    other = in_another_process(prepared)
    forgotten = servers(prepared)
    end(other, signal.SIGKILL)
    (prepared / "run" / "services.json").unlink()
    with start(prepared) as urls:
        assert query(urls["DATABASE_URL"], "SELECT 1") == 1
        assert not any(identity.process() for identity in forgotten.values())


def test_number_of_a_dead_server_given_to_another_process_is_no_hindrance(prepared: Path) -> None:
    stale = f"{os.getpid()}\n{prepared / 'postgres'}\n1700000000\n5432\n{prepared / 'postgres'}\n\n  1  1\nready\n"
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (prepared / "postgres" / name).write_text(stale)
    with start(prepared) as urls:
        assert query(urls["DATABASE_URL"], "SELECT 1") == 1


def test_interrupted_set_up_is_done_again(tmp_path: Path, heard: Heard) -> None:
    half_made = tmp_path / "postgres"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    (tmp_path / "postgres.new-abc").mkdir()
    with start(tmp_path, heard=heard) as urls:
        assert query(urls["DATABASE_URL"], "SELECT 1") == 1
    assert "never set up to the end" in heard.text
    assert "interrupted while it set up" in heard.text
    # What might have been somebody's data is moved, not deleted.
    assert (tmp_path / "postgres.unfinished-1" / "PG_VERSION").exists()
    assert not list(tmp_path.glob("postgres.new-*"))


# --- what is refused, with a sentence ------------------------------------------------------------------------


def refused(folder: Path) -> str:
    with pytest.raises(LocalError) as refusal, start(folder):
        pass
    assert not (folder / "run" / "services.json").exists()
    return str(refusal.value)


def test_data_of_another_major_version_are_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    (data / "global").mkdir(parents=True)
    (data / "global" / "pg_control").touch()
    (data / "PG_VERSION").write_text("17\n")
    assert f"mv '{data}' '{data}-17'" in refused(tmp_path)
    assert (data / "PG_VERSION").read_text() == "17\n"


def test_platform_without_a_wheel_is_told_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_postgres, "find_spec", lambda _name: None)
    assert "Set DATABASE_URL" in refused(tmp_path)
    monkeypatch.setattr(local_valkey, "find_spec", lambda _name: None)
    with pytest.raises(LocalError, match="Set REDIS_URL"):
        local_valkey.program()


def test_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    initdb = tmp_path / "programs" / "initdb"
    initdb.parent.mkdir(mode=0o755)
    initdb.write_text("#!/bin/sh\necho 'could not write: No space left on device' >&2\nexit 1\n")
    initdb.chmod(0o755)
    shutil.copy(initdb, initdb.with_name("postgres"))
    monkeypatch.setattr(local_postgres, "programs", lambda: initdb.parent)
    assert "the disk is full. Make room" in refused(tmp_path)
    assert [file.name for file in tmp_path.glob("postgres*")] == ["postgres.log"]


def test_data_of_another_user_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4321)
    with pytest.raises(LocalError, match="sudo chown -R user 4321"):
        local_users.owner_for(tmp_path)


def test_server_that_cannot_start_shows_its_last_words(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_postgres, "SCRATCH_SETTINGS", ("no_such_setting=1",))
    message = refused(prepared)
    assert "no_such_setting" in message
    assert str(prepared / "postgres.log") in message


# --- for the tests -------------------------------------------------------------------------------------------


def test_two_runs_of_the_tests_do_not_share_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in embedded.VARIABLES.values():
        monkeypatch.delenv(name, raising=False)
    with embedded.scratch_services(tmp_path) as one, embedded.scratch_services(tmp_path) as other:
        assert {name for name in one if one[name] == other[name]} == {"SITE_MODE"}
