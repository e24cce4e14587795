"""Everything that is stored about a member, in one file for them."""

import datetime as dt
import json
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from members import exports
from members.access import exports as access
from members.exports import GIVEN_UP, KEPT, Row, Section
from members.models import Export, Member

# Rows on one page of those for reading: a browser on an old phone opens it.
PAGE_ROWS = 250
# What waits for longer has lost its worker.
LOST_AFTER = dt.timedelta(minutes=15)
# So long it is still said that there was one.
NOTED = dt.timedelta(days=60)
# How folders begin in which pages wait until the zip takes them.
_PAGES = "pages-"


@transaction.atomic
def ask_for_export(*, member: Member) -> tuple[Export, bool]:
    """One export at a time: a second wish finds the first. Gives it, and whether it is new."""
    try:
        with transaction.atomic():
            return Export.objects.create(member=member), True
    except IntegrityError:
        return Export.objects.get(member=member, ready_at=None, failed_at=None), False


def make_export(*, export_id: int) -> bool:
    """Write the file, and say that it is there. Says whether it is new.

    A worker that does it a second time makes another file, of which one is kept. Holds a few hundred rows at a time.
    """
    export = Export.objects.select_related("member").filter(pk=export_id, ready_at=None, failed_at=None).first()
    if export is None:
        return False
    access.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{secrets.token_hex(16)}.zip"
    path = access.folder() / name
    part = path.with_suffix(".part")
    try:
        part.touch(mode=0o600, exist_ok=False)
        with part.open("wb") as file:
            write(export.member, file)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    kept = _keep(export, name, path.stat().st_size)
    if not kept:
        path.unlink(missing_ok=True)
    return kept


@transaction.atomic
def _keep(export: Export, name: str, size: int) -> bool:
    """Of two workers the first; and not where its member left meanwhile."""
    waiting = Export.objects.filter(pk=export.pk, ready_at=None, failed_at=None)
    if not waiting.update(ready_at=timezone.now(), file=name, size=size):
        return False
    exports.tell_ready(export)
    return True


def lost(*, now: dt.datetime | None = None) -> list[int]:
    """Those that somebody has to begin again. What nobody made in a day has failed, and can be asked for anew."""
    now = now or timezone.now()
    waiting = Export.objects.filter(ready_at=None, failed_at=None)
    waiting.filter(asked_at__lt=now - GIVEN_UP).update(failed_at=now)
    return list(waiting.filter(asked_at__lt=now - LOST_AFTER).order_by("id").values_list("id", flat=True))


def forget_exports(*, now: dt.datetime | None = None) -> int:
    """Delete the files whose week is over, and what a dead worker left lying. Says how many exports are gone."""
    now = now or timezone.now()
    over = Export.objects.filter(ready_at__lt=now - KEPT).exclude(file="").order_by("id")
    gone = sum(_forget(export, now) for export in over)
    Export.objects.filter(asked_at__lt=now - NOTED, file="").exclude(ready_at=None, failed_at=None).delete()
    _sweep(now)
    return gone


def _forget(export: Export, now: dt.datetime) -> int:
    remove_file(export)
    return Export.objects.filter(pk=export.pk).exclude(file="").update(file="", deleted_at=now)


def remove_file(export: Export) -> None:
    if export.file:
        access.path_of(export).unlink(missing_ok=True)


def _sweep(now: dt.datetime) -> None:
    """Files that no row names, such as those of rows that went with a restored dump."""
    if not access.folder().is_dir():
        return
    named = set(Export.objects.exclude(file="").values_list("file", flat=True))
    for path in access.folder().iterdir():
        old = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC) < now - GIVEN_UP
        if old and path.is_dir() and path.name.startswith(_PAGES):
            shutil.rmtree(path, ignore_errors=True)
        elif old and path.suffix in (".zip", ".part") and path.name not in named:
            path.unlink(missing_ok=True)


# --- what is in it


def write(member: Member, file: IO[bytes]) -> None:
    """The zip: JSON for programs, pages without any script for people."""
    made_at = timezone.now()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        listed = [
            {"section": section, "rows": _write_section(archive, section, member)} for section in exports.sections()
        ]
        context = {"member": member, "made_at": made_at, "listed": listed, "SITE_NAME": settings.SITE_NAME}
        context |= {"left_out": sorted({str(reason) for reason in exports.left_out().values()})}
        archive.writestr("index.html", render_to_string("members/export/index.html", context))
        archive.writestr("style.css", render_to_string("members/export/style.css"))


def _write_section(archive: zipfile.ZipFile, section: Section, member: Member) -> int:
    """Goes once through the rows: JSON straight into the zip, pages beside it, because a zip takes one at a time."""
    pages: list[Path] = []
    # Beside the exports: what a worker that was killed leaves lying is found there, and deleted.
    access.folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_PAGES, dir=access.folder()) as folder:
        with archive.open(f"json/{section.key}.json", "w", force_zip64=True) as out:
            count = _rows_to(out, section, member, Path(folder), pages)
        for number, path in enumerate(pages, start=1):
            with archive.open(page_name(section, number), "w") as out, path.open("rb") as page:
                shutil.copyfileobj(page, out)
    return count


def page_name(section: Section, number: int) -> str:
    return f"{section.key}.html" if number == 1 else f"{section.key}-{number}.html"


def _rows_to(out: IO[bytes], section: Section, member: Member, folder: Path, pages: list[Path]) -> int:
    count, held = 0, list[Row]()
    out.write(b"[")
    for row in section.rows(member):
        if len(held) == PAGE_ROWS:
            _page(section, folder, pages, held, goes_on=True)
            held = []
        out.write(b"\n" if count == 0 else b",\n")
        out.write(json.dumps(dict(row), cls=_Encoder, ensure_ascii=False).encode())
        held.append(row)
        count += 1
    out.write(b"\n]\n")
    _page(section, folder, pages, held, goes_on=False)
    return count


class _Encoder(DjangoJSONEncoder):
    """Also sentences that are translated late, and whatever else a column may hold."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def _page(section: Section, folder: Path, pages: list[Path], rows: list[Row], *, goes_on: bool) -> None:
    number = len(pages) + 1
    context = {
        "section": section,
        "rows": [list(_readable(section, row)) for row in rows],
        "number": number,
        "before": page_name(section, number - 1) if number > 1 else "",
        "after": page_name(section, number + 1) if goes_on else "",
    }
    path = folder / str(number)
    path.write_text(get_template("members/export/page.html").render(context), encoding="utf-8")
    pages.append(path)


def _readable(section: Section, row: Row) -> Iterator[Mapping[str, object]]:
    for key, value in row.items():
        if value in (None, "", [], {}):
            continue
        label = section.labels.get(key, key.replace("_", " ").capitalize())
        yield {"label": label, "value": value, "is_time": isinstance(value, dt.datetime), "kind": _kind(value)}


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | dict):
        return "list" if isinstance(value, list | tuple) and not any(isinstance(one, dict) for one in value) else "data"
    return "text"
