"""One file that holds many: a compressed tar, written whole or not at all, whose end proves that nothing is missing.

Neither side ever has more than a piece of it in memory. `tar -tzf` shows what is inside.
"""

import hashlib
import io
import os
import re
import tarfile
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PIECE = 1 << 20
DRAFT = ".parley-draft-"        # how what is not finished is called
# What reading raises where the bytes are not what was written.
_ODD = (tarfile.TarError, EOFError, zlib.error, UnicodeDecodeError)
_END = "end"                # the last member: the digest of all before it
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


class Broken(ValueError):
    """Why a file is not an archive of ours, or not the whole of one: one sentence."""


class Writer:
    """Puts members into an archive, one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar, self._digest = tar, hashlib.sha256()

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """The next `size` bytes of what is open. OSError when there are fewer."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(time.time())
        self._digest.update(_head(name, size))
        self._tar.addfile(member, _Hashed(content, self._digest))
        _forget(self._tar)

    def add_bytes(self, name: str, data: bytes) -> None:
        self.add(name, io.BytesIO(data), len(data))

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as content:
            self.add(name, content, os.fstat(content.fileno()).st_size)

    def end(self) -> None:
        self.add_bytes(_END, self._digest.hexdigest().encode())


class _Hashed:
    """Reads on, and hashes what is read."""

    def __init__(self, content: IO[bytes], digest: "hashlib._Hash") -> None:
        self._content, self._digest = content, digest

    def read(self, size: int = -1) -> bytes:
        data = self._content.read(size)
        self._digest.update(data)
        return data


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """An archive at `path`, which is there when the block has ended well and all of it is on the disk; else nothing is.

    FileExistsError when there is a file of that name.
    """
    handle, name = tempfile.mkstemp(prefix=DRAFT, dir=path.parent)       # nobody else's to read
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as tar:
                writer = Writer(tar)
                yield writer
                writer.end()
            file.flush()
            os.fsync(file.fileno())
        os.link(name, path)             # unlike a rename it replaces nothing
        sync_folder(path.parent)
    finally:
        os.unlink(name)


def sync_folder(folder: Path) -> None:
    """A new name in a folder survives a power cut after this."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """(name, content) of each, in order; each content is read before the next is asked for.

    Raises Broken for what is no archive, was cut off or was changed, at its end at the latest.
    """
    digest = hashlib.sha256()
    try:
        with tarfile.open(path, "r|gz", bufsize=PIECE) as tar:
            while (member := tar.next()) is not None:
                _forget(tar)
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or not _NAME.fullmatch(member.name) or ".." in member.name:
                    raise Broken(f"{path} is not a backup of Parley.")
                if member.name == _END:
                    if content.read(PIECE).decode() != digest.hexdigest():
                        raise Broken(f"{path} was changed after it was made.")
                    return
                digest.update(_head(member.name, member.size))
                read = _Checked(content, digest, path)
                yield member.name, read     # type: ignore[misc]
                while read.read(PIECE):
                    pass
    except _ODD as error:
        raise _damaged(path, error) from None
    raise Broken(f"{path} is not complete.")


class _Checked(_Hashed):
    """What cannot be read is Broken for whoever reads it."""

    def __init__(self, content: IO[bytes], digest: "hashlib._Hash", path: Path) -> None:
        super().__init__(content, digest)
        self._path = path

    def read(self, size: int = -1) -> bytes:
        try:
            return super().read(size)
        except _ODD as error:
            raise _damaged(self._path, error) from None


def _damaged(path: Path, error: Exception) -> Broken:
    return Broken(f"{path} is damaged or not a backup of Parley ({error}).")


def _forget(tar: tarfile.TarFile) -> None:
    """tarfile remembers every member that it has seen."""
    setattr(tar, "members", [])         # noqa: B010  # which its stubs do not know


def _head(name: str, size: int) -> bytes:
    return f"{name}\n{size}\n".encode()


