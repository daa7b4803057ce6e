"""`python -m scripts.pack_update FILE --key KEY --since VERSION`: this folder as a signed update for other machines.

--new-key makes the key and prints what UPDATES_SIGNED_BY has to say there.
"""

import argparse
import base64
import os
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from hub.lib import packages
from scripts import StartError, one_sentence
from scripts.options import ROOT


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.pack_update", description="Make an update of this folder.")
    parser.add_argument("file", type=Path, nargs="?", help="the package to write; its version is what VERSION says")
    parser.add_argument("--key", type=Path, required=True, help="file of the private key; whoever has it can change "
                                                               "the program of every machine that trusts it")
    parser.add_argument("--new-key", action="store_true", help="make that file, and print the public key")
    parser.add_argument("--since", help="the oldest release that may be updated directly, and come back: the one "
                                        "before, as a rule")
    parser.add_argument("--changelog", default="", help="what is new, for people")
    parser.add_argument("--root", type=Path, default=ROOT, help="the folder of the program (default: this one)")
    given = parser.parse_args(arguments)
    with one_sentence():
        key = new_key(given.key) if given.new_key else kept_key(given.key)
        if given.new_key:
            print(f"UPDATES_SIGNED_BY={public(key)}")
        if given.file:
            print(packed(given.file, given.root, key, given.since, given.changelog))
    return 0


def new_key(path: Path) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(pem)
    except OSError as error:
        raise StartError(f"{path} cannot be written: {error.strerror}.") from None
    return key


def kept_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise StartError(f"{path} is no key that can be read: {error}.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise StartError(f"{path} holds a key of another kind than Ed25519.")
    return key


def public(key: Ed25519PrivateKey) -> str:
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def packed(path: Path, root: Path, key: Ed25519PrivateKey, since: str | None, changelog: str) -> str:
    """Make the package; one line about it."""
    try:
        manifest = packages.write(path, root, _names(root), key, since or "", changelog)
    except (ValidationError, KeyError):
        raise StartError("VERSION and --since must be versions such as 1.4.2.") from None
    except OSError as error:
        raise StartError(f"{error.filename}: {error.strerror}.") from None
    return f"{path}  {manifest.version}, {len(manifest.files)} files, {path.stat().st_size:,} bytes"


def _names(root: Path) -> list[str]:
    """What git tracks, or what lies there where there is no git, as far as it is of the program."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True)
    names = listed.stdout.split("\0") if listed.stdout else [
        path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    return [name for name in names if packages.is_ours(name) and not name.endswith(".pyc") and (root / name).is_file()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
