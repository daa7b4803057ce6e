"""Files of NAME=value lines: `.env` that a person writes, `data/secrets.env` that we write once."""

import base64
import os
import re
from collections.abc import Mapping
from pathlib import Path

from scripts import StartError

_LINE_END = re.compile(r"\r\n|\n|\r")      # and no other sign that str.splitlines() takes for one


def read(path: Path) -> dict[str, str]:
    """The values of the file, {} when there is none. `#` begins a comment line; quotes around a value are dropped.

    Raises StartError for a line that is neither, and for a file that is not UTF-8 text.
    """
    return parsed(_text(path), str(path)) if path.exists() else {}


def parsed(text: str, path: str) -> dict[str, str]:
    """The same of a text; `path` is what a wrong line is said to be in."""
    values = {}
    for number, line in enumerate(_LINE_END.split(text), 1):
        line = line.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().isidentifier():
            raise StartError(f"Line {number} of {path} should look like NAME=value.")
        values[name.strip()] = _unquoted(value.strip())
    return values


def _text(path: Path) -> str:
    """The file's text; a byte order mark at its beginning, as Windows writes it, is no part of it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    except OSError as error:
        raise StartError(f"{path} cannot be read: {error.strerror}.") from None
    if "\0" in text:        # UTF-16 of Latin letters is UTF-8 with zeros
        raise StartError(f"{path} is not UTF-8 text; save it again with the encoding UTF-8 "
                         "(in Notepad: Save as, Encoding).")
    return text


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def secrets(path: Path, environ: Mapping[str, str], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The two secrets an installation needs. What is not set comes from the file, which is written once (0600): with
    what is `known` from elsewhere, else new ones."""
    kept = read(path)
    result = {"SESSION_SECRET": os.urandom(32).hex(),
              "INTEGRATION_SECRETS_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(), **(known or {})}
    missing = [name for name in result if not environ.get(name) and not kept.get(name)]
    if missing:
        with open(path, "a", opener=lambda name, flags: os.open(name, flags, 0o600), encoding="utf-8") as file:
            if not kept:
                file.write("# Made at the first start. Whoever has this file can read what the hub keeps encrypted.\n"
                           "# Lost, every session ends and every stored integration key must be entered again.\n")
            file.writelines(f"{name}={result[name]}\n" for name in missing)
        kept |= {name: result[name] for name in missing}
    return {name: environ.get(name) or kept[name] for name in result}


def installation(root: Path) -> dict[str, str]:
    """The environment as scripts/run has it: .env, the secrets it made, and the database in the data folder."""
    environ = {**read(root / ".env"), **os.environ}
    data = root / environ.get("DATA_DIR", "data")
    return {"DATABASE_URL": f"sqlite:///{data / 'hub.db'}", "DATA_DIR": str(data), **read(data / "secrets.env"),
            **environ}
