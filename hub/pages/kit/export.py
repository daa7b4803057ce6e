"""CSV for spreadsheets: UTF-8 with its mark, and no cell that a spreadsheet would work out as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file `<name>.csv` to keep. Numbers stay numbers; None is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([cell(title) for title in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    response = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def cell(value: object) -> object:
    """The value, with an apostrophe before what a spreadsheet would take for the beginning of a formula."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
