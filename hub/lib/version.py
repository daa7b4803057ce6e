"""Which release of Parley this is: what the file VERSION says, such as 1.4.2."""

import re
from pathlib import Path

VERSION = (Path(__file__).resolve().parents[2] / "VERSION").read_text().strip()
PATTERN = r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}"


def parts(version: str) -> tuple[int, ...]:
    """(1, 4, 2), so that 1.10.0 is newer than 1.9.0; () for what is no version."""
    return tuple(map(int, version.split("."))) if re.fullmatch(PATTERN, version) else ()
