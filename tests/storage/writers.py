"""`python -m tests.storage.writers FOLDER KILLS`: eight processes store lines; one after another is killed.

What was stored is written to FOLDER/<process> after it was committed, what went wrong to FOLDER/<process>.errors. The
settings come from the environment.
"""

import os
import random
import signal
import sys
import time
from itertools import count
from pathlib import Path

from hub.channels.base import Inbound
from hub.models.base import connection
from hub.models.channels.channel import Channel
from hub.services.conversations import inbox
from hub.services.start import start
from hub.settings import Settings

WRITERS = 8
_LIFE_S = 0.15      # between two kills


def _write(folder: Path, settings: Settings) -> None:
    start(settings)
    name = f"{os.getpid()}-{time.time_ns()}"
    stored = os.open(folder / name, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for number in count():
        key = f"{name}-{number}"
        try:
            with connection():
                inbox.receive(Channel.get(), Inbound(key, ("visitor", f"v{number % 3}"), f"Line {key}"))
            os.write(stored, f"{key}\n".encode())
        except Exception as error:
            (folder / f"{name}.errors").write_text(repr(error))


def _begin(folder: Path, settings: Settings) -> int:
    if pid := os.fork():
        return pid
    try:
        _write(folder, settings)
    finally:
        os._exit(1)


def main(folder: Path, kills: int) -> None:
    settings = Settings.load(os.environ)
    alive = [_begin(folder, settings) for _ in range(WRITERS)]
    for _ in range(kills):
        time.sleep(_LIFE_S)
        at = random.randrange(WRITERS)
        os.kill(alive[at], signal.SIGKILL)
        os.waitpid(alive[at], 0)
        alive[at] = _begin(folder, settings)
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
