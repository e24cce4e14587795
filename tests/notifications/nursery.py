"""Gives life to real Celery workers, quickly: what takes long to import is imported once, and each is a fork of that.

For each line that it reads it begins one, in a process group of its own, and writes that group's number.
"""

import os
import signal
import sys

import django

CONCURRENCY = 2


def main() -> None:
    django.setup()
    from supportsite.celery import app

    app.loader.import_default_modules()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _work(app)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _work(app: object) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    # What it says goes where errors go; the other way is for numbers.
    os.dup2(2, 1)
    options = ["worker", f"--concurrency={CONCURRENCY}", "--queues=urgent,default,mail", "--loglevel=WARNING"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", f"--hostname=worker{os.getpid()}@%h"]
    app.worker_main([*options, *quiet])  # type: ignore[attr-defined]
    os._exit(0)


if __name__ == "__main__":
    main()
