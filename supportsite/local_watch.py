"""For `script/server --reload`: start again what a changed file has an effect on."""

import time
from pathlib import Path

from supportsite.local_crew import Crew
from supportsite.local_processes import Say

LOOK_EVERY_SECONDS = 1
FOLDERS = (
    "core",
    "forums",
    "members",
    "moderation",
    "notifications",
    "resources",
    "supportsite",
    "templates",
)


class Watcher:
    """Compares modification times. In this mode a process that has died waits for the next change."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen = self.times()
        self.next_look = 0.0
        self.told: set[str] = set()

    def times(self) -> dict[Path, int]:
        files = (file for folder in FOLDERS for file in (self.root / folder).rglob("*.*"))
        return {file: file.stat().st_mtime_ns for file in files if file.suffix in (".py", ".html")}

    def look(self, crew: Crew, say: Say) -> None:
        dead = crew.dead()
        if dead and dead not in self.told:
            self.told.add(dead)
            say(f"{dead} stopped; it starts again when a file changes.")
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK_EVERY_SECONDS
        before, self.seen = self.seen, self.times()
        changed = {file for file, _ in before.items() ^ self.seen.items()}
        if changed:
            say(f"Changed: {', '.join(sorted(str(file.relative_to(self.root)) for file in changed))}")
            self.told.clear()
            # A template has an effect on pages; mails are rendered from a template read anew by each task.
            crew.restart(background=any(file.suffix == ".py" for file in changed))
