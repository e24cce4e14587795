"""Fill a scratch database with a community of a given size.

    bench/load --posts 1000000

The same size and seed give the same community. It stays for bench/run and bench/explain, until the tables or the way
it is made change.
"""

import argparse
import datetime as dt
import os
import time
from collections.abc import Callable

from bench import stage
from bench.shape import Shape

SPAN = dt.timedelta(days=3 * 365)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--posts", type=int, default=100_000, help="default: 100000")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument("--again", action="store_true", help="also where it is loaded already")
    options = parser.parse_args()
    shape = Shape(options.posts, options.seed)
    with stage.open_stage() as where:
        if where.is_loaded(shape) and not options.again:
            print(f"{shape.database} is loaded. With --again it is loaded afresh.")
            return
        load(where, shape)
        print(f"{shape.database} in {where.folder}: bench/run --posts {shape.posts} measures it.")


def load(where: stage.Stage, shape: Shape, say: Callable[[str], None] = print) -> None:
    """Anew, into the database of its own. Sets up Django in this process."""
    say(f"Loading {shape.posts:,} posts into {shape.database} ...")
    where.drop(shape.database)
    stage.use(where.environment(shape.database))
    from django.core.management import call_command
    from django.db import connection

    began = time.monotonic()
    if where.exists(stage.tables()):
        where.create(shape.database, copy_of=stage.tables())
    else:
        where.create(shape.database)
        call_command("migrate", interactive=False, verbosity=0)
        connection.close()
        where.create(stage.tables(), copy_of=shape.database)
    say(f"  {time.monotonic() - began:6.1f} s  tables; from here on:")
    with where.room_for_changes():
        fill(shape, say=say)
    connection.close()
    where.mark_loaded(shape)


def fill(shape: Shape, *, processes: int = 0, say: Callable[[str], None] = print) -> None:
    """Into tables that are there and empty. Raises RuntimeError where something refers to what is not there."""
    from django.apps import apps
    from django.db import connection

    from bench import around, copying, people, talk, timeline

    now = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
    began = now - SPAN
    clock = time.monotonic()

    def told(what: str) -> None:
        say(f"  {time.monotonic() - clock:6.1f} s  {what}")

    around.library(shape)
    told("library and guidelines")
    line = timeline.make(shape)
    told("timeline")
    copying.hurry()
    people.fill(shape, began=began, now=now)
    told("members")
    talk.fill(shape, line, began=began, processes=processes or os.cpu_count() or 1, told=told)
    around.reading(shape, line)
    told("read marks, follows")
    around.responding(shape)
    told("reactions, bookmarks, drafts")
    around.telling(shape)
    told("news")
    around.moderating(shape)
    told("cases")
    ours = ("forums", "members", "moderation", "notifications", "account", "mfa")
    lost = copying.lost_references(model for model in apps.get_models() if model._meta.app_label in ours)
    if lost:
        raise RuntimeError(f"These refer to rows that are not there: {', '.join(lost)}")
    told("references are right")
    with connection.cursor() as cursor:
        cursor.execute("RESET ALL")
        cursor.execute("VACUUM ANALYZE")
    told("sizes learned")


if __name__ == "__main__":
    main()
