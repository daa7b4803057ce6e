"""Can the hub still write? Asked by writing, for a disk that is full can be read all the same."""

import os
import tempfile
import time
from pathlib import Path

import structlog
from peewee import DatabaseError

from hub.models import refusals
from hub.models.base import Away, db, discard, transaction
from hub.models.platform.write_check import WriteCheck
from hub.settings import current_settings

log = structlog.get_logger(__name__)

# More than free pages and a preallocated log usually hide, and no work for a disk.
_BYTES = 64 * 1024
# Whoever asks more often gets the last good answer, or asking would wear the disk out.
_KEEP_S = 5.0
_written = float("-inf")
_REFUSALS = (DatabaseError, *Away)


def problem() -> str:
    """One sentence about what keeps the hub from storing anything; empty when it can."""
    global _written
    try:
        db.execute_sql("SELECT 1")
    except _REFUSALS as error:
        return _refused(error, "The database does not answer.")
    if time.monotonic() - _written < _KEEP_S:
        return ""
    found = _rows() or _files()
    _written = float("-inf") if found else time.monotonic()
    return found


def _rows() -> str:
    try:
        with transaction():
            row = WriteCheck.create(data=os.urandom(_BYTES))
            WriteCheck.delete().where(WriteCheck.id == row.id).execute()
    except _REFUSALS as error:
        return _refused(error, "The database cannot be written; its disk may be full.")
    return ""


def _files() -> str:
    folder = Path(current_settings().data_dir)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(os.urandom(_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return _refused(error, "The data folder cannot be written; its disk may be full.")
    return ""


def _refused(error: Exception, otherwise: str) -> str:
    log.error("storage.refused", error=str(error)[:200])
    discard()
    known = refusals.explained(error)
    return known.message if known is not None and known.code != refusals.AWAY else otherwise
