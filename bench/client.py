"""The client: wrk where there is one, else connections of this process, which slow down what is measured."""

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bench.stage import HOST

# What wrk measures at least, and so how long few connections stay.
PART_SECONDS = 1.0
FEW = 16
SCRIPT = Path(__file__).with_name("requests.lua")


@dataclass(frozen=True)
class Request:
    """As it is sent. `body` is a form, urlencoded."""

    path: str
    cookie: str = ""
    body: str = ""
    method: str = "GET"
    gzip: bool = True
    htmx: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """But those that each client sets by itself."""
        headers = {"X-Forwarded-Proto": "https"}
        headers |= {"Accept-Encoding": "gzip"} if self.gzip else {}
        headers |= {"HX-Request": "true"} if self.htmx else {}
        return headers | ({"Cookie": self.cookie} if self.cookie else {})

    @property
    def line(self) -> str:
        marks = " ".join(mark for mark, is_set in (("gzip", self.gzip), ("htmx", self.htmx)) if is_set)
        return f"{self.method}\t{self.path}\t{self.cookie}\t{self.body}\t{marks}"


@dataclass(frozen=True)
class Answers:
    """What came of one run. Times in milliseconds."""

    requests: int
    seconds: float
    bytes: int
    p50: float
    p99: float
    refused: int
    broken: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def name() -> str:
    return "wrk" if shutil.which("wrk") else "python"


def run(requests: Sequence[Request], *, port: int, seconds: float, connections: int, once: bool = False) -> Answers:
    """Send them in turn over so many connections; `once`: no longer than there are requests.

    Few connections are new each second: on which process of the server one falls is chance, and where most fall on one,
    the other waits. Many are even enough, and would leave behind requests that nobody waits for.
    """
    parts = max(1, round(seconds / PART_SECONDS)) if connections <= FEW else 1
    shares = [requests[part::parts] for part in range(parts)] if once else [requests] * parts
    return together([_send(share, port, seconds / parts, connections, once=once) for share in shares if share])


def together(parts: Sequence[Answers]) -> Answers:
    """Of p50 and p99 the medians: wrk tells no more of how long each took."""
    return Answers(
        requests=sum(part.requests for part in parts),
        seconds=sum(part.seconds for part in parts),
        bytes=sum(part.bytes for part in parts),
        p50=median(part.p50 for part in parts),
        p99=median(part.p99 for part in parts),
        refused=sum(part.refused for part in parts),
        broken=sum(part.broken for part in parts),
    )


def _send(requests: Sequence[Request], port: int, seconds: float, connections: int, *, once: bool) -> Answers:
    if name() == "wrk":
        return _wrk(requests, port, seconds, connections, once=once)
    return asyncio.run(_Own(requests, port, once=once).run(seconds, connections))


def _wrk(requests: Sequence[Request], port: int, seconds: float, connections: int, *, once: bool) -> Answers:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(f"{request.line}\n" for request in requests)
        file.flush()
        # It measures whole seconds only.
        command = [
            "wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{max(1, round(seconds))}s",
            "--timeout", "30s", "--script", str(SCRIPT), f"http://{HOST}:{port}", "--",
            file.name, f"{HOST}:{port}", "once" if once else "again",
        ]  # fmt: skip
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = json.loads(output.partition("@@")[2].partition("\n")[0])
    return Answers(
        found["requests"], found["microseconds"] / 1e6, found["bytes"],
        found["p50"], found["p99"], found["refused"], found["broken"],
    )  # fmt: skip


class _Own:
    """Sockets, with no more of HTTP than these answers need."""

    def __init__(self, requests: Sequence[Request], port: int, *, once: bool) -> None:
        self.ready = [self._packed(request, port) for request in requests]
        self.port, self.once = port, once
        self.at = self.bytes = self.refused = self.broken = 0
        self.times: list[float] = []

    @staticmethod
    def _packed(request: Request, port: int) -> bytes:
        headers = {"Host": f"{HOST}:{port}", **request.headers}
        if request.method == "POST":
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(request.body.encode())),
                "Referer": f"https://{HOST}:{port}/",
            }
        head = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
        return f"{request.method} {request.path} HTTP/1.1\r\n{head}\r\n{request.body}".encode()

    async def run(self, seconds: float, connections: int) -> Answers:
        began = time.perf_counter()
        await asyncio.gather(*(self._connection(began + seconds) for _ in range(connections)))
        took = time.perf_counter() - began
        times = self.times or [0.0]
        p99 = quantiles(times, n=100)[98] if len(times) > 1 else times[0]
        p50 = sorted(times)[len(times) // 2]
        return Answers(len(self.times), took, self.bytes, p50 * 1000, p99 * 1000, self.refused, self.broken)

    async def _connection(self, until: float) -> None:
        reader, writer = await asyncio.open_connection(HOST, self.port)
        while (began := time.perf_counter()) < until and not (self.once and self.at >= len(self.ready)):
            packed = self.ready[self.at % len(self.ready)]
            self.at += 1
            try:
                writer.write(packed)
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
                )
                await reader.readexactly(length)
            except (OSError, asyncio.IncompleteReadError):
                self.broken += 1
                writer.close()
                reader, writer = await asyncio.open_connection(HOST, self.port)
                continue
            self.times.append(time.perf_counter() - began)
            self.bytes += len(head) + length
            self.refused += int(head[9:12]) >= 400
        writer.close()
