"""Files to keep of lists without end: written while they are read, a batch at a time, whatever they are long.

CSV is for spreadsheets: UTF-8 with its mark, and no cell that a spreadsheet would work out as a formula.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextvars import Context, copy_context
from itertools import islice
from typing import TypeVar

import gevent
import orjson
from flask import Response
from peewee import ModelSelect

from hub.lib.json_types import JsonObject
from hub.models.base import Model, release

# https://owasp.org/www-community/attacks/CSV_Injection, and the same signs in full width
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BATCH = 200
Row = TypeVar("Row", bound=Model)


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file `<name>.csv`. Numbers stay numbers; None is an empty cell."""
    cells = ([cell(value) for value in row] for row in rows)
    return _file(f"{name}.csv", "text/csv", _csv([cell(title) for title in head], cells))


def json_file(name: str, rows: Iterable[JsonObject]) -> Response:
    """A file `<name>.json`: one list."""
    return _file(f"{name}.json", "application/json", _json(rows))


def newest_first(rows: "ModelSelect[Row]") -> Iterator[Row]:
    """All rows of the query, a batch at a time."""
    newest, last = rows.order_by(rows.model.id.desc()).limit(_BATCH), None
    while batch := list(newest if last is None else newest.where(rows.model.id < last)):
        yield from batch
        last = batch[-1].id


def _file(name: str, mimetype: str, parts: Iterator[bytes]) -> Response:
    response = Response(_unhurried(parts, copy_context()), mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _unhurried(parts: Iterator[bytes], context: Context) -> Iterator[bytes]:
    """In the context of the request, which is over by then: cells are in the reader's language. Whoever reads slowly
    keeps no connection to the database, and a long list lets others have their turn."""
    try:
        while (part := context.run(next, parts, None)) is not None:
            release()
            gevent.sleep(0)
            yield part
    finally:
        release()


def _csv(head: Sequence[object], cells: Iterator[Sequence[object]]) -> Iterator[bytes]:
    yield "\ufeff".encode() + _written([head])
    while batch := list(islice(cells, _BATCH)):
        yield _written(batch)


def _written(cells: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(cells)
    return out.getvalue().encode()


def _json(rows: Iterable[JsonObject]) -> Iterator[bytes]:
    left, start = iter(rows), b"["
    while batch := list(islice(left, _BATCH)):
        yield start + orjson.dumps(batch)[1:-1]
        start = b","
    yield b"[]" if start == b"[" else b"]"


def cell(value: object) -> object:
    """The value, with an apostrophe before what a spreadsheet would take for the beginning of a formula."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = orjson.dumps(value).decode() if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
