"""The server: routing by the first part of the path, playing the modes, the control API.

One asyncio loop owns everything (providers, scripts, ledger), therefore nothing needs a lock. Shapes of the
control API are in the package docstring. A new provider is a class like `openai.OpenAI` and one line here.
"""
from __future__ import annotations

import asyncio
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

from tests.fakes.custom_channel import CustomChannel
from tests.fakes.ledger import Call, Ledger, last4
from tests.fakes.modes import LONGEST_S, Answer, Mode, Script, WrongControl
from tests.fakes.oidc import OIDC
from tests.fakes.openai import OpenAI
from tests.fakes.provider import Provider
from tests.fakes.wire import BadRequest, ClientGone, Connection, Reply, Request, WatchedProtocol, json_reply

PROVIDERS: tuple[Callable[[], Provider], ...] = (OpenAI, CustomChannel, OIDC)
HTML = b"<!doctype html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>"


class Server:
    """All providers behind one port."""

    def __init__(self) -> None:
        self._open: set[Connection] = set()
        self._busy: set[Connection] = set()
        self._forget()

    def _forget(self) -> None:
        self.ledger = Ledger()
        self.providers = {provider.name: provider for provider in (make() for make in PROVIDERS)}
        self.scripts = {name: Script(set(provider.modes)) for name, provider in self.providers.items()}
        self.gates: dict[str, asyncio.Event] = {}

    async def run(self, sock: socket.socket, stop: asyncio.Event) -> None:
        """Serve on a bound socket until `stop` is set, then cut every connection."""
        listener = await asyncio.get_running_loop().create_server(self._protocol, sock=sock, backlog=1024)
        await stop.wait()
        listener.close()
        while self._open:
            self._cut(self._open)
            await asyncio.sleep(0.005)

    def _protocol(self) -> WatchedProtocol:
        reader, gone = asyncio.StreamReader(), asyncio.Event()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._converse(Connection(reader, writer, gone))

        return WatchedProtocol(reader, gone, client_connected_cb=connected)

    async def _converse(self, connection: Connection) -> None:
        self._open.add(connection)
        try:
            while connection.is_open and (request := await connection.read()):
                await self._serve(connection, request)
        except BadRequest as error:
            await _say(connection, json_reply({"error": str(error)}, 400))
        except ClientGone:
            pass  # nobody is left to tell; the ledger has it
        finally:
            self._open.discard(connection)
            connection.close()

    async def _serve(self, connection: Connection, request: Request) -> None:
        name = request.path.split("/")[1]
        if name == "_control":
            await _say(connection, self._control(request))
        elif provider := self.providers.get(name):
            await self._call(connection, request, provider)
        else:
            await _say(connection, json_reply({"error": f"no provider {name!r} here"}, 404))

    async def _call(self, connection: Connection, request: Request, provider: Provider) -> None:
        key, ledger = provider.key(request), self.ledger
        mode = self.scripts[provider.name].take_mode(key, request.path)
        call = ledger.open(provider.name, request, last4(key) if provider.is_secret else key, mode.name)
        self._busy.add(connection)
        try:
            await self._play(connection, request, provider, mode, call)
        except ClientGone:
            call.is_hung_up = True
            connection.close()
        finally:
            ledger.close(call)
            self._busy.discard(connection)

    async def _play(
        self, connection: Connection, request: Request, provider: Provider, mode: Mode, call: Call,
    ) -> None:
        """One call in one mode; sets on `call` what became of it."""
        if mode.name == "drop":
            return connection.close()
        if mode.name == "reset":
            return connection.reset()
        if mode.name == "hang":
            await connection.sleep(mode.pause_s)
            return connection.close()
        await self._before(connection, provider, mode)
        reply = self._reply(request, provider, mode)
        call.answered, call.is_accepted, call.note = reply.answered, reply.is_accepted, reply.note
        if mode.name == "drop_after_accept":
            return connection.close()
        call.status = reply.status
        await _deliver(connection, reply, mode)

    async def _before(self, connection: Connection, provider: Provider, mode: Mode) -> None:
        if mode.name == "slow":
            await connection.sleep(mode.pause_s)
        elif mode.name == "hold":
            await self._held(connection, provider.name, mode.pause_s)

    async def _held(self, connection: Connection, name: str, longest_s: float) -> None:
        gate = self.gates.setdefault(name, asyncio.Event())
        for _ in range(int(longest_s / 0.005)):
            if gate.is_set():
                return
            await connection.sleep(0.005)

    def _reply(self, request: Request, provider: Provider, mode: Mode) -> Reply:
        if mode.name == "malformed":
            return Reply(content=HTML, headers={"Content-Type": "text/html"}, answered=HTML.decode())
        if mode.status:
            return provider.error(request, mode)
        script, key = self.scripts[provider.name], provider.key(request)
        try:
            return provider.answer(request, mode, lambda: script.take_answer(key, request.body))
        except Exception as error:  # a bug of the fake: the caller must not wait, the developer must see it
            traceback.print_exc(file=sys.stderr)
            return json_reply({"error": f"the fake server itself failed: {error!r}"}, 500)

    def _control(self, request: Request) -> Reply:
        told: dict[str, Any] = request.body or {}
        try:
            match request.method, request.path.removeprefix("/_control/"):
                case "POST", "mode":
                    self._script(told).set_mode(Mode(**_rest(told)))
                case "POST", "answer":
                    self._script(told).queue(Answer(**_rest(told)))
                case "POST", "options":
                    self._set_options(told)
                case "POST", "release":
                    self.gates.pop(told["provider"], asyncio.Event()).set()
                case "POST", "reset":
                    self._reset()
                case "GET", "calls":
                    return self._calls(request.query)
                case unknown:
                    return json_reply({"error": f"no control {unknown}"}, 404)
        except (WrongControl, TypeError, KeyError) as error:
            return json_reply({"error": str(error)}, 400)
        return json_reply({"ok": True})

    def _script(self, told: dict[str, Any]) -> Script:
        if told["provider"] not in self.scripts:
            raise WrongControl(f"no provider {told['provider']!r}; there are: {', '.join(self.scripts)}")
        return self.scripts[told["provider"]]

    def _set_options(self, told: dict[str, Any]) -> None:
        self._script(told)
        for name, value in told["options"].items():
            self.providers[told["provider"]].option(told["key"], name, value)

    def _reset(self) -> None:
        """Forget everything, and free calls that still hang from the test before."""
        self._cut(self._busy)
        self._forget()

    def _cut(self, connections: set[Connection]) -> None:
        for connection in connections:
            connection.reset()

    def _calls(self, query: dict[str, str]) -> Reply:
        calls = self.ledger.calls(query.get("provider"), query.get("path"), int(query.get("after", "0")))
        load = {name: vars(load) for name, load in self.ledger.load.items()}
        return json_reply({"calls": [vars(call) for call in calls], "load": load}, is_ascii=True)


def _rest(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "provider"}


async def _say(connection: Connection, reply: Reply) -> None:
    await connection.send(reply.head() + b"".join(reply.parts()))


async def _deliver(connection: Connection, reply: Reply, mode: Mode) -> None:
    """Write the reply the way the mode wants it; at full speed it is one single write."""
    if mode.name == "trickle":
        await _trickle(connection, reply, mode.pause_s)
    elif mode.name == "cut_stream":
        parts = reply.parts()
        await connection.send(reply.head() + b"".join(parts[: len(parts) // 2]))
        connection.close()
    elif mode.name == "slow_stream" and reply.pieces:
        await _paced(connection, reply.head(), reply.parts(), mode.pause_s)
    else:
        await _say(connection, reply)


async def _trickle(connection: Connection, reply: Reply, pause_s: float) -> None:
    body = b"".join(reply.parts())
    within = body[: int(LONGEST_S / pause_s)] if pause_s else body
    await _paced(connection, reply.head(), [within[i : i + 1] for i in range(len(within))], pause_s)
    if len(within) < len(body):
        connection.close()


async def _paced(connection: Connection, head: bytes, parts: list[bytes], pause_s: float) -> None:
    await connection.send(head)
    for number, part in enumerate(parts):
        if number:
            await connection.sleep(pause_s)
        await connection.send(part)
