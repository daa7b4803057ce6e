"""Signing in and out, and what people change about themselves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hub.access import callers, identity, passwords, tokens
from hub.access.callers import UserCaller
from hub.access.identity import password_mark
from hub.errors import BadInput, Forbidden, Unauthorized
from hub.lib import clock, ids, text
from hub.lib.fields import N_
from hub.models import refusals
from hub.lib.json_types import Values
from hub.models.base import release, transaction
from hub.models.accounts.session import SESSION_DAYS, RevokedToken, UserSession
from hub.models.accounts.user import User
from hub.services import changes, events, revocation
from hub.settings import current_settings

@dataclass(frozen=True)
class Pair:
    access: str
    refresh: str


def admit(user: User) -> None:
    """Refuse whom the right proof alone does not let in, whatever it was: Forbidden where the address must be confirmed
    first or the business is suspended, Unauthorized for whom it shut out."""
    if not user.is_active:
        raise Unauthorized("INVALID_CREDENTIALS", "E-mail or password is wrong.")
    if user.email_verified_at is None and current_settings().email_confirmation:
        raise Forbidden("EMAIL_NOT_CONFIRMED", N_("Confirm your e-mail address first: the link is in our letter."))
    callers.check_active(user.tenant)


@refusals.repeated
def open_session(user: User, ip: str, user_agent: str) -> str:
    """A new signed-in browser; the cookie's value (only its digest is stored). Refuses as `admit`."""
    admit(user)
    cookie = ids.token()
    with transaction():
        UserSession.create(user=user, digest=ids.digest(cookie), ip=ip[:64], user_agent=text.one_line(user_agent),
                           expires_at=clock.now() + timedelta(days=SESSION_DAYS))
        events.record(UserCaller(user, user.tenant, "session"), "user.signed_in", user)
    return cookie


@refusals.repeated
def close_session(cookie: str) -> None:
    """Sign that browser out."""
    found = UserSession.get_or_none(UserSession.digest == ids.digest(cookie))
    if found is None:
        return
    with transaction():
        found.delete_instance()
        by = UserCaller(found.user, found.user.tenant, "session", administrator=found.impersonator)
        events.record(by, "user.signed_out", found.user)
        revocation.tell(found.user.tenant_id, found.user_id, found.digest)


def sign_in(user: User) -> Pair:
    """Tokens for a program that showed the password or the code of a letter. Refuses as `admit`."""
    admit(user)
    events.record(UserCaller(user, user.tenant, "token"), "user.signed_in", user)
    return issue_tokens(user)


def issue_tokens(user: User, family: str | None = None) -> Pair:
    """An access token for 15 minutes and a refresh token for 30 days, of one family with those they replace."""
    secret = current_settings().session_secret
    claims = {"user_id": str(user.uuid), "pw": password_mark(user), "fam": family or ids.token(12)}
    access = tokens.issue(secret, "access", tokens.ACCESS_S, email=user.email, subscription_plan=user.tenant.plan,
                          **claims)
    return Pair(access, tokens.issue(secret, "refresh", tokens.REFRESH_S, **claims))


def refresh(token: str) -> Pair:
    """New tokens for a refresh token, which is spent by this.

    Who shows a spent one may have stolen it, or it was stolen from them: the whole family is worthless from then on
    (RFC 9700, 4.14.2).
    """
    claims = tokens.read(current_settings().session_secret, "refresh", token)
    user = User.get_or_none(User.uuid == ids.parse(claims.get("user_id")), User.is_active)
    if user is None or claims.get("pw") != password_mark(user) or identity.is_revoked(claims):
        raise _invalid()
    callers.check_active(user.tenant)
    if not _use_once(str(claims["jti"]), int(claims["exp"])):
        _end_family(claims)
        raise _invalid()
    return issue_tokens(user, claims.get("fam"))


@refusals.repeated
def revoke(kind: str, token: str) -> None:
    """Sign out: that token and all of its family are worthless from now on. Raises Unauthorized as tokens.read."""
    claims = tokens.read(current_settings().session_secret, kind, token)
    user = User.get_or_none(User.uuid == ids.parse(claims.get("user_id")))
    with transaction():
        is_first = _use_once(str(claims["jti"]), int(claims["exp"]))
        _end_family(claims)
        if is_first and user is not None:
            events.record(UserCaller(user, user.tenant, "token"), "user.signed_out", user)
            revocation.tell(user.tenant_id, user.id)


def _invalid() -> Unauthorized:
    return Unauthorized("token_invalid", "The token is not valid any more.")


def _end_family(claims: Values) -> None:
    if "fam" in claims:     # the longest that any token of it can still be good
        _use_once(str(claims["fam"]), int(clock.now().replace(tzinfo=UTC).timestamp()) + tokens.REFRESH_S)


def _use_once(number: str, until: int) -> bool:
    """True for the one caller that spends this number of a token or family; `until` is epoch seconds."""
    ends = datetime.fromtimestamp(until, UTC).replace(tzinfo=None)
    rows = list(RevokedToken.insert(jti=number, expires_at=ends).on_conflict_ignore()
                .returning(RevokedToken.id).tuples().execute())
    return bool(rows)


@refusals.repeated
def change_password(caller: UserCaller, current: str, new: str, cookie: str = "") -> None:
    """Set a new password: every token and every browser but the one with this cookie is signed out."""
    callers.require_oneself(caller)
    release()           # bcrypt takes a quarter of a second, twice; others may use the connection
    if not passwords.matches(current, caller.user.password_hash):
        raise BadInput("INVALID_CREDENTIALS", N_("The current password is wrong."), {"field": "current_password"})
    passwords.check_rule(new)
    result = passwords.hashed(new)        # slow by design: not while others wait for the write lock
    with transaction():
        changes.apply(caller, caller.user, {"password_hash": result})
        UserSession.delete().where(UserSession.user == caller.user, UserSession.digest != ids.digest(cookie)).execute()


def change_profile(caller: UserCaller, **values: object) -> User:
    """Names, locale and theme of the caller's own pages."""
    return changes.apply(caller, caller.user, {
        name: text.one_line(value) if isinstance(value, str) else value for name, value in values.items()})
