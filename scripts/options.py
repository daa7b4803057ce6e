"""What `scripts/run` can be told on its command line."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from scripts import StartError

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Options:
    """`port` None: 5000 or the next free one; 0: any free one; else exactly that one."""

    data: Path
    port: int | None = None
    ready_file: Path | None = None
    demo: bool = True


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise StartError(f"{message[:1].upper()}{message[1:]} (see scripts/run --help).")


def parse(arguments: list[str], environ: Mapping[str, str]) -> Options:
    """Options from the command line, then from PORT and DATA_DIR. Raises StartError with one sentence."""
    parser = _Parser(prog="scripts/run", description="Start Parley on this machine: everything, supervised.")
    parser.add_argument("--port", metavar="N", help="where the hub listens (default: 5000 or the next free port; "
                                                     "0: any free port)")
    parser.add_argument("--data", metavar="DIR", help="where everything is kept (default: data, beside the program)")
    parser.add_argument("--no-demo", action="store_true", help="start empty, without the demo business")
    parser.add_argument("--ready-file", metavar="FILE", help="when all is up, write the addresses and the demo's "
                                                             "logins there, as JSON")
    parsed = parser.parse_args(arguments)
    return Options(data=Path(os.path.abspath(parsed.data or ROOT / (environ.get("DATA_DIR") or "data"))),
                   port=_port("--port", parsed.port) if parsed.port else _port("PORT", environ.get("PORT")),
                   ready_file=Path(os.path.abspath(parsed.ready_file)) if parsed.ready_file else None,
                   demo=not parsed.no_demo)


def _port(name: str, text: str | None) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise StartError(f"{name} must be a number from 0 to 65535, not {text!r}.")
    return int(text)
