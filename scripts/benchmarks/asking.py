"""The load client of figure (c): visitors who ask one after the other and wait for the answer on their WebSocket."""

import asyncio
import json
import time
from dataclasses import dataclass

from scripts.benchmarks.holding import post
from scripts.benchmarks.wire import Http, Socket

_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Job:
    """One visitor for each question, so that every question begins a conversation."""

    port: int
    site: str
    origin: str             # where the site's pages live
    tokens: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """Seconds from sending to seeing the answer, and whether the AI answered it or called a person."""

    took_s: float
    at: float               # wall clock, to find the model's call that belongs to it
    by_ai: bool


def ask(job: Job) -> list[Answered]:
    """For a process of its own."""
    async def one_by_one() -> list[Answered]:
        return [await _answered(job, token, question)
                for token, question in zip(job.tokens, job.questions, strict=True)]
    return asyncio.run(one_by_one())


def echo(port: int, path: str, texts: tuple[str, ...]) -> list[float]:
    """The bare counterpart: seconds of each text into a WebSocket and its answer out. For a process of its own."""
    async def one_by_one() -> list[float]:
        socket = await Socket.to(port)
        await socket.open(path)
        return [await _came_back(socket, text) for text in texts]
    return asyncio.run(one_by_one())


async def _answered(job: Job, token: str, question: str) -> Answered:
    socket, ready, answer = await Socket.to(job.port), asyncio.Event(), asyncio.Event()
    by_ai: list[bool] = []

    def hear(text: bytes) -> None:
        frame = json.loads(text)
        if frame["type"] == "ready":
            ready.set()
        elif frame["type"] == "message.new" and frame["message"]["role"] == "assistant":
            by_ai.append(bool(frame["message"]["sources"]))
            answer.set()

    await socket.open(f"/widget/live?site={job.site}", job.origin)
    socket.heard = hear
    socket.say(json.dumps({"type": "hello", "token": token}).encode())
    await asyncio.wait_for(ready.wait(), _TIMEOUT_S)
    link, wall, began = await Http.to(job.port), time.time(), time.monotonic()
    sent = asyncio.create_task(link.ask(post(token, "question-0001", question, job.origin)))
    await asyncio.wait_for(answer.wait(), _TIMEOUT_S)
    took = time.monotonic() - began
    await sent
    for one in (link, socket):
        one.close()
    return Answered(took, wall, by_ai[0])


async def _came_back(socket: Socket, text: str) -> float:
    answer = asyncio.Event()
    socket.heard = lambda frame: answer.set()
    began = time.monotonic()
    socket.say(text.encode())
    await asyncio.wait_for(answer.wait(), _TIMEOUT_S)
    return time.monotonic() - began
