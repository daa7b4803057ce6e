"""Server-sent events: the visitor's stream (where a WebSocket cannot open) and the operator's stream of the inbox."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any

import gevent
import orjson
import structlog
from flask import Blueprint, Flask, Response, request
from gevent.event import Event as Flag
from gevent.queue import Empty, Full, Queue
from pydantic.alias_generators import to_camel

from hub.access import callers, grants
from hub.access.grants import Grant
from hub.access.origins import page_origin
from hub.access import identity
from hub.access.roles import Permission
from hub.access.rows import get_or_404
from hub.bus import Event
from hub.errors import BadInput
from hub.lib.json_types import JsonObject
from hub.live import catch_up, connections, quota
from hub.live.connections import Connection, Shape
from hub.models.base import connection as database
from hub.models.platform.task import Task
from hub.services.channels import sites
from hub.services.conversations import presence
from hub.services.platform import tasks

log = structlog.get_logger(__name__)

_BEAT_S = 20
_WAITING = 256
_CLOSE_S = 1      # for a reader that may have stopped reading

blueprint = Blueprint("live_streams", __name__)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/widget/events")
def visitor_events() -> Response:
    """The same events as the WebSocket; `since` or Last-Event-ID resumes."""
    visitor = identity.visitor()
    with database():
        sites.check_origin(sites.of(visitor), page_origin())
    since = _since()
    leave = quota.take(caller=f"{visitor.channel} {visitor.key}", address=request.remote_addr, tenant=visitor.tenant)
    response = open_stream(connections.wire, lambda page: catch_up.begin(page, visitor, since), _widget_lines, None,
                           grants.of_visitor(visitor))
    response.call_on_close(leave)
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
    return response


@blueprint.get("/inbox/events")
def inbox_events() -> Response:
    """What operators' pages listen to: named events, so that each part of a page receives only its own."""
    with database():
        caller = identity.signed_in()
        callers.require(caller, Permission.VIEW_CONVERSATIONS)
        tenant, user, grant = caller.tenant.id, caller.user.id, grants.of_user(caller)

    def start(page: Connection) -> None:
        connections.join(page, ("staff", tenant))

    leave = quota.take(caller=f"user {user}", address=request.remote_addr, tenant=tenant)
    response = open_stream(_staff_frame, start, _plain, lambda: presence.here(tenant, user), grant)
    response.call_on_close(leave)
    return response


@blueprint.get("/api/tasks/<task>/events")
def task_events(task: str) -> Response:
    """How far a task is: `task-<uuid>` now and at every change. Whoever comes again begins with how it is then."""
    with database():
        caller = identity.signed_in()
        row = get_or_404(Task, caller.tenant, task)
        callers.require(caller, Permission(row.permission))
        name, tenant, user, grant = f"task-{row.uuid}", caller.tenant.id, caller.user.id, grants.of_user(caller)

    def start(page: Connection) -> None:
        connections.join(page, ("staff", tenant), ("user", user))
        with database():
            page.send(_named(name, _task(tasks.facts(Task.get_by_id(row.id)))))

    leave = quota.take(caller=f"user {user}", address=request.remote_addr, tenant=tenant)
    response = open_stream(lambda event: _task_frame(event, name), start, _plain, None, grant)
    response.call_on_close(leave)
    return response


def _task_frame(event: Event, name: str) -> bytes | None:
    data = event.get("data", {})
    return _named(name, _task(data)) if event["type"] == "task.changed" and f"task-{data['uuid']}" == name else None


def _task(facts: JsonObject) -> JsonObject:
    """A task as streams show it."""
    return {"id" if name == "uuid" else to_camel(name): value for name, value in facts.items()}


def _since() -> int | None:
    text = request.headers.get("Last-Event-ID") or request.args.get("since")
    if text is None or text == "":
        return None
    if not text.isdecimal() or len(text) > 15:
        raise BadInput("INVALID_LAST_EVENT_ID", "The event id is not one of ours.")
    return int(text)


def open_stream(shape: Shape, start: Callable[[Connection], None],
                lines: Callable[[bytes], bytes], beat: Callable[[], None] | None, grant: Grant,
                is_last: Callable[[bytes], bool] = lambda _: False) -> Response:
    """An answer that stays open: `start` joins its connection to topics, `shape` makes frames of their events, `lines`
    writes them; after a frame that `is_last` it ends."""
    frames: Queue[bytes | None] = Queue(maxsize=_WAITING)
    sock = request.environ.get("gunicorn.socket")
    is_over = Flag()
    page = Connection(lambda frame: frames.put(frame, timeout=5), lambda: _cut(frames, sock, is_over), shape, grant)

    def body() -> Iterator[bytes]:
        try:
            yield b": hello\n\n"
            gevent.spawn(_begin, page, start)
            while True:
                if beat is not None:
                    beat()
                try:
                    frame = frames.get(timeout=_BEAT_S)
                except Empty:
                    yield b": beat\n\n"
                    continue
                if frame is None:
                    return
                yield lines(frame)
                if is_last(frame):
                    return
        finally:
            page.gone = True
            is_over.set()
            connections.leave(page)

    return Response(body(), mimetype="text/event-stream",
                    headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


def _begin(page: Connection, start: Callable[[Connection], None]) -> None:
    """In a greenlet of its own: what `start` sends must be read meanwhile."""
    try:
        start(page)
    except Exception:
        log.exception("live.not_begun")
        page.end()


def _cut(frames: Any, sock: Any, is_over: Flag) -> None:
    """End the stream: after what is queued if the reader still reads, in any case soon."""
    with suppress(Full):
        frames.put(None, timeout=_CLOSE_S)
        if is_over.wait(_CLOSE_S):
            return              # in good order: its connection may carry the next request already
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(SHUT_RDWR)


def _widget_lines(frame: bytes) -> bytes:
    seq = orjson.loads(frame).get("seq")
    return (b"id: %d\n" % seq if seq is not None else b"") + b"data: " + frame + b"\n\n"


def _plain(frame: bytes) -> bytes:
    return frame


def _staff_frame(event: Event) -> bytes | None:
    """`conversation` for lists, `messages-<uuid>`, `typing-<uuid>` and `delta-<uuid>` for an open conversation."""
    data = event.get("data", {})
    uuid, kind = event.get("conversation_uuid", ""), event["type"]
    if kind == "task.changed":
        return _named(f"task-{data['uuid']}", _task(data))
    if kind == "typing":
        return _named(f"typing-{uuid}", {**data, "conversationId": uuid})
    if kind in ("reply.delta", "reply.withdrawn"):
        return _named(f"delta-{uuid}", {**data, "conversationId": uuid, "withdrawn": kind == "reply.withdrawn"})
    seen = {"conversation": uuid, "type": kind, "seq": event.get("seq")}
    lines = _named("conversation", seen)
    return lines if kind == "list.changed" else lines + _named(f"messages-{uuid}", seen)


def _named(name: str, data: JsonObject) -> bytes:
    return f"event: {name}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"
