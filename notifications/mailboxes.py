"""Mailboxes in which returned mails are found: a folder or a file on this machine, or one on a server."""

import imaplib
import mailbox
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 30
_LONGEST_HEAD = 64 * 1024
# Longer than a worker may take for anything, and than a mail server ever holds a lock.
_STALE_SECONDS = 15 * 60


class Box(Protocol):
    """Mails by a name of their own. What somebody else took away meanwhile is empty, and nobody's fault."""

    def unread(self, limit: int) -> Sequence[Any]: ...

    def first_bytes(self, name: Any, count: int) -> bytes: ...

    def remove(self, name: Any) -> None: ...

    def mark_read(self, name: Any) -> None: ...


@contextmanager
def opened(url: str) -> Iterator[Box]:
    """The mailbox at imaps://user:password@host/folder, maildir:///path or mbox:///path.

    Raises OSError, `mailbox.Error` or `imaplib.IMAP4.error` where it is not there. imap:// means STARTTLS.
    """
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        yield _Maildir(Path(unquote(parts.path)))
    elif parts.scheme == "mbox":
        with _file(Path(unquote(parts.path))) as box:
            yield box
    else:
        with _server(parts) as box:
            yield box


class _Maildir:
    """A file a mail. What is new is in `new`; what was looked at is in `cur`, and an S in its name says so."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "new").is_dir():
            raise mailbox.NoSuchMailboxError(folder)
        self.folder = folder

    def unread(self, limit: int) -> Sequence[Path]:
        files = [file for part in ("new", "cur") for file in sorted((self.folder / part).glob("[!.]*"))]
        return [file for file in files if "S" not in _flags(file) and file.is_file()][:limit]

    def first_bytes(self, name: Path, count: int) -> bytes:
        with suppress(FileNotFoundError), name.open("rb") as file:
            return file.read(count)
        return b""

    def remove(self, name: Path) -> None:
        name.unlink(missing_ok=True)

    def mark_read(self, name: Path) -> None:
        plain = name.name.partition(":2,")[0]
        flags = "".join(sorted({*_flags(name), "S"}))
        with suppress(FileNotFoundError):
            name.rename(self.folder / "cur" / f"{plain}:2,{flags}")


def _flags(file: Path) -> str:
    return file.name.partition(":2,")[2]


class _Mbox:
    """One file for all, locked against the mail server while it is read."""

    def __init__(self, box: mailbox.mbox) -> None:
        self.box = box

    def unread(self, limit: int) -> Sequence[Any]:
        return [key for key in self.box.iterkeys() if not self._is_read(key)][:limit]

    def _is_read(self, name: Any) -> bool:
        """By its head, whatever comes after it: each is asked each time."""
        try:
            return "R" in BytesHeaderParser().parsebytes(self.first_bytes(name, _LONGEST_HEAD)).get("Status", "")
        except Exception:  # noqa: BLE001 - written by anybody, and the parser fails in many ways; it is left alone
            return True

    def first_bytes(self, name: Any, count: int) -> bytes:
        with self.box.get_file(name) as file:
            return file.read(count)

    def remove(self, name: Any) -> None:
        self.box.remove(name)

    def mark_read(self, name: Any) -> None:
        """The first such line counts. Nothing else of it is read or changed, whatever is in it."""
        envelope, _end, mail = self.box.get_bytes(name, from_=True).partition(b"\n")
        self.box[name] = envelope + b"\nStatus: RO\n" + mail


@contextmanager
def _file(path: Path) -> Iterator[_Mbox]:
    box = mailbox.mbox(path, create=False)
    _take_over(Path(f"{path}.lock"))
    try:
        box.lock()
        yield _Mbox(box)
    finally:
        box.close()


def _take_over(lock: Path) -> None:
    """Whoever died with it in their hands would keep everybody out for good."""
    with suppress(FileNotFoundError):
        if time.time() - lock.stat().st_mtime > _STALE_SECONDS:
            lock.unlink()


class _Imap:
    def __init__(self, server: imaplib.IMAP4) -> None:
        self.server = server

    def unread(self, limit: int) -> Sequence[str]:
        _state, found = self.server.uid("SEARCH", "UNSEEN")
        return (found[0] or b"").decode("ascii", "replace").split()[:limit]

    def first_bytes(self, name: str, count: int) -> bytes:
        _state, found = self.server.uid("FETCH", name, f"(BODY.PEEK[]<0.{count}>)")
        return next((part[1] for part in found if isinstance(part, tuple)), b"")

    def remove(self, name: str) -> None:
        self.server.uid("STORE", name, "+FLAGS", r"(\Seen \Deleted)")

    def mark_read(self, name: str) -> None:
        self.server.uid("STORE", name, "+FLAGS", r"(\Seen)")


@contextmanager
def _server(parts: SplitResult) -> Iterator[_Imap]:
    with _connected(parts) as server:
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.strip("/")) or "INBOX"
        state, _said = server.select(f'"{folder}"')
        if state != "OK":
            raise mailbox.NoSuchMailboxError(folder)
        try:
            yield _Imap(server)
        finally:
            server.close()  # removes what is marked as deleted


def _connected(parts: SplitResult) -> imaplib.IMAP4:
    host = parts.hostname or ""
    context = ssl.create_default_context()
    if parts.scheme == "imaps":
        return imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=TIMEOUT_SECONDS)
    server = imaplib.IMAP4(host, parts.port or 143, timeout=TIMEOUT_SECONDS)
    if host not in ("127.0.0.1", "::1", "localhost"):
        server.starttls(context)
    return server
