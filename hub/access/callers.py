"""Reads the caller of the present request: a user by token or cookie, a visitor by token."""

from flask import Response, request

from hub.access import identity, tokens
from hub.access.identity import SESSION_DAYS, Who
from hub.access.tokens import Visitor
from hub.errors import Forbidden, Unauthorized
from hub.settings import current_settings

COOKIE = "parley_session"
_SAFE = ("GET", "HEAD", "OPTIONS")


def user() -> Who | None:
    """Whoever signed in: by access token if there is one, else by cookie."""
    token = bearer()
    if token:
        return identity.by_token(current_settings().session_secret, token)
    cookie = request.cookies.get(COOKIE)
    who = identity.by_session(cookie) if cookie else None
    if who is not None:
        own_page()
    return who


def visitor() -> Visitor:
    token = bearer()
    if not token:
        raise Unauthorized("token_missing", "Open a session first.")
    return tokens.read_visitor(current_settings().session_secret, token)


def bearer() -> str:
    """The token of the Authorization header, or an empty string."""
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def set_cookie(response: Response, name: str, value: str | None) -> None:
    """HttpOnly, Lax, Secure in production; None deletes."""
    if value is None:
        response.delete_cookie(name)
        return
    response.set_cookie(name, value, max_age=SESSION_DAYS * 86400, httponly=True, samesite="Lax",
                        secure=current_settings().production)


def own_page() -> None:
    """Refuse a write that a page of another site makes; whoever brings a token may write from anywhere."""
    # A cookie travels by itself, so a write by cookie must come from our own pages (Fetch standard: Origin is
    # always sent with a cross-origin POST).
    origin = request.headers.get("Origin")
    if request.method in _SAFE or origin is None or bearer():
        return
    if origin.rstrip("/") != request.host_url.rstrip("/"):
        raise Forbidden("origin_not_allowed", "This request came from another site.")
