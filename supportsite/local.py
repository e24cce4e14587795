"""The command line behind script/server and script/manage.

`python -m supportsite.local server [--port N] [--reload]` runs the whole site on this machine;
`python -m supportsite.local manage …` runs manage.py with the same services.
"""

import argparse
import errno
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import environ

from supportsite import embedded
from supportsite.local_postgres import programs
from supportsite.local_processes import LocalError
from supportsite.local_server import Address, serve

BASE_DIR = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str]) -> int:
    """Run one command; a trouble that a person can put right ends in its sentence, without a traceback."""
    # As settings read it, so that services named there are used here as well.
    environ.Env.read_env(BASE_DIR / ".env", overwrite=False)
    os.environ["SITE_MODE"] = "local"
    var_dir = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()
    os.environ["VAR_DIR"] = str(var_dir)
    try:
        if arguments[:1] == ["manage"]:
            return manage(var_dir, arguments[1:])
        return server(var_dir, arguments)
    except LocalError as error:
        print(f"\n{error}", file=sys.stderr)
    except OSError as error:
        print(f"\n{explain(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def explain(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full ({error.filename or 'writing'}). Make room, and start again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{error.filename} cannot be used by you ({error.strerror}). Start as the owner of {BASE_DIR}, "
            f"or take the folder over: sudo chown -R $(id -un) '{BASE_DIR / 'var'}'"
        )
    raise error


def server(var_dir: Path, arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/server", description="Run the whole site on this machine.")
    parser.add_argument("command", choices=["server"], help=argparse.SUPPRESS)
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="default: $PORT or 8000")
    parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1", help="default: 127.0.0.1")
    parser.add_argument("--reload", action="store_true", help="for developing: DEBUG, and follow changed files")
    options = parser.parse_args(arguments)
    if not options.port.isdigit() or not 0 < int(options.port) < 2**16:
        raise LocalError(f"“{options.port}” is no port. Choose a number up to 65535: PORT=8001 script/server")
    return serve(var_dir, Address(options.host, int(options.port)), reload=options.reload)


def manage(var_dir: Path, arguments: Sequence[str]) -> int:
    """Django's own command line, with the terminal, and with its exit code."""
    child: subprocess.Popen[bytes] | None = None

    def pass_on(number: int, _frame: FrameType | None) -> None:
        if child is None:
            sys.exit(128 + number)
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    with embedded.services(var_dir) as urls:
        # The terminal sends Ctrl-C to the command as well; what it makes of it is its own affair.
        signal.signal(signal.SIGINT, lambda _number, _frame: None)
        env = os.environ | urls | {"PATH": with_psql(os.environ.get("PATH", os.defpath))}
        child = subprocess.Popen([sys.executable, str(BASE_DIR / "manage.py"), *arguments], env=env)
        code = child.wait()
    return code if code >= 0 else 128 - code


def with_psql(path: str) -> str:
    """So that `dbshell` works where no PostgreSQL client is installed."""
    try:
        return f"{path}{os.pathsep}{programs()}"
    except LocalError:
        return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
