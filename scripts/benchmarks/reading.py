"""The load client of figure (e): one page after the other over one kept connection, as one operator would."""

import asyncio
import time

from scripts.benchmarks.wire import Http


def read(port: int, paths: tuple[str, ...], cookie: str, count: int) -> list[float]:
    """Seconds of `count` requests that go round the paths, all answered 200. For a process of its own."""
    return asyncio.run(_read(port, paths, cookie, count))


async def _read(port: int, paths: tuple[str, ...], cookie: str, count: int) -> list[float]:
    link, took = await Http.to(port), []
    for number in range(-2 * len(paths), count):        # each process has seen each page before it counts
        path = paths[number % len(paths)]
        began = time.perf_counter()
        status, body = await link.ask(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nHX-Request: true\r\n"
                                      f"Cookie: {cookie}\r\n\r\n".encode())
        took.append(time.perf_counter() - began)
        if status != 200:
            raise ConnectionError(f"{path} was answered with {status}: {body[:200]!r}")
    link.close()
    return took[2 * len(paths):]
