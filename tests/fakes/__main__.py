"""`python -m tests.fakes --port N [--ready-file F]`: the fake providers as a process.

Prints its URL as the first line when it listens; the ready file then holds {"url", "port", "pid"}. Ends on
SIGTERM and SIGINT, and with --until-stdin-closes also when whoever started it is gone.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path

from tests.fakes.client import bound
from tests.fakes.server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes", description="Fake providers on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free one")
    parser.add_argument("--ready-file", type=Path, help="written as soon as the port answers")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end together with the starter")
    parsed = parser.parse_args()
    sock = bound(parsed.port)
    announce(sock.getsockname()[1], parsed.ready_file)
    asyncio.run(serve(sock, parsed.until_stdin_closes))


def announce(port: int, ready_file: Path | None) -> None:
    """Say where we are; the file appears whole or not at all."""
    url = f"http://127.0.0.1:{port}"
    print(url, flush=True)
    if ready_file:
        begun = ready_file.with_suffix(".begun")
        begun.write_text(json.dumps({"url": url, "port": port, "pid": os.getpid()}))
        begun.replace(ready_file)


async def serve(sock: socket.socket, until_stdin_closes: bool) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if until_stdin_closes:
        loop.add_reader(sys.stdin, stop.set)  # nothing is ever written to it: readable means closed
    await Server().run(sock, stop)


if __name__ == "__main__":
    main()
