"""/auth and /api/auth: signing in by session cookie and by token."""

from contextlib import suppress
from typing import Annotated, Any

from flask import request
from pydantic import Field

from hub.access import callers
from hub.access.callers import COOKIE
from hub.access.identity import Who
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import In, Out, Result, Uuid
from hub.api.kit.table import get, post
from hub.errors import HubError, Unauthorized
from hub.models.accounts.user import User
from hub.services.accounts import accounts
from hub.services.accounts import login as login_service

_REFRESH_COOKIE = "parley_refresh"
Secret = Annotated[str, Field(min_length=1, max_length=1024)]


class LoginIn(In):
    email: Annotated[str, Field(min_length=1, max_length=255)]
    password: Secret


class RefreshIn(In):
    refresh_token: str | None = None


class UserOut(Out):
    id: Uuid = Field(validation_alias="uuid")
    email: str
    username: str | None
    role: str
    tenant_id: str


class AccountOut(UserOut):
    auth_provider: str
    is_platform_admin: bool
    is_platform_owner: bool


class TokenUserOut(Out):
    id: int
    uuid: Uuid
    email: str
    full_name: str = Field(validation_alias="name")
    first_name: str
    last_name: str
    is_admin: bool = Field(validation_alias="is_platform_admin")
    role: str


class TokensOut(Out):
    access_token: str
    refresh_token: str
    token_type: str = "bearer"
    user: TokenUserOut | None = None


def _user(user: User, out: type[UserOut] = UserOut) -> UserOut:
    values = {name: getattr(user, name) for name in out.model_fields if name not in ("id", "tenant_id")}
    return out(**{**values, "uuid": user.uuid, "tenant_id": str(user.tenant.uuid)})


def login(body: LoginIn) -> Result:
    """Sign in with a session cookie."""
    user = login_service.check_password(body.email, body.password, request.remote_addr or "")
    cookie = accounts.open_session(user, request.remote_addr or "", request.user_agent.string)
    return Result({"success": True, "user": _user(user)}, cookies={COOKIE: cookie})


def logout() -> Result:
    """Destroy the session, if there is one, and the browser's refresh token."""
    return _signed_out()


def me() -> dict[str, Any]:
    """Who is signed in, if anybody is."""
    try:
        who = callers.user()
    except HubError:
        who = None
    if who is None:
        return {"authenticated": False, "user": None, "tenantId": None, "role": None}
    return {"authenticated": True, "user": _user(who.user), "tenantId": str(who.tenant.uuid), "role": who.role}


def account(who: Who) -> UserOut:
    return _user(who.user, AccountOut)


def token_login(body: LoginIn) -> Result:
    """Sign in with tokens: the refresh token comes in the body and as an HttpOnly cookie."""
    user = login_service.check_password(body.email, body.password, request.remote_addr or "")
    return _tokens(accounts.issue_tokens(user), user)


def refresh(body: RefreshIn) -> Result:
    """New tokens for a refresh token, which is spent by this."""
    token = body.refresh_token or request.cookies.get(_REFRESH_COOKIE)
    if not token:
        raise Unauthorized("token_invalid", "Send the refresh token.")
    return _tokens(accounts.refresh(token), None)


def token_logout(who: Who) -> Result:
    """The access token and every token of its family are worthless from now on."""
    if who.by == "token":
        accounts.revoke("access", callers.bearer())
    return _signed_out()


def _signed_out() -> Result:
    accounts.close_session(request.cookies.get(COOKIE, ""))
    with suppress(Unauthorized):
        accounts.revoke("refresh", request.cookies.get(_REFRESH_COOKIE, ""))
    return Result({"success": True}, cookies={_REFRESH_COOKIE: None, COOKIE: None})


def _tokens(pair: accounts.Pair, user: User | None) -> Result:
    shown = TokenUserOut.model_validate(user) if user else None
    result = TokensOut(access_token=pair.access, refresh_token=pair.refresh, user=shown)
    return Result(result, cookies={_REFRESH_COOKIE: pair.refresh})


core.table(
    "auth",
    post("/auth/login", login, permission=Permission.ANYBODY, limit="login"),
    post("/auth/logout", logout, permission=Permission.ANYBODY, limit="auth"),
    get("/auth/me", me, permission=Permission.ANYBODY, limit="auth"),
    get("/api/auth/user", account, permission=Permission.SIGNED_IN),
)
core.table(
    "tokens",
    post("/api/auth/login", token_login, permission=Permission.ANYBODY, limit="api-login"),
    post("/api/auth/refresh", refresh, permission=Permission.ANYBODY, limit="auth"),
    post("/api/auth/logout", token_logout, permission=Permission.SIGNED_IN, limit="auth"),
    case="snake",
)
