"""WS /widget/live: the visitor's events. The origin is checked before the 101, the token in the first frame."""

from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any

import gevent
import orjson
from flask import Blueprint, Flask, g, request
from flask_sock import Sock
from gevent.lock import RLock
from simple_websocket import ConnectionClosed

from hub.access import grants, identity, request_limits, tokens
from hub.access.origins import page_origin
from hub.access.callers import Visitor
from hub.errors import HubError, NotFound, TooMany, Unauthorized
from hub.lib.json_types import JsonObject
from hub.live import catch_up, connections, quota
from hub.live.connections import Connection
from hub.models.base import connection as database
from hub.services.channels import sites
from hub.settings import current_settings

_FIRST_FRAME_S = 5
_CLOSE_S = 1      # for the closing handshake with a peer that may have stopped reading
_MAX_FRAME = 8 * 1024
_MAX_FRAMES_PER_PAGE = 2_000

blueprint = Blueprint("live_sockets", __name__)
_sock = Sock(blueprint)


def register(app: Flask) -> None:
    # Without a ping a dead peer is never noticed, without a size limit a frame may be as large as memory.
    app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": 25, "max_message_size": _MAX_FRAME}
    app.register_blueprint(blueprint)


@blueprint.before_request
def _before() -> None:
    # Here, and not in the view: flask-sock answers 101 before it calls the view.
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise NotFound(message="This address speaks WebSocket.")
    request_limits.count(("widget-socket",), identity.anonymous())
    with database():
        site = sites.by_token(request.args.get("site", ""))
        sites.check_origin(site, page_origin())
    g.quota = [quota.take(address=request.remote_addr, tenant=site.tenant_id)]


@blueprint.teardown_request
def _after(error: BaseException | None) -> None:
    for leave in g.get("quota", ()):
        leave()


class _Whole:
    """A socket whose `send` sends everything, one frame after the other.

    simple-websocket sends from two greenlets and ignores how much was taken: a slow reader would get torn frames.
    """

    def __init__(self, sock: Any) -> None:
        self._sock, self._lock = sock, RLock()

    def send(self, frame: bytes) -> None:
        with self._lock:
            self._sock.sendall(frame)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)


@_sock.route("/widget/live")
def live(ws: Any) -> None:
    ws.sock = _Whole(ws.sock)
    opening = _frame(ws, _FIRST_FRAME_S)
    if opening is None or opening.get("type") != "hello":
        ws.close(4408, "hello")
        return
    visitor = _visitor(ws, opening)
    if visitor is None:
        return
    page = Connection(lambda frame: ws.send(frame.decode()), lambda: _cut(ws), connections.wire,
                      grants.of_visitor(visitor))
    try:
        catch_up.begin(page, visitor, _since(opening))
        _listen(ws, page)
    finally:
        page.gone = True
        connections.leave(page)


def _cut(ws: Any) -> None:
    """Close the socket: with a handshake if the peer still reads, in any case soon."""
    with gevent.Timeout(_CLOSE_S, False), suppress(ConnectionClosed, OSError):
        ws.close(1013)          # "try again later" (RFC 6455, IANA registry of close codes)
        ws.thread.join()
    with suppress(OSError):
        ws.sock.shutdown(SHUT_RDWR)


def _visitor(ws: Any, opening: JsonObject) -> Visitor | None:
    try:
        visitor = tokens.read_visitor(current_settings().session_secret, str(opening.get("token")))
        with database():
            if sites.by_token(request.args.get("site", "")).id != visitor.channel:
                raise Unauthorized("token_invalid", "The token is for another site.")
        g.quota.append(quota.take(caller=f"{visitor.channel} {visitor.key}"))
        return visitor
    except TooMany as error:
        ws.close(4429, error.code)
        return None
    except HubError as error:
        ws.close(4401, error.code)
        return None


def _since(opening: JsonObject) -> int | None:
    since = opening.get("since")
    return since if isinstance(since, int) and since >= 0 else None


def _listen(ws: Any, page: Connection) -> None:
    """A visitor's page says nothing but `ping` here: lines go over POST, where they get an answer."""
    for _ in range(_MAX_FRAMES_PER_PAGE):
        frame = _frame(ws, None)
        if frame is None or page.gone:
            return
        if frame.get("type") == "ping":
            page.send(b'{"type":"pong"}')
    ws.close(4429, "too many frames")


def _frame(ws: Any, timeout: float | None) -> JsonObject | None:
    """The next frame as an object; None when there is none in time, it is nonsense, or the page is gone."""
    try:
        raw = ws.receive(timeout=timeout)
        frame = orjson.loads(raw) if raw is not None else None
    except (ConnectionClosed, orjson.JSONDecodeError):
        return None
    return frame if isinstance(frame, dict) else None
