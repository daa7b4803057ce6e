"""A hub for the widget's browser tests: speaks the widget protocol over real HTTP and WebSocket, from memory.

It exists so that a test can break things at will: lose an answer after storing, drop lines, forget visitors, refuse.
The real hub is tested against the same protocol in tests/api and tests/live.
"""

import json
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Blueprint, Flask, Response, abort, jsonify, request, send_from_directory
from flask_sock import Sock
from simple_websocket import ConnectionClosed

from tests.waits import STUCK_S

BUILT = Path(__file__).resolve().parents[2] / "static" / "widget"
CONFIG: dict[str, Any] = {
    "site": "demo", "name": "Север", "locale": "ru", "color": "#2f5bea", "position": "right", "theme": "auto",
    "agent": {"name": "Нова", "isAi": True}, "preChat": None, "online": True, "hours": None, "maxTextLength": 10_000,
    "texts": {"ru": {"title": "Север", "greeting": "Здравствуйте! Я Нова."}, "en": {"title": "North"}},
}
LOST = "stored, but the answer is lost"
Event = dict[str, Any]


@dataclass
class Talk:
    """One visitor's conversation, and who listens to it."""

    rows: list[Event] = field(default_factory=list)
    listeners: list["queue.Queue[Event | None]"] = field(default_factory=list)
    state: Event | None = None
    change: int = 0

    def view(self) -> Event | None:
        return self.state and {**self.state, "change": self.change}

    def bump(self) -> int:
        if self.state is None:
            self.state = {"id": f"cnv-{uuid4()}", "status": "active", "floor": "ai", "operator": None,
                          "handoff": "none", "unread": 0}
        self.change += 1
        return self.change


class Hub:
    """What tests set and read. `fates`: what happens to the next posted lines, (status, code) or LOST."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        with self.lock:
            self.talks: dict[str, Talk] = {}
            self.calls: list[tuple[str, Any]] = []
            self.config: Event = dict(CONFIG)
            self.fates: list[Any] = []
            self.sockets = self.streams = self.chat = True

    @property
    def conversation(self) -> Talk:
        return list(self.talks.values())[-1]

    def asked(self, path: str) -> list[Any]:
        return [body for called, body in self.calls if called == path]

    def texts(self) -> list[str]:
        return [row["text"] for row in self.conversation.rows]

    def publish(self, event: Event, heard: bool = True) -> None:
        """`heard=False`: stored, but the bus lost it."""
        for listener in list(self.conversation.listeners if heard else ()):
            listener.put(event)

    def say(self, text: str, role: str = "operator", heard: bool = True, **fields: Any) -> Event:
        with self.lock:
            change = self.conversation.bump()
            name = {"operator": "Анна Соколова", "assistant": "Нова"}.get(role)
            now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            row = {"id": f"msg-{len(self.conversation.rows):05d}", "clientId": None, "change": change, "role": role,
                   "name": name, "text": text, "sources": [], "attachments": [], "replyTo": None,
                   "status": "received" if role == "customer" else "sent", "turn": None, "event": None,
                   "createdAt": now, "editedAt": None, **fields}
            self.conversation.rows.append(row)
            if self.conversation.state and role not in ("customer", "system"):
                self.conversation.state["unread"] += 1
            self.publish({"type": "message.new", "seq": change, "message": dict(row)}, heard)
            return row

    def change(self, kind: str = "conversation.changed", **state: Any) -> None:
        with self.lock:
            seq = self.conversation.bump()
            self.conversation.state = {**(self.conversation.state or {}), **state}
            self.publish({"type": kind, "seq": seq, "conversation": self.conversation.view()})

    def stream(self, text: str, turn: str, pause: float = 0.05) -> None:
        words = text.split(" ")
        for end in range(1, len(words) + 1):
            self.publish({"type": "reply.delta", "turn": turn, "text": " ".join(words[:end]), "name": "Нова"})
            time.sleep(pause)

    def cut(self) -> None:
        for listener in list(self.conversation.listeners):
            listener.put(None)


def create_hub(hub: Hub) -> Flask:
    app = Flask("fake-hub", static_folder=None)
    app.register_blueprint(_files(hub))
    app.register_blueprint(_calls(hub))
    app.register_blueprint(_lines(hub))
    app.before_request(lambda: Response(status=204) if request.method == "OPTIONS" else None)
    app.after_request(_cors)
    return app


def _cors(response: Response) -> Response:
    response.headers.update({"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After",
                             "Access-Control-Allow-Headers": "Authorization, Content-Type"})
    return response


def _refusal(status: int, code: str) -> Response:
    response = jsonify(error={"code": code, "message": code, "details": {}})
    response.status_code = status
    response.headers.update({"Retry-After": "2"} if status == 429 else {})
    return response


def _files(hub: Hub) -> Blueprint:
    files = Blueprint("files", __name__)

    @files.get("/widget.js")
    def loader() -> Response:
        hub.calls.append(("/widget.js", None))
        return send_from_directory(BUILT, "loader.js", max_age=0)

    @files.get("/static/widget/<name>")
    def chat(name: str) -> Response:
        hub.calls.append(("chat", name))
        return send_from_directory(BUILT, name, max_age=0) if hub.chat else abort(503)

    @files.get("/widget/config")
    def config() -> Response:
        hub.calls.append(("/widget/config", request.args["site"]))
        return jsonify(hub.config)

    return files


def _calls(hub: Hub) -> Blueprint:
    calls = Blueprint("calls", __name__, url_prefix="/widget")

    def mine() -> Talk:
        conversation = hub.talks.get(request.headers.get("Authorization", "")[7:])
        return conversation if conversation is not None else abort(_refusal(401, "token_invalid"))

    @calls.post("/session")
    def session() -> Response:
        body = request.get_json()
        hub.calls.append(("session", body))
        with hub.lock:
            token = body.get("visitorToken")
            token = token if token in hub.talks else f"visitor-{uuid4()}"
            conversation = hub.talks.setdefault(token, Talk())
        return jsonify(visitorToken=token, visitor={}, conversation=conversation.view(), change=conversation.change)

    @calls.get("/messages")
    def index() -> Response:
        conversation, given = mine(), request.args
        hub.calls.append(("messages", dict(given)))
        if "since" in given:
            newer = sorted((row for row in conversation.rows if row["change"] > int(given["since"])),
                           key=lambda row: int(row["change"]))
            shown, more = newer[:100], len(newer) > 100
        else:
            ids = [row["id"] for row in conversation.rows]
            rows = conversation.rows[:ids.index(given["before"])] if "before" in given else conversation.rows
            shown, more = rows[-int(given["limit"]):], len(rows) > int(given["limit"])
        return jsonify(messages=shown, conversation=conversation.view(), change=conversation.change, hasMore=more)

    @calls.post("/messages")
    def send() -> tuple[Response, int] | Response:
        mine()
        body = request.get_json()
        hub.calls.append(("send", body))
        fate = hub.fates.pop(0) if hub.fates else None
        if isinstance(fate, tuple):
            return _refusal(*fate)
        with hub.lock:
            known = [row for row in mine().rows if row["clientId"] == body["clientId"]]
            row = known[0] if known else hub.say(body["text"], "customer", clientId=body["clientId"])
        if fate == LOST:
            abort(Response(status=502))
        return jsonify(message=row, conversation=mine().view()), 201

    @calls.post("/read")
    def read() -> Response:
        mine()
        hub.calls.append(("read", request.get_json()))
        hub.change(unread=0)
        return jsonify(unread=0)

    @calls.post("/typing")
    def typing() -> Response:
        hub.calls.append(("typing", request.get_json()))
        return Response(status=204)

    @calls.post("/handoff")
    def handoff() -> Response:
        conversation = mine()
        hub.say("", "system", event="handoff.requested")
        hub.change("handoff.requested", handoff="requested", floor="nobody", status="waiting_operator")
        return jsonify(conversation=conversation.view())

    return calls


def _lines(hub: Hub) -> Blueprint:
    lines = Blueprint("lines", __name__, url_prefix="/widget")
    sock = Sock(lines)

    def joined(token: str, since: int | None) -> tuple[Talk, "queue.Queue[Event | None]"] | None:
        with hub.lock:
            conversation = hub.talks.get(token)
            if conversation is None:
                return None
            listener: queue.Queue[Event | None] = queue.Queue()
            for row in sorted(conversation.rows, key=lambda row: int(row["change"])):
                if since is not None and row["change"] > since:
                    listener.put({"type": "message.new", "seq": row["change"], "message": dict(row)})
            listener.put({"type": "ready", "change": conversation.change, "conversation": conversation.view()})
            conversation.listeners.append(listener)
            return conversation, listener

    @sock.route("/live")
    def live(ws: Any) -> None:
        if not hub.sockets:
            return ws.close(1011)
        hello = json.loads(ws.receive(timeout=STUCK_S) or "{}")
        hub.calls.append(("hello", hello.get("since")))
        found = joined(str(hello.get("token")), hello.get("since"))
        if found is None:
            return ws.close(4401)
        conversation, listener = found
        pump = threading.Thread(target=_pump, args=(ws, listener), daemon=True)
        pump.start()
        try:
            while frame := ws.receive():
                if json.loads(frame)["type"] == "ping":
                    listener.put({"type": "pong"})
        except ConnectionClosed:
            pass        # the page went away; its thread below ends by itself
        finally:
            conversation.listeners.remove(listener)
            listener.put(None)

    @lines.get("/events")
    def events() -> Response:
        found = joined(request.headers.get("Authorization", "")[7:], int(request.args["since"]))
        if not hub.streams or found is None:
            abort(503)
        hub.calls.append(("events", request.args["since"]))
        conversation, listener = found

        def body() -> Iterator[str]:
            yield ":\n\n"
            while (event := listener.get()) is not None:
                yield f"data: {json.dumps(event)}\n\n"
            conversation.listeners.remove(listener)

        return Response(body(), mimetype="text/event-stream")

    return lines


def _pump(ws: Any, listener: "queue.Queue[Event | None]") -> None:
    try:
        while (event := listener.get()) is not None:
            ws.send(json.dumps(event))
        ws.close(1011)
    except ConnectionClosed:
        return      # the page went first
