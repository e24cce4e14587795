"""The secret of a laptop's own copy of the site."""

import os
import secrets
from pathlib import Path


def local_secret(path: Path) -> str:
    """The key kept in `path`, made on first use and readable by its owner only.

    Safe when several processes start at once: the first to link its file wins, the others read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        mine = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text().strip()
