"""What the test application was asked and what it answered: one line per new shape of an exchange, as JSON, in build/.

A line: {"method", "route", "status", "query": [names], "request": body, "response": body}. The route is the rule that
matched. Bodies that are not JSON are {"_type": content type}, form fields an object; of streams a test says what it
`heard`.
"""

import json
import os
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, request

from scripts.options import ROOT

FOLDER = ROOT / "build"
_ITEMS, _LETTERS, _DEEPEST = 3, 200, 30


def record(app: Flask, folder: Path = FOLDER) -> None:
    """Write down what this application answers from now on. The file of an earlier run of this unit is replaced."""
    seen: set[str] = set()
    file = _file(folder)
    file.unlink(missing_ok=True)

    @app.after_request
    def write(response: Response) -> Response:
        if request.url_rule is not None and not response.is_streamed:
            line = _exchange(request, response)
            key = json.dumps(shape(line), sort_keys=True)
            if key not in seen:
                seen.add(key)
                with file.open("a", encoding="utf-8", errors="backslashreplace") as lines:
                    lines.write(json.dumps(line, ensure_ascii=False) + "\n")
        return response


def heard(route: str, data: Any, folder: Path = FOLDER) -> None:
    """Write down an event that a stream sent, and the stream itself; `route` ends with # and the
    event's name."""
    path, _, _ = route.partition("#")
    lines = [{"method": "GET", "route": path, "response": {"_type": "text/event-stream"}},
             {"method": "RECV", "route": route, "response": _cut(data)}]
    with _file(folder).open("a", encoding="utf-8", errors="backslashreplace") as file:
        for line in lines:
            file.write(json.dumps({"status": 200, "query": [], "request": None, **line}, ensure_ascii=False) + "\n")


def _file(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder / f"exchanges-{os.environ.get('TEST_UNIT', 'pytest')}.jsonl"


def clear(folder: Path = FOLDER) -> None:
    for file in folder.glob("exchanges*.jsonl"):
        file.unlink()


def join(folder: Path = FOLDER) -> int:
    """One file, exchanges.jsonl, of all that processes wrote, each shape once; how many there are."""
    lines: dict[str, str] = {}
    for file in sorted(folder.glob("exchanges-*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            lines.setdefault(json.dumps(shape(json.loads(line)), sort_keys=True), line)
    folder.mkdir(exist_ok=True)
    (folder / "exchanges.jsonl").write_text("".join(f"{line}\n" for line in lines.values()), encoding="utf-8")
    return len(lines)


def shape(exchange: dict[str, Any]) -> dict[str, Any]:
    """The exchange with types in the place of its bodies' values: two of one shape say the same about the contract."""
    return {**exchange, "request": _kind(exchange["request"]), "response": _kind(exchange["response"])}


def _kind(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: value[key] if key == "_type" else _kind(value[key]) for key in value}
    if isinstance(value, list):
        return [json.loads(kind) for kind in sorted({json.dumps(_kind(item), sort_keys=True) for item in value})]
    return type(value).__name__


def _exchange(asked: Request, answered: Response) -> dict[str, Any]:
    rule = asked.url_rule.rule if asked.url_rule else ""
    return {"method": asked.method, "route": rule, "status": answered.status_code, "query": sorted(set(asked.args)),
            "request": _request(asked), "response": _response(answered)}


def _request(asked: Request) -> Any:
    # Only what the application itself has read: a body that was refused unread stays unread.
    form, files = asked.__dict__.get("form"), asked.__dict__.get("files")
    if form or files:
        return {**dict.fromkeys(files or (), ""), **_cut(form.to_dict() if form else {})}
    return _body(getattr(asked, "_cached_data", b"") or b"", asked.is_json, asked.content_type)


def _response(answered: Response) -> Any:
    if answered.direct_passthrough:
        return {"_type": answered.content_type}
    return _body(answered.get_data(), answered.is_json, answered.content_type)


def _body(data: bytes, is_json: bool, content_type: str | None) -> Any:
    if not data:
        return None
    if is_json:
        try:
            return _cut(json.loads(data))
        except (ValueError, RecursionError):
            pass        # no JSON, or nested without end
    return {"_type": content_type or "application/octet-stream"}


def _cut(value: Any, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        return None
    if isinstance(value, dict):
        return {key: _cut(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_cut(item, depth + 1) for item in value[:_ITEMS]]
    return value[:_LETTERS] if isinstance(value, str) else value
