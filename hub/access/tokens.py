"""Signed tokens: JWT for API clients, and the visitor token of the widget. No database needed to read one."""

import time
from functools import lru_cache

import jwt

from hub.access.callers import Visitor
from hub.errors import Unauthorized
from hub.lib import ids
from hub.lib.json_types import JsonObject, Values

ACCESS_S = 15 * 60
REFRESH_S = 30 * 24 * 3600
VISITOR_S = 365 * 24 * 3600
# Clocks of two machines differ, and a clock may be set back: by so much a token may seem to come from the future.
_LEEWAY_S = 60


def issue(secret: str, kind: str, seconds: int, **claims: object) -> str:
    """A signed token of that kind: access | refresh | visitor."""
    now = int(time.time())
    return jwt.encode({"typ": kind, "iat": now, "exp": now + seconds, "jti": ids.token(12), **claims}, secret,
                      algorithm="HS256")


def read(secret: str, kind: str, text: str) -> Values:
    """The claims of a token of that kind, or Unauthorized (token_expired / token_invalid)."""
    try:
        claims = _claims(secret, text)
    except jwt.InvalidTokenError:
        raise Unauthorized("token_invalid", "The token is not valid.") from None
    if claims["exp"] <= time.time():
        raise Unauthorized("TOKEN_EXPIRED", "The token has expired; sign in again.")
    if claims["typ"] != kind:
        raise Unauthorized("token_invalid", "The token is not valid here.")
    return claims


@lru_cache(4_096)       # 4 MB at most; a page sends the same token with every call, and checking one takes 80 µs
def _claims(secret: str, text: str) -> Values:
    """What a token with a good signature says, whether it has expired or not."""
    # `iat` decides nothing here, so no clock can make a good token bad by it (RFC 7519, 4.1.6, asks for no check).
    claims: JsonObject = jwt.decode(
        text, secret, algorithms=["HS256"], leeway=_LEEWAY_S,
        options={"require": ["exp", "typ"], "verify_exp": False, "verify_iat": False})
    if not isinstance(claims["exp"], int):
        raise jwt.DecodeError("exp is no moment")
    return claims


def issue_visitor(secret: str, visitor: Visitor) -> str:
    return issue(secret, "visitor", VISITOR_S, vis=visitor.key, ch=visitor.channel, tn=visitor.tenant)


def read_visitor(secret: str, text: str) -> Visitor:
    claims = read(secret, "visitor", text)
    return Visitor(str(claims["vis"]), int(claims["ch"]), int(claims["tn"]))


def renewed_visitor(secret: str, text: str) -> tuple[Visitor, str]:
    """Who comes back with this token, and the token to go on with: a new one after half of its life.

    So somebody who comes back again and again stays known, whatever the clock was when the first token
    was made. Unauthorized as `read`.
    """
    visitor, left_s = read_visitor(secret, text), read(secret, "visitor", text)["exp"] - time.time()
    return visitor, text if left_s > VISITOR_S / 2 else issue_visitor(secret, visitor)
