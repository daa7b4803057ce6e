"""Reads the caller of the present request: a user by token or cookie, a visitor by token, or nobody in particular."""

from datetime import timedelta

from flask import Response, request
from peewee import JOIN, ModelSelect, fn

from hub.access import tokens
from hub.access.callers import Anonymous, KeyCaller, UserCaller, Visitor
from hub.errors import Forbidden, Unauthorized
from hub.lib import addresses, clock, ids
from hub.lib.json_types import Values
from hub.models.accounts.api_key import ApiKey
from hub.models.accounts.session import SESSION_DAYS, RevokedToken, UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.prepared import Prepared
from hub.settings import current_settings

COOKIE = "parley_session"
_TOUCH = timedelta(hours=1)         # an active session is extended, but not written at every click
_USED = timedelta(minutes=10)       # so exactly a list says when a key was used last: it is not written at every call
_SAFE = ("GET", "HEAD", "OPTIONS")

# Asked at every request, and written as SQL once. Who acts for another must still own the platform.
_BEHIND = User.alias()
_SESSION = Prepared(lambda slots: (
    UserSession.select(UserSession, User, Tenant, _BEHIND)
    .join(User, on=UserSession.user == User.id).join(Tenant)
    .join_from(UserSession, _BEHIND, JOIN.LEFT_OUTER, on=UserSession.impersonator == _BEHIND.id, attr="impersonator")
    .where(UserSession.digest == slots[0](UserSession.digest), User.is_active,
           UserSession.expires_at > slots[0](UserSession.expires_at),
           UserSession.impersonator.is_null() | (_BEHIND.is_active & _BEHIND.is_platform_owner))))
# The person of a token, of which neither the number nor the family was signed out.
_PERSON = Prepared(lambda slots: (
    User.select(User, Tenant).join(Tenant)
    .where(User.uuid == slots[0](User.uuid), User.is_active, ~fn.EXISTS(RevokedToken.select(RevokedToken.id).where(
        RevokedToken.jti.in_([slot(RevokedToken.jti) for slot in slots]))))))


def anonymous() -> Anonymous:
    return Anonymous(remote_address())


def remote_address() -> str:
    """The address of the request as limits count it."""
    return addresses.counted(request.remote_addr)


def user() -> UserCaller | None:
    """Whoever signed in: by access token if there is one, else by cookie."""
    token = bearer()
    if token:
        return by_token(current_settings().session_secret, token)
    cookie = request.cookies.get(COOKIE)
    caller = by_session(cookie) if cookie else None
    if caller is not None:
        own_page()
    return caller


def signed_in() -> UserCaller:
    """Whoever signed in, or Unauthorized."""
    caller = user()
    if caller is None:
        raise Unauthorized(message="Sign in first.")
    return caller


def visitor() -> Visitor:
    token = bearer()
    if not token:
        raise Unauthorized("token_missing", "Open a session first.")
    return tokens.read_visitor(current_settings().session_secret, token)


def api_key() -> KeyCaller:
    """The program that holds the key of the X-API-Key header, read afresh each time; Unauthorized."""
    key = ApiKey.of_text(request.headers.get("X-API-Key", ""))
    if key is None:
        raise Unauthorized("api_key_invalid", "Send a valid key in the X-API-Key header.")
    moment = clock.now()
    if key.last_used_at is None or moment - key.last_used_at > _USED:
        ApiKey.update(last_used_at=moment).where(ApiKey.id == key.id).execute()
    return KeyCaller(key, key.tenant)


def bearer() -> str:
    """The token of the Authorization header, or an empty string."""
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def set_cookie(response: Response, name: str, value: str | None, seconds: int = SESSION_DAYS * 86400) -> None:
    """HttpOnly, Lax, Secure in production; None deletes."""
    if value is None:
        response.delete_cookie(name)
        return
    response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="Lax",
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


def by_session(cookie: str) -> UserCaller | None:
    """The user of a session cookie, read afresh each time so that disabling somebody takes effect at once."""
    found = _session(cookie)
    if found is None:
        return None
    fresh = clock.now() + timedelta(days=SESSION_DAYS)
    if fresh - found.expires_at > _TOUCH and found.impersonator is None:
        UserSession.update(expires_at=fresh).where(UserSession.id == found.id).execute()
        seen(found.user)
    return UserCaller(found.user, found.user.tenant, "session", found.digest, found.impersonator)


def seen(person: User) -> None:
    """The person is here: colleagues see it, to the hour."""
    User.update(last_seen_at=clock.now()).where(User.id == person.id).execute()


def _session(cookie: str) -> UserSession | None:
    """With its people and their business, in one query."""
    return _SESSION.first(digest=ids.digest(cookie), expires_at=clock.now())


def password_mark(user: User) -> str:
    """What tokens carry of the password: another password, or signing out everywhere, makes every token of before
    worthless."""
    era = f" {user.session_era}" if user.session_era else ""
    return ids.digest(f"{user.password_hash}{era}")[:16]


def is_revoked(claims: Values) -> bool:
    """Was the access token signed out, or a token's whole family? A spent refresh token alone is neither."""
    return bool(_revoked(claims).exists())


def _revoked(claims: Values) -> "ModelSelect[RevokedToken]":
    numbers = [claims["jti"]] if claims["typ"] == "access" else []
    return RevokedToken.select(RevokedToken.id).where(RevokedToken.jti.in_([*numbers, claims.get("fam", "")]))


def by_token(secret: str, text: str) -> UserCaller:
    """The user of an access token, or Unauthorized; asked in one query, whatever becomes of it."""
    claims = tokens.read(secret, "access", text)
    user = next(iter(_PERSON.run_all([{"uuid": ids.parse(claims.get("user_id")), "jti": claims["jti"]},
                                      {"jti": claims.get("fam", "")}])), None)
    if user is None or claims.get("pw") != password_mark(user):
        raise Unauthorized("token_invalid", "The token is not valid any more.")
    return UserCaller(user, user.tenant, "token", str(claims.get("fam") or claims["jti"]))
