"""Pictures and films that curators uploaded. Only what was drawn anew, never an upload as it came (but films)."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

KINDS = {"webp": "image/webp", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png",
         "mp4": "video/mp4", "webm": "video/webm"}  # fmt: skip
# Folders that Wagtail keeps renditions and documents in. Originals, with what cameras wrote into them, are elsewhere.
_FOLDERS = {"images": {"webp", "jpg", "jpeg", "png"}, "documents": {"mp4", "webm"}}
# More digits than any file has bytes are no range.
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_CHUNK_BYTES = 64 * 1024


@require_safe
@login_not_required
def media(request: HttpRequest, folder: str, name: str) -> HttpResponseBase:
    """One file, or the part of it that a player asks for. In a browser it can do nothing but be seen."""
    ending = name.rpartition(".")[2].lower()
    path = Path(settings.MEDIA_ROOT) / folder / Path(name).name
    if ending not in _FOLDERS.get(folder, ()) or not path.is_file():
        raise Http404
    size = path.stat().st_size
    part = _part(request.headers.get("Range", ""), size)
    if part is None:
        response: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    else:
        response = _answer(path, *part, size=size, head=request.method == "HEAD")
    response.headers["Content-Type"] = KINDS[ending]
    response.headers["Accept-Ranges"] = "bytes"
    # Already pressed together; and a part of a file that was pressed again would be no part of it.
    response.headers["Content-Encoding"] = "identity"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = "inline"
    response.headers.setdefault("Cache-Control", "public, max-age=3600")
    return response


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte; everything when nothing that can be read is asked for, None for what is not there."""
    found = _RANGE.fullmatch(asked.strip())
    if not found or found[0] == "bytes=-":
        return 0, size - 1
    if not found[1]:
        return (max(0, size - int(found[2])), size - 1) if int(found[2]) else None
    first, last = int(found[1]), int(found[2] or size - 1)
    return (first, min(last, size - 1)) if first <= last and first < size else None


def _answer(path: Path, first: int, last: int, *, size: int, head: bool) -> HttpResponseBase:
    length = last - first + 1
    is_part = length < size
    body = iter(()) if head else _read(path, first, length)
    response = StreamingHttpResponse(body, status=206 if is_part else 200)
    response.headers["Content-Length"] = str(length)
    if is_part:
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _read(path: Path, first: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while length > 0 and (chunk := file.read(min(_CHUNK_BYTES, length))):
            length -= len(chunk)
            yield chunk
