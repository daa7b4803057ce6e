"""/auth and /api/auth: signing in by session cookie and by token."""

from contextlib import suppress
from typing import Annotated

from flask import request
from pydantic import AliasPath, Field

from hub.access import identity
from hub.access.identity import COOKIE
from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import REPLY, core
from hub.api.kit.schema import Moment, OptionalRef, Out, Ref, Result, Uuid
from hub.api.kit.table import get, post
from hub.errors import HubError, Unauthorized
from hub.models.accounts.user import User
from hub.services.accounts import accounts
from hub.services.accounts import login as login_service
from hub.web.schema import In

_REFRESH_COOKIE = "parley_refresh"
Secret = Annotated[str, Field(min_length=1, max_length=1024)]
# A code of the authenticator app, or a recovery code.
SecondFactor = Annotated[str | None, Field(max_length=64)]


class LoginIn(In):
    """E-mail and password; where the person has a second factor, a code of it as well."""

    email: Annotated[str, Field(min_length=1, max_length=255)]
    password: Secret
    second_factor: SecondFactor = None


class RefreshIn(In):
    """The refresh token, unless it comes as a cookie."""

    refresh_token: str | None = None


class UserOut(Out, columns=(User.id, User.email, User.username, User.role)):
    """Who signed in."""

    tenant_id: Ref = Field(validation_alias=AliasPath("tenant", "ref"))


class LoginOut(Out):
    """A session was opened."""

    success: bool = True
    user: UserOut


class WhoOut(Out):
    """Who is signed in, if anybody is."""

    authenticated: bool
    user: UserOut | None = None
    tenant_id: OptionalRef = None
    role: str | None = None


class AccountOut(UserOut, columns=(User.auth_provider, User.is_platform_admin, User.is_platform_owner)):
    """The signed-in account."""


class TokenUserOut(Out, columns=(User.email, User.first_name, User.last_name, User.role)):
    """Whose tokens these are."""

    id: int
    uuid: Uuid
    full_name: str = Field(validation_alias="name")
    is_admin: bool = Field(validation_alias="is_platform_admin")
    subscription_plan: str = Field(validation_alias=AliasPath("tenant", "plan"))
    trial_ends_at: Moment = Field(validation_alias=AliasPath("tenant", "trial_until"))


class TokensOut(Out):
    """An access token for 15 minutes and a refresh token for 30 days."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"
    user: TokenUserOut | None = None


def login(body: LoginIn) -> Result[LoginOut]:
    """Sign in with a session cookie.

    401 SECOND_FACTOR_REQUIRED where the password is right and a code is missing, SECOND_FACTOR_WRONG for a wrong one.
    """
    user = login_service.check_password(body.email, body.password, request.remote_addr or "")
    cookie = accounts.open_session(user, request.remote_addr or "", request.user_agent.string, body.second_factor)
    return Result(LoginOut(user=UserOut.of(user)), cookies={COOKIE: cookie})


def logout() -> Result[None]:
    """Destroy the session, if there is one, and the browser's refresh token."""
    return _signed_out()


def me() -> WhoOut:
    """Tell who is signed in, if anybody is."""
    try:
        caller = identity.user()
    except HubError:
        caller = None
    if caller is None:
        return WhoOut(authenticated=False)
    return WhoOut(authenticated=True, user=UserOut.of(caller.user), tenant_id=caller.tenant.ref, role=caller.role)


def account(caller: UserCaller) -> AccountOut:
    """Show the signed-in account."""
    return AccountOut.of(caller.user)


def token_login(body: LoginIn) -> Result[TokensOut]:
    """Sign in with tokens: the refresh token comes in the body and as an HttpOnly cookie.

    The second factor is asked for as by /auth/login.
    """
    user = login_service.check_password(body.email, body.password, request.remote_addr or "")
    return token_cookies(accounts.sign_in(user, body.second_factor), user)


def refresh(body: RefreshIn) -> Result[TokensOut]:
    """Give new tokens for a refresh token, which is spent by this."""
    token = body.refresh_token or request.cookies.get(_REFRESH_COOKIE)
    if not token:
        raise Unauthorized("token_invalid", "Send the refresh token.")
    return token_cookies(accounts.refresh(token), None)


def token_logout(caller: UserCaller) -> Result[None]:
    """Sign out: the access token and every token of its family are worthless from now on."""
    if caller.by == "token":
        accounts.revoke("access", identity.bearer())
    return _signed_out()


def _signed_out() -> Result[None]:
    accounts.close_session(request.cookies.get(COOKIE, ""))
    with suppress(Unauthorized):
        accounts.revoke("refresh", request.cookies.get(_REFRESH_COOKIE, ""))
    return Result(None, cookies={_REFRESH_COOKIE: None, COOKIE: None})


def token_cookies(pair: accounts.Pair, user: User | None) -> Result[TokensOut]:
    """Both tokens, the refresh token as an HttpOnly cookie as well."""
    shown = TokenUserOut.of(user) if user else None
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
    dialect=REPLY,
)
