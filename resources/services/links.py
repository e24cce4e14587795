"""Whether the addresses that a page links to still answer. Asked only where an operator wants it (CHECK_LINKS)."""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from resources.models import ArticlePage, MachineCheckTask

TIMEOUT_SECONDS = 8
# For the links of one page, and for a run of the task, which is to be over before the next. A link that was not asked
# in time holds nobody up.
PAGE_SECONDS, RUN_SECONDS = 45, 45
# Of one page. More sources than that are a bibliography.
AT_MOST = 60
# Of all pages that wait, in one run of the task.
STEPS_AT_ONCE = 5
# The page is gone, whoever asks. That a server refuses a program, or asks for a sign-in, says nothing about readers.
GONE = frozenset({404, 410})

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r\n]")
_LINE_BYTES = 1024
# Pages for readers are there; what else a machine offers is none of ours.
_PORTS = {"https": 443, "http": 80}
# Addresses that are passed on to others, which may stand beside this server.
_PASSED_ON = ipaddress.ip_network("64:ff9b::/96")

Ask = Callable[[str], int | None]


def finish_checks(*, ask: Ask | None = None) -> int:
    """Ask after the links of pages that wait for it, and send each on or back; of how many.

    Nothing is locked while servers are asked. A step that somebody cancelled meanwhile is left alone.
    """
    waiting = TaskState.objects.filter(
        task__content_type=ContentType.objects.get_for_model(MachineCheckTask),
        status=TaskState.STATUS_IN_PROGRESS,
    )
    steps = list(waiting.select_related("workflow_state").order_by("started_at", "pk")[:STEPS_AT_ONCE])
    until, done = time.monotonic() + RUN_SECONDS, 0
    for step in steps:
        if time.monotonic() > until:
            break
        done += 1
        # What a person will read, which somebody may have changed since it was handed in.
        page = step.workflow_state.content_object.get_latest_revision_as_object()
        found = (
            list(_dead(page.words().links, ask or answer))
            if settings.CHECK_LINKS and isinstance(page, ArticlePage)
            else []
        )
        _finish(step.pk, found)
    return done


def _dead(links: Iterable[str], ask: Ask) -> Iterable[str]:
    outside = [link for link in dict.fromkeys(links) if link.startswith(("https://", "http://"))]
    until = time.monotonic() + PAGE_SECONDS
    for link in outside[:AT_MOST]:
        if time.monotonic() > until or not _is_usual(link):
            continue
        status = ask(link)
        if status is None:
            yield _("Nobody answers at %(link)s. Is the address right?") % {"link": link[:200]}
        elif status in GONE:
            yield _("There is no such page any more: %(link)s") % {"link": link[:200]}


@transaction.atomic
def _finish(step_id: int, found: list[str]) -> None:
    step = TaskState.objects.select_for_update(of=("self",)).filter(pk=step_id).first()
    if step is None or step.status != TaskState.STATUS_IN_PROGRESS:
        return
    if found:
        step.reject(user=None, comment="\n".join(found))
    else:
        step.approve(user=None)


def _is_usual(link: str) -> bool:
    """Whether it names no other door of a machine than the one that pages are behind."""
    try:
        parts = urlsplit(link)
        return parts.port in (None, _PORTS.get(parts.scheme))
    except ValueError:
        return True


def answer(link: str) -> int | None:
    """The status that a server answers with, without following where it leads; None for no answer.

    Only public addresses are asked: whoever writes a page must not reach what stands beside this server.
    """
    until = time.monotonic() + TIMEOUT_SECONDS
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").encode("idna").decode()
        path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        with _connected(parts.scheme, host) as sock:
            name = f"[{host}]" if ":" in host else host
            sock.sendall(
                f"HEAD {path} HTTP/1.1\r\nHost: {name}\r\nUser-Agent: link check\r\nAccept: */*\r\n"
                "Connection: close\r\n\r\n".encode("ascii")
            )
            return _status(sock, until)
    except (OSError, ValueError):
        return None


def _status(sock: socket.socket, until: float) -> int | None:
    """From the first line, which comes before `until`: a server may send it byte by byte, and the rest for ever."""
    line = b""
    while b"\n" not in line and len(line) < _LINE_BYTES:
        if (left := until - time.monotonic()) <= 0:
            return None
        sock.settimeout(left)
        if not (more := sock.recv(_LINE_BYTES)):
            break
        line += more
    found = _STATUS.match(line)
    return int(found[1]) if found else None


def _connected(scheme: str, host: str) -> socket.socket:
    """To an address that was looked at, so that it cannot be another one a moment later."""
    port = _PORTS[scheme]
    sock = socket.create_connection((_public_address(host, port), port), timeout=TIMEOUT_SECONDS)
    if scheme == "http":
        return sock
    try:
        return ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except OSError:
        sock.close()
        raise


def _public_address(host: str, port: int) -> str:
    """Raises OSError when the name leads nowhere, or to an address that is not public."""
    addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not addresses or not all(_is_public(ipaddress.ip_address(address)) for address in addresses):
        raise OSError(f"{host} is no public address")
    return min(addresses, key=len)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and (address in _PASSED_ON or address.is_site_local):
        return False
    # All that begins with zeros stands for addresses of the older kind.
    is_old = address.version == 6 and int(address) >> 32 == 0
    return address.is_global and not address.is_multicast and not is_old
