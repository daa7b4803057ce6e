"""Files that people upload: streamed to disk, known by their content, shown for a while to whoever has the address.

They lie in DATA_DIR/files/<business>/<first two digits>/<SHA-256>; the same bytes of one business once. Several
machines share that folder, or keep files in the database (FILES_IN_DATABASE).
"""

import hashlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID

from hub.access.callers import TenantRef
from hub.errors import BadInput, NotFound, TooLarge, Unauthorized
from hub.lib import crypto, file_types, ids, picture_bytes, threads
from hub.lib import text as texts
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model, after_commit
from hub.models.platform.file import File, FileKind
from hub.settings import current_settings

_PIECE = 1 << 20
_SHOWN_S = 3600             # how long an address opens a file
_ORPHAN_S = 24 * 3600       # what has no row for so long was left behind by a process that was killed


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Rules:
    """What may be uploaded as one kind: at most so many bytes (0: MAX_UPLOAD_SIZE_BYTES), of these types."""

    most_bytes: int
    types: frozenset[str] | None = None     # None: any


RULES: Mapping[FileKind, Rules] = {
    # A text in an unknown charset may look like anything; the reader says so.
    FileKind.KNOWLEDGE: Rules(0, frozenset({file_types.TEXT, file_types.UNKNOWN, "application/pdf", "text/html",
                                            "text/xml"})),
    FileKind.PICTURE: Rules(5 << 20, file_types.STILL),          # of a person or a business
    FileKind.ATTACHMENT: Rules(0),
    FileKind.EXPORT: Rules(16 << 20),                           # one part of it
}


def most_bytes(kind: FileKind) -> int:
    """How large a file of that kind may be."""
    limit = current_settings().max_upload_bytes
    return min(limit, RULES[kind].most_bytes or limit)


def store(tenant: TenantRef, kind: FileKind, name: str, content: "Readable") -> File:
    """Keep a file; its row says what it is. Raises BadInput, TooLarge. Nothing of it is ever in memory as a whole.

    The row has no owner yet: `belongs_to` names it, in the transaction that makes the owner.
    """
    head = content.read(file_types.HEAD)
    mime, allowed = file_types.of(head), RULES[kind].types
    if not head:
        raise BadInput("empty_file", "The file is empty.", {"field": "file"})
    if allowed is not None and mime not in allowed:
        raise BadInput("UNSUPPORTED_FORMAT", f"The file is {mime}, whatever its name says.", {"field": "file"})
    with tempfile.NamedTemporaryFile(dir=incoming(), delete=False) as copy:
        try:
            size, digest = _copy(head, content, copy, most_bytes(kind))
            if mime in file_types.STILL:
                size, digest = _without_traces(copy, mime, most_bytes(kind))
            in_row = current_settings().files_in_database
            data = Path(copy.name).read_bytes() if in_row else b""
            if not in_row:
                _move(copy.name, File(tenant=tenant).tenant, digest)
        finally:
            Path(copy.name).unlink(missing_ok=True)
    return File.create(tenant=tenant, kind=kind, name=texts.one_line(name) or "file", mime=mime, size=size,
                       sha256=digest, on_disk=int(not in_row), data=data)


def belongs_to(file: File, row: Model) -> None:
    """The file is deleted together with this row, by whoever deletes it."""
    File.update(owner=f"{row._meta.table_name}:{row.id}").where(File.id == file.id).execute()


def opened(file: File) -> IO[bytes]:
    """The bytes, to be read in pieces. Raises NotFound when the folder lacks them."""
    if not file.on_disk:
        return io.BytesIO(File.select(File.data).where(File.id == file.id).scalar() or b"")
    try:
        return _path(file.tenant.uuid, file.sha256).open("rb")
    except FileNotFoundError:
        raise NotFound("file_missing", "The file is not on this machine: DATA_DIR/files must be shared.") from None


def whole(file: File) -> list[File]:
    """The file's parts, in order; what is no export is one."""
    if file.kind != FileKind.EXPORT:
        return [file]
    return list(File.without_bytes().where(File.tenant == file.tenant_id, File.kind == FileKind.EXPORT,
                                           File.owner == file.owner).order_by(File.id))


def remove(file: File) -> bool:
    """The row, and once that is certain the bytes, unless another row has the same. False when it was gone."""
    path, is_gone = _path(file.tenant.uuid, file.sha256), bool(file.delete_instance())
    if file.on_disk:
        after_commit(lambda: None if File.others_like(file) else path.unlink(missing_ok=True))
    return is_gone


def url(file: File, seconds: int = _SHOWN_S) -> str:
    """An address that opens the file for `seconds`, up to twice as long: within that time it stays the same."""
    return address(file.uuid, seconds)


def address(uuid: UUID, seconds: int = _SHOWN_S) -> str:
    """The same of a file of which only the uuid is known."""
    expires = (int(time.time()) // seconds + 2) * seconds
    return f"/files/{uuid}?expires={expires}&signature={_signature(str(uuid), expires)}"


def by_address(uuid: str, expires: str, signature: str) -> File:
    """The file of an address that `url` made. Raises Unauthorized when it is not one of ours or its time is over."""
    until = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < 12 else 0
    key = ids.parse(uuid)
    if key is None or not crypto.same(signature, _signature(str(key), until)) or until < time.time():
        raise Unauthorized("address_expired", "This address of a file is wrong or has expired.")
    file = File.get_or_none(File.uuid == key)
    if file is None:
        raise NotFound("file_not_found", "There is no such file.")
    return file


def tidy() -> int:
    """Delete what lies in the folder without a row; how many files."""
    gone = 0
    for path in folder().glob("*/*/*"):
        digest, business = path.name, path.parent.parent.name
        if time.time() - path.stat().st_mtime < _ORPHAN_S:
            continue
        if business == "incoming" or not _has_row(business, digest):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def on_disk() -> Iterator[tuple[str, Path]]:
    """(name below the folder, path) of whatever is kept there, without what is just coming in."""
    for path in folder().glob("*/*/*"):
        if path.parent.parent.name != "incoming":
            yield str(path.relative_to(folder())), path


def missing() -> Iterator[File]:
    """Whose rows say that their bytes are on the disk, and they are not."""
    for file in File.without_bytes().where(File.on_disk == 1).iterator():
        if not _path(file.tenant.uuid, file.sha256).exists():
            yield file


def _has_row(business: str, digest: str) -> bool:
    tenant = File.tenant.rel_model
    return bool(File.select().join(tenant).where(tenant.uuid == ids.parse(business), File.sha256 == digest,
                                                 File.on_disk == 1).exists())


def _copy(head: bytes, content: "Readable", copy: IO[bytes], most: int) -> tuple[int, str]:
    """(size, SHA-256): counted and hashed while it is written, and over as soon as it is too much."""
    size, digest, piece = 0, hashlib.sha256(), head
    while piece:
        size += len(piece)
        if size > most:
            raise TooLarge("FILE_TOO_LARGE", f"A file may have {most} bytes.", {"field": "file", "limit": most})
        digest.update(piece)
        copy.write(piece)
        piece = content.read(_PIECE)
    copy.flush()
    os.fsync(copy.fileno())
    return size, digest.hexdigest()


def _without_traces(copy: IO[bytes], mime: str, most: int) -> tuple[int, str]:
    """Written anew, without where it was taken and the like. A picture is small enough to be read as a whole."""
    try:
        clean = threads.run(picture_bytes.cleaned, mime, Path(copy.name).read_bytes())
    except ValueError as error:
        raise BadInput("UNSUPPORTED_FORMAT", str(error), {"field": "file"}) from None
    copy.seek(0)
    copy.truncate()
    return _copy(clean, io.BytesIO(), copy, most)


def _move(name: str, tenant: Tenant, digest: str) -> None:
    path = _path(tenant.uuid, digest)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.replace(name, path)
    except OSError:         # another file system: a folder that is mounted for one business
        shutil.move(name, path)
    path.touch()


def _path(business: object, digest: str) -> Path:
    return folder() / str(business) / digest[:2] / digest


def folder() -> Path:
    """Where they lie."""
    return Path(current_settings().data_dir) / "files"


def incoming() -> Path:
    """Where what is not whole yet lies."""
    path = folder() / "incoming" / "00"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _signature(uuid: str, expires: int) -> str:
    return crypto.sign(current_settings().session_secret, f"file:{uuid}:{expires}")
