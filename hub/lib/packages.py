"""An update as one file: a ZIP with a manifest, its signature, and the files of the program that the manifest names.

The manifest says the SHA-256 of every file and is signed with Ed25519, so that signature proves every byte.
"""

import hashlib
import os
import re
import stat
import zipfile
import zlib
from pathlib import Path
from typing import IO, Annotated, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, StringConstraints

from hub.errors import TooLarge
from hub.lib.fields import N_
from hub.lib.version import PATTERN

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
LARGEST = 100 * 1024 * 1024
MIGRATIONS = "hub/models/migrations/"
# What the program is made of: nothing else is written, whoever signed it.
FOLDERS = ("docs", "hub", "jobs", "scripts", "static", "stubs", "templates", "widget")
FILES = ("CHANGELOG.md", "LICENSE", "Procfile", "README.md", "VERSION", "app.py", "gunicorn.conf.py", "pyproject.toml",
         "requirements.in", "requirements.txt")
_UNPACKED, _MANIFEST_BYTES, _PIECE = 4 * LARGEST, 4 * 1024 * 1024, 1 << 20
_NAME = re.compile(r"[A-Za-z0-9_@+-][A-Za-z0-9_.@+-]*(/[A-Za-z0-9_@+-][A-Za-z0-9_.@+-]*)*")
_BROKEN = N_("The file is no update of Parley, or it was damaged on its way.")
# What zipfile and zlib raise where the bytes are not what was written.
_ODD = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError,
        ValueError)
Version = Annotated[str, StringConstraints(pattern=f"^{PATTERN}$")]
Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class Refused(Exception):
    """Why a package is not taken: one sentence."""


class Manifest(BaseModel):
    """`since`: the oldest release that it may follow, which also works with the database as this one leaves it."""

    format: Literal[1] = 1
    version: Version
    since: Version
    changelog: str = ""
    files: dict[str, Digest]

    @property
    def migrations(self) -> set[str]:
        return {Path(name).stem for name in self.files if name.startswith(MIGRATIONS)}


def check(path: Path, key: bytes, to: Path | None = None) -> Manifest:
    """The manifest of a package that is what the owner of `key` signed, every byte; its files go into the folder `to`.

    Raises Refused, and OSError where `to` cannot be written.
    """
    try:
        with zipfile.ZipFile(path) as package:
            manifest = _signed(package, key)
            _check_names(package, manifest)
            left = _UNPACKED
            for name, digest in manifest.files.items():
                left -= _copied(package, name, digest, left, None if to is None else to / name)
    except _ODD:
        raise Refused(_BROKEN) from None
    return manifest


def _signed(package: zipfile.ZipFile, key: bytes) -> Manifest:
    """The signature first: nothing that a stranger wrote is looked at any closer."""
    said, signature = (package.open(name).read(_MANIFEST_BYTES) for name in (MANIFEST, SIGNATURE))
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, said)
    except InvalidSignature:
        raise Refused(N_("The signature is not of the key in UPDATES_SIGNED_BY.")) from None
    return Manifest.model_validate_json(said)


def _check_names(package: zipfile.ZipFile, manifest: Manifest) -> None:
    """Exactly what the manifest names, once, as plain files, at places that are the program's."""
    entries = package.infolist()
    if sorted(entry.filename for entry in entries) != sorted([MANIFEST, SIGNATURE, *manifest.files]):
        raise Refused(N_("The package holds other files than its manifest names."))
    if not all(is_ours(name) for name in manifest.files) or any(_is_odd(entry) for entry in entries):
        raise Refused(N_("The package holds something that is no file of the program."))


def copied(content: IO[bytes], to: Path) -> tuple[int, str]:
    """What somebody sends as a file of ours: its size and its SHA-256. TooLarge, as soon as it is."""
    size, found = 0, hashlib.sha256()
    with to.open("xb") as file:
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > LARGEST:
                raise TooLarge("FILE_TOO_LARGE", N_("An update has at most 100 MB."))
            found.update(piece)
            file.write(piece)
    return size, found.hexdigest()


def digest(path: Path) -> str:
    """The SHA-256 of a whole package."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_ours(name: str) -> bool:
    top, slash, _ = name.partition("/")
    return _NAME.fullmatch(name) is not None and top in (FOLDERS if slash else FILES)


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    return stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG)


def _copied(package: zipfile.ZipFile, name: str, digest: str, most: int, target: Path | None) -> int:
    """The bytes of one file, counted while they are read, whatever the package says of its size."""
    found, size = hashlib.sha256(), 0
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with package.open(name) as content, open(target or os.devnull, "wb") as file:
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > most:
                raise Refused(N_("The package is too large when it is unpacked."))
            found.update(piece)
            file.write(piece)
    if found.hexdigest() != digest:
        raise Refused(_BROKEN)
    return size


def write(path: Path, root: Path, names: list[str], key: Ed25519PrivateKey, since: str, changelog: str) -> Manifest:
    """A package at `path` of those files below `root`; its version is what the file VERSION says."""
    contents = {name: (root / name).read_bytes() for name in sorted(names)}
    manifest = Manifest(version=contents["VERSION"].decode().strip(), since=since, changelog=changelog,
                        files={name: hashlib.sha256(data).hexdigest() for name, data in contents.items()})
    said = manifest.model_dump_json().encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in {MANIFEST: said, SIGNATURE: key.sign(said), **contents}.items():
            package.writestr(name, data)
    return manifest
