"""A small program, and signed packages of it."""

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.lib import packages
from hub.models.migrate import DIRECTORY

KEY = Ed25519PrivateKey.generate()
PUBLIC = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
NEWER = "9.9.9"


def program(folder: Path, version: str = NEWER, **files: str) -> list[str]:
    """The least that counts as a release of ours; the names of its files."""
    texts = {"VERSION": version, "app.py": "", "requirements.txt": "", "hub/__init__.py": '"""New."""\n', **files,
             **{f"{packages.MIGRATIONS}{path.name}": "" for path in DIRECTORY.glob("*.py")}}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return list(texts)


def package(folder: Path, version: str = NEWER, since: str = "0.0.0", **files: str) -> Path:
    names = program(folder / "program", version, **files)
    packages.write(folder / "package.zip", folder / "program", names, KEY, since, "Sorted lists.")
    return folder / "package.zip"
