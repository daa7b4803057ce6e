"""The recorder of exchanges: one line per new shape, as bodies really were, and nothing read that nobody reads."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request

from tests import exchanges


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setenv("TEST_UNIT", "own")
    app = Flask("recorded")
    exchanges.record(app, tmp_path)

    @app.post("/things/<uuid:thing>")
    def echo(thing: object) -> Any:
        if request.is_json:
            return Response(request.get_data(), mimetype="application/json")
        return {"form": request.form.to_dict(), "files": len(request.files)}

    @app.post("/refused")
    def refuse() -> Any:
        return {"error": {"code": "no"}}, 403

    @app.get("/page")
    def page() -> str:
        return "<p>Hello"

    @app.get("/stream")
    def stream() -> Response:
        return Response(iter(["a", "b"]))

    return app


THING = "/things/6f1f6c4e-8a53-4a5c-9d0d-0a4a0f5b6a10"


def recorded(folder: Path) -> list[dict[str, Any]]:
    file = folder / "exchanges-own.jsonl"
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def test_an_exchange_is_kept_with_its_rule_and_its_values(app: Flask, tmp_path: Path) -> None:
    half = "\ud800"        # half a character must not break the recorder
    body: dict[str, Any] = {"name": f"Хлеб {half}", "tags": [], "price": None}
    app.test_client().post(f"{THING}?b=1&a=2", json=body)
    assert recorded(tmp_path) == [{"method": "POST", "route": "/things/<uuid:thing>", "status": 200,
                                   "query": ["a", "b"], "request": body, "response": body}]


@pytest.mark.parametrize(("again", "lines"), [
    ({"a": "other", "n": 2}, 1), ({"a": None, "n": 2}, 2), ({"a": "x", "n": 2, "more": True}, 2), ({"a": "x"}, 2),
    ({"a": "x", "n": [1]}, 2)])
def test_only_a_new_shape_is_a_new_line(app: Flask, tmp_path: Path, again: dict[str, Any], lines: int) -> None:
    for body in ({"a": "one", "n": 1}, again):
        app.test_client().post(THING, json=body)
    assert len(recorded(tmp_path)) == lines


def test_a_body_nested_without_end_is_kept_as_far_as_it_goes(app: Flask, tmp_path: Path) -> None:
    for depth in (40, 100_000):
        app.test_client().post(THING, data="[" * depth + "]" * depth, content_type="application/json")
    assert [str(line["request"])[:9] for line in recorded(tmp_path)] == ["[[[[[[[[[", "{'_type':"]


def test_long_lists_and_texts_are_cut(app: Flask, tmp_path: Path) -> None:
    app.test_client().post(THING, json={"list": list(range(10)), "text": "x" * 1000})
    assert recorded(tmp_path)[0]["response"] == {"list": [0, 1, 2], "text": "x" * 200}


def test_forms_and_uploads_are_told_by_their_fields(app: Flask, tmp_path: Path) -> None:
    app.test_client().post(THING, data={"name": "Rye", "file": (BytesIO(b"a"), "a.txt")})
    assert recorded(tmp_path)[0]["request"] == {"name": "Rye", "file": ""}


def test_what_is_no_json_is_told_by_its_type_and_a_stream_is_left_alone(app: Flask, tmp_path: Path) -> None:
    client = app.test_client()
    client.get("/page")
    assert client.get("/stream").text == "ab"
    client.get("/nowhere")
    assert [line["response"] for line in recorded(tmp_path)] == [{"_type": "text/html; charset=utf-8"}]


def test_a_body_that_was_refused_unread_stays_unread(app: Flask, tmp_path: Path) -> None:
    app.test_client().post("/refused", json={"secret": 1})
    (line,) = recorded(tmp_path)
    assert (line["status"], line["request"], line["response"]) == (403, None, {"error": {"code": "no"}})


def test_the_files_of_all_processes_become_one_with_each_shape_once(app: Flask, tmp_path: Path) -> None:
    app.test_client().post(THING, json={"a": 1})
    (tmp_path / "exchanges-other.jsonl").write_text((tmp_path / "exchanges-own.jsonl").read_text() + json.dumps(
        {"method": "GET", "route": "/x", "status": 200, "query": [], "request": None, "response": None}) + "\n")
    assert exchanges.join(tmp_path) == 2
    assert len((tmp_path / "exchanges.jsonl").read_text().splitlines()) == 2
    exchanges.clear(tmp_path)
    assert list(tmp_path.iterdir()) == [] and exchanges.join(tmp_path) == 0
