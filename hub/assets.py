"""Static files: read once, named by their content in links, so that browsers keep them for ever."""

import hashlib
import mimetypes
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.utils import safe_join

from hub.errors import NotFound

_ROOT = Path(__file__).resolve().parent.parent / "static"
_IMMUTABLE = "public, max-age=31536000, immutable"
# path -> (time of change, version, content); a process reads each file once.
_kept: dict[str, tuple[float, str, bytes]] = {}


def register(app: Flask) -> None:
    app.add_url_rule("/static/<path:filename>", "static", _static)
    app.add_url_rule("/widget.js", "widget_loader", _loader)
    app.url_defaults(_versioned)


def _static(filename: str) -> Response:
    response = _answer(filename)
    if request.args.get("v") == _read(filename)[1]:
        response.headers["Cache-Control"] = _IMMUTABLE
    return response


def _loader() -> Response:
    """What sites embed: short-lived, because it names the chat by its content."""
    response = _answer("widget/loader.js")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _answer(filename: str) -> Response:
    _, version, content = _read(filename)
    response = Response(content, mimetype=mimetypes.guess_type(filename)[0] or "application/octet-stream")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"      # the widget's files live on other sites
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=60"
    response.set_etag(version)
    return response


def _read(filename: str) -> tuple[float, str, bytes]:
    path = safe_join(str(_ROOT), filename)
    if path is None or not Path(path).is_file():
        raise NotFound(message="There is no such file.")
    changed = Path(path).stat().st_mtime
    kept = _kept.get(filename)
    if kept is not None and kept[0] == changed:
        return kept
    content = Path(path).read_bytes()
    _kept[filename] = (changed, hashlib.sha256(content).hexdigest()[:16], content)
    return _kept[filename]


def _versioned(endpoint: str, values: dict[str, object]) -> None:
    if endpoint == "static" and "v" not in values:
        values["v"] = _read(str(values["filename"]))[1]
