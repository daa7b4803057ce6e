"""The load client of figure (b): a few kept connections that always have a request on its way, on bare epoll.

asyncio would take 50 µs of the shared cores for each request; this takes about 15.
"""

import re
import resource
import select
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, cycle

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_SILENCE_S, _APART_S = 30.0, 0.005


@dataclass(frozen=True)
class Job:
    """`heads` are requests up to their Content-Length line, one for each visitor, taken in turn by the connections."""

    port: int
    path: str
    tokens: tuple[str, ...]
    connections: int
    seconds: float
    prefix: str                     # makes client ids differ from those of other rounds


@dataclass
class Posted:
    """How it went. `cpu_s` is what the client itself used: when that nears `seconds`, the client is the bottleneck."""

    done: int
    seconds: float
    cpu_s: float
    refused: list[str]
    waits: list[float] = field(default_factory=list)        # seconds from each request to its whole answer

    @property
    def rate(self) -> float:
        return self.done / self.seconds


def post(job: Job) -> Posted:
    """For a process of its own."""
    poll, requests = select.epoll(), _requests(job)
    links = {link.fileno(): link for link in (_connected(job.port) for _ in range(job.connections))}
    waiting, sent = dict.fromkeys(links, b""), dict.fromkeys(links, 0.0)
    began, used = time.monotonic(), _cpu_s()
    result = Posted(0, 0.0, 0.0, [])
    for number, link in links.items():
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poll.register(number, select.EPOLLIN)
        sent[number] = time.monotonic()
        link.sendall(next(requests))
    while time.monotonic() - began < job.seconds:
        ready = poll.poll(_SILENCE_S)
        if not ready:
            raise TimeoutError(f"no answer for {_SILENCE_S:g} s")
        for number, _ in ready:
            waiting[number] += links[number].recv(65_536)
            if _is_whole(waiting[number]):
                _count(result, waiting[number])
                result.waits.append(time.monotonic() - sent[number])
                waiting[number], sent[number] = b"", time.monotonic()
                links[number].sendall(next(requests))
    result.seconds, result.cpu_s = time.monotonic() - began, _cpu_s() - used
    for link in links.values():
        link.close()
    return result


def _connected(port: int) -> socket.socket:
    # Visitors come one by one. All at once, they would all be taken by the web process that happens to run.
    time.sleep(_APART_S)
    return socket.create_connection(("127.0.0.1", port))


def _requests(job: Job) -> Iterator[bytes]:
    heads = [f"POST {job.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
             "Content-Type: application/json\r\nContent-Length: ".encode() for token in job.tokens]
    for head, number in zip(cycle(heads), count(), strict=False):
        body = f'{{"clientId": "{job.prefix}-{number:08d}", "text": "Where is my parcel? It should be here by now."}}'
        yield b"%b%d\r\n\r\n%b" % (head, len(body), body.encode())


def _is_whole(data: bytes) -> bool:
    if not data:
        raise ConnectionError("the server closed the connection")
    head, gap, body = data.partition(b"\r\n\r\n")
    length = _LENGTH.search(head) if gap else None
    return length is not None and len(body) >= int(length[1])


def _count(result: Posted, response: bytes) -> None:
    if response.startswith(b"HTTP/1.1 201"):
        result.done += 1
    elif len(result.refused) < 5:
        result.refused.append(response[:300].decode(errors="replace"))


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
