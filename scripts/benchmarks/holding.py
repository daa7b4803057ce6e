"""The load client of figure (a): holds thousands of WebSockets, and times echoes while it holds them."""

import asyncio
import json
import resource
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from typing import Any, TypeVar

from scripts.benchmarks.wire import Http, Socket, Stream
from scripts.benchmarks.world import memory

_AT_ONCE = 64               # handshakes in progress; more would only wait in the server's queue
_RATE = 25.0                # echoes per second, sent on time whether or not the last one came back
_SENDERS = 50              # over which they go round: a visitor may write twice a second at most
_PER_ADDRESS = 20_000
_TIMEOUT_S = 60.0
S = TypeVar("S")


@dataclass(frozen=True)
class Job:
    """What to hold and what to time. Without `cookie` the sockets themselves echo."""

    port: int
    path: str
    counts: tuple[int, ...]                 # rising: how many sockets are open at each measurement
    echo_s: float
    tokens: tuple[str, ...] = ()            # one for each socket: said first, answered with `ready`
    speakers: tuple[str, ...] = ()          # visitors who write
    cookie: str = ""                        # the operator who hears them
    pids: tuple[int, ...] = ()              # whose memory is noted


@dataclass
class Held:
    """What came of one count."""

    sockets: int
    opened_s: float
    echoes: list[float] = field(default_factory=list)       # seconds
    lost: int = 0                                           # echoes that never came
    pongs: int = 0
    pongs_s: float = 0.0
    pss_mb: float = 0.0


def hold(job: Job) -> list[Held]:
    """For a process of its own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return asyncio.run(_hold(job))


async def _hold(job: Job) -> list[Held]:
    sockets: list[Socket] = []
    found = []
    for wanted in job.counts:
        began = time.monotonic()
        await _grow(job, sockets, wanted)
        held = Held(0, time.monotonic() - began)
        await asyncio.sleep(1)
        held.echoes, held.lost = await (_line(job, wanted) if job.cookie else _direct(job, sockets))
        held.pss_mb = sum(memory(pid)[0] for pid in job.pids)
        held.pongs, held.pongs_s = await _ping_all(sockets)
        held.sockets = sum(socket.is_open for socket in sockets)
        found.append(held)
    for socket in sockets:
        socket.close()
    return found


async def _grow(job: Job, sockets: list[Socket], wanted: int) -> None:
    for first in range(len(sockets), wanted, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, wanted))
        sockets += await asyncio.gather(*(_open(job, number) for number in numbers))


async def _open(job: Job, number: int) -> Socket:
    socket = await Socket.to(job.port, source=f"127.0.0.{1 + number // _PER_ADDRESS}")
    await asyncio.wait_for(socket.open(job.path), _TIMEOUT_S)
    if job.tokens:
        await _answered(socket, json.dumps({"type": "hello", "token": job.tokens[number]}).encode())
    return socket


async def _answered(socket: Socket, text: bytes) -> None:
    """Say something and wait for the next frame."""
    first = asyncio.get_running_loop().create_future()
    socket.heard = lambda frame: None if first.done() else first.set_result(frame)
    socket.say(text)
    await asyncio.wait_for(first, _TIMEOUT_S)


async def _ping_all(sockets: list[Socket]) -> tuple[int, float]:
    """(how many answered, until the last one did)."""
    began = time.monotonic()
    tries = await asyncio.gather(*(_answered(socket, b'{"type":"ping"}') for socket in sockets if socket.is_open),
                                 return_exceptions=True)
    return sum(not isinstance(one, BaseException) for one in tries), time.monotonic() - began


async def _direct(job: Job, sockets: list[Socket]) -> tuple[list[float], int]:
    """Each echo goes into a socket and comes back on it."""
    took: list[float] = []

    async def echo(socket: Socket, number: int) -> None:
        began = time.monotonic()
        await _answered(socket, b"a visitor's line %d" % number)
        took.append(time.monotonic() - began)

    sent = await _steadily(job.echo_s, sockets[:_SENDERS], echo)
    return took, sent - len(took)


async def _line(job: Job, held: int) -> tuple[list[float], int]:
    """Each echo is a visitor's POST that comes out of the operator's event stream while so many are held."""
    heard: dict[tuple[str, int], float] = {}
    said: list[tuple[float, str, int]] = []

    def hear(data: bytes) -> None:
        event = json.loads(data)
        heard.setdefault((event.get("conversation"), event.get("seq")), time.monotonic())

    async def say(speaker: tuple[Http, str], number: int) -> None:
        link, token = speaker
        began = time.monotonic()
        status, body = await link.ask(post(token, f"echo-{held}-{number:08d}", "Where is my parcel?"))
        if status != 201:
            raise ConnectionError(f"a line was answered with {status}: {body[:200]!r}")
        message = json.loads(body)
        said.append((began, message["conversation"]["id"], message["message"]["change"]))

    stream = await Stream.to(job.port, hear)
    stream.transport.write(f"GET /inbox/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {job.cookie}\r\n\r\n".encode())
    speakers = [(await Http.to(job.port), token) for token in job.speakers[:_SENDERS]]
    await asyncio.gather(*(say(speaker, 0) for speaker in speakers))        # their conversations begin
    said.clear()
    sent = await _steadily(job.echo_s, speakers, say)
    took = [heard[where, change] - began for began, where, change in said if (where, change) in heard]
    for link in (stream, *(link for link, _ in speakers)):
        link.close()
    return took, sent - len(took)


async def _steadily(seconds: float, speakers: list[S], act: Callable[[S, int], Coroutine[Any, Any, None]]) -> int:
    """Start `act(speaker, number)` at the rate, in turn, for so long; how often that was. Raises what one raised."""
    began, sent = time.monotonic(), int(seconds * _RATE)
    async with asyncio.TaskGroup() as group:
        for number, speaker in islice(zip(count(1), cycle(speakers), strict=False), sent):
            await asyncio.sleep(began + number / _RATE - time.monotonic())
            group.create_task(act(speaker, number))
        await asyncio.sleep(0.5)        # the last ones
    return sent


def post(token: str, client_id: str, text: str, origin: str = "http://127.0.0.1") -> bytes:
    """A visitor's line as an HTTP request."""
    body = json.dumps({"clientId": client_id, "text": text}).encode()
    return (f"POST /widget/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            f"Origin: {origin}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body
