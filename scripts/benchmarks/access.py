"""(i) What it costs to know who calls and what they may; and whether anybody waits for thirty who sign in."""

import asyncio
import time
from collections.abc import Callable, Iterator
from itertools import count

import orjson
from flask import Flask
from werkzeug.test import create_environ

from hub.access import identity, passwords
from hub.access.callers import require
from hub.access.roles import Permission
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import connection, db, release
from scripts.benchmarks import apart, business
from scripts.benchmarks.figure import Bar, Figure, Size, median, ms, percentile
from scripts.benchmarks.wire import Http
from scripts.benchmarks.world import World

KEY = "i"
_SIGN_INS, _PASSWORD = 30, "Correct-horse-7"
_EVERY_S, _LINKS = 0.01, 4


def measure(world: World, size: Size) -> Iterator[Figure]:
    with world.hub(TRUST_PROXY="1") as hub:
        result = business.make(hub.env)
        yield _check(world, result.cookie, size.reads * 4)
        with connection():
            user = User.get_by_id(result.user_id)
            User.update(password_hash=passwords.hashed(_PASSWORD)).where(User.id == user.id).execute()
        apart.run(asked, hub.port, 0.5)
        alone = apart.run(asked, hub.port, size.round_s)
        with apart.started(sign_in, hub.port, user.email, size.round_s + 2) as others:
            time.sleep(1)       # until all of them wait
            beside = apart.run(asked, hub.port, size.round_s)
        done = others.result()
        yield Figure(KEY, f"/health beside {_SIGN_INS} parallel sign-ins, limits lifted, p99",
                     ms(percentile(beside, 0.99)), "ms", Bar(50), ms(percentile(alone, 0.99)),
                     "/health with nobody signing in", world.database,
                     f"p50 {ms(percentile(beside, 0.5)):.1f} ms; {done / (size.round_s + 2):.1f} sign-ins a second")


def _check(world: World, cookie: str, rounds: int) -> Figure:
    """In this process, on the hub's database: the time of a processor, whatever else the machine does."""
    app = Flask(__name__)

    @app.get("/raw")
    def raw() -> str:
        """The least that knows anybody: one row by its key."""
        found = db.execute_sql(f"SELECT name FROM {Tenant._meta.table_name} WHERE id = {db.param}", (1,)).fetchone()
        release()
        return str(found)

    def check() -> None:
        with connection():
            require(identity.signed_in(), Permission.VIEW_CONVERSATIONS)

    environ = create_environ("/raw")
    with app.test_request_context("/api/tenant", headers={"Cookie": cookie}):
        checks = _cpu_s(check, rounds)
    bare = _cpu_s(lambda: list(app(dict(environ), lambda *_: lambda _: None)), rounds)
    return Figure(KEY, "permission and session check, processor time", ms(median(checks)), "ms", Bar(1),
                  ms(median(bare)), "a whole request of a bare Flask route, one SELECT by key", world.database,
                  f"p99 {ms(percentile(checks, 0.99)):.2f} ms; one query")


def _cpu_s(step: Callable[[], object], rounds: int) -> list[float]:
    took = []
    for number in range(-20, rounds):
        began = time.thread_time()
        step()
        if number >= 0:
            took.append(time.thread_time() - began)
    return took


def asked(port: int, seconds: float) -> list[float]:
    """Seconds of each GET /health, one every hundredth of a second. For a process of its own."""
    async def ask() -> list[float]:
        links, took = [await Http.to(port) for _ in range(_LINKS)], list[float]()
        ends = time.monotonic() + seconds
        for number in count():
            began = time.perf_counter()
            status, _ = await links[number % _LINKS].ask(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            took.append(time.perf_counter() - began)
            if status != 200:
                raise ConnectionError(f"/health was answered with {status}")
            if time.monotonic() > ends:
                return took
            await asyncio.sleep(_EVERY_S)
        return took

    return asyncio.run(ask())


def sign_in(port: int, email: str, seconds: float) -> int:
    """How many sign-ins were done by people who come again and again, each try from an address of its own: limits
    count by address. For a process of its own."""
    body = orjson.dumps({"email": email, "password": _PASSWORD})
    numbers, ends = count(), time.monotonic() + seconds

    async def person() -> int:
        link, done = await Http.to(port), 0
        while time.monotonic() < ends:
            number = next(numbers)
            status, said = await link.ask(
                b"POST /api/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                b"X-Forwarded-For: 10.%d.%d.%d\r\nContent-Length: %d\r\n\r\n%b" % (
                    number >> 16 & 255, number >> 8 & 255, number & 255, len(body), body))
            if status != 200:
                raise ConnectionError(f"a sign-in was answered with {status}: {said[:200]!r}")
            done += 1
        return done

    async def all_of_them() -> int:
        return sum(await asyncio.gather(*(person() for _ in range(_SIGN_INS))))

    return asyncio.run(all_of_them())
