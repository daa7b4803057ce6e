"""What surrounds every request: its id, the connection let go, CORS preflights, headers that protect, compression."""

import random
import re
import time

import structlog
from flask import Flask, Response, current_app, g, has_request_context, request
from structlog.typing import EventDict

from hub.access import request_limits
from hub.access.identity import COOKIE
from hub.api.kit import compress
from hub.lib import meter, request_facts
from hub.lib.request_facts import RequestFacts
from hub.models.base import release
from hub.settings import current_settings

_REQUEST_ID = re.compile(r"^[\w.-]{1,64}$")
# Pages run nothing inline and load nothing from elsewhere; frames of other sites cannot show them.
_CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")


def register(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_release)
    structlog.configure(processors=[_name, *structlog.get_config()["processors"]])


def _begin() -> Response | None:
    given = request.environ.get("HTTP_X_REQUEST_ID", "")
    g.began = time.perf_counter()
    g.request_id = given if _REQUEST_ID.match(given) else f"{random.getrandbits(128):032x}"
    request_facts.begin(RequestFacts(g.request_id, request.remote_addr or "",
                                     request.environ.get("HTTP_USER_AGENT", "")))
    if request.method == "OPTIONS" and request.path.startswith("/widget/"):
        return _preflight()
    return None


def _name(logger: object, method: str, event: EventDict) -> EventDict:
    """Every line of the log says which request it is of."""
    if has_request_context() and "request_id" in g:
        event["request_id"] = g.request_id
    return event


def _preflight() -> Response:
    """A page asks whether it may send a token: yes, for what needs one; the token decides the rest."""
    return Response(status=204, headers={
        "Access-Control-Allow-Origin": request.headers.get("Origin", "*"), "Vary": "Origin",
        "Access-Control-Allow-Methods": "GET, POST", "Access-Control-Max-Age": "7200",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID"})


def _finish(response: Response) -> Response:
    headers = response.headers
    headers.add("X-Request-Id", g.get("request_id", ""))
    headers.add("X-Content-Type-Options", "nosniff")
    headers.add("Referrer-Policy", "strict-origin-when-cross-origin")
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", _CSP)
        headers["X-Frame-Options"] = "DENY"
    if current_settings().production:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if "HTTP_AUTHORIZATION" in request.environ or request.cookies.get(COOKIE) or "Set-Cookie" in headers:
        headers.setdefault("Cache-Control", "no-store")
    compress.finish(response)
    _count(response.status_code)
    return request_limits.headers(response)


def _count(status: int) -> None:
    """Which part of the hub was asked, what came of it, and how long it took; a socket takes as long as its page is
    open."""
    if "HTTP_UPGRADE" not in request.environ:
        first = (request.endpoint or "nothing").partition(".")[0]
        part = "pages" if first in current_app.extensions.get("parley.pages", ()) else first
        meter.took(f"http {part}", f"{status // 100}xx", time.perf_counter() - g.began)


def _release(error: BaseException | None) -> None:
    request_facts.begin(request_facts.NONE)
    release()
