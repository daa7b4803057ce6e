"""A program of its own: makes one backup at the path it is given. Started by backups.py."""

import os
import sys
from pathlib import Path

from hub.errors import SettingsError
from hub.models import backup
from hub.services.platform import backups
from hub.services.start import start
from hub.settings import Settings


def main(path: str, *words: str) -> int:
    os.nice(10)         # whoever waits for an answer comes first
    try:
        start(Settings.load(os.environ))
        backups.write(Path(path), secrets="--secrets" in words)
    except (SettingsError, backup.Refused, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
