"""Signing in and out, and what people change about themselves."""

from dataclasses import dataclass
from datetime import UTC, timedelta

from hub.access import callers, identity, passwords, tokens
from hub.access.callers import UserCaller
from hub.access.identity import password_mark
from hub.errors import Forbidden
from hub.lib import clock, ids, text
from hub.lib.fields import N_
from hub.models import refusals
from hub.lib.json_types import Values
from hub.models.base import release, transaction
from hub.models.accounts.session import SESSION_DAYS, UserSession
from hub.models.accounts.user import User
from hub.services import changes, events, revocation
from hub.services.accounts import devices, login, second_factor, sessions, tickets
from hub.settings import current_settings

NOT_CONFIRMED = "EMAIL_NOT_CONFIRMED"


@dataclass(frozen=True)
class Pair:
    access: str
    refresh: str


def admit(user: User, code: str | None = None, *, both: bool = False) -> None:
    """Refuse whom the right proof alone does not let in, whatever it was: Forbidden whom the business shut out, whose
    address must be confirmed first, whose business is suspended; and as `second_factor.require` who does not show
    theirs. `both`: the proof was both factors at once. Each has a sentence of its own."""
    if not user.is_active:
        raise Forbidden("ACCOUNT_DISABLED", N_("Your access was taken away. Ask the owner of your business."))
    if user.email_verified_at is None and current_settings().email_confirmation:
        raise Forbidden(NOT_CONFIRMED, N_("Confirm your e-mail address first: the link is in our letter."))
    callers.check_active(user.tenant)
    if not both:
        second_factor.require(user, code)


def open_session(user: User, ip: str, user_agent: str, code: str | None = None, *, both: bool = False) -> str:
    """A new signed-in browser; the cookie's value (only its digest is stored). Refuses as `admit`."""
    admit(user, code, both=both)
    return _opened(user, ip, user_agent)


def open_second(ticket: str, code: str, ip: str, user_agent: str) -> str:
    """The same by the second step: the ticket says that the first proof was right. It is spent by this."""
    user, claims = second_factor.holder(ticket)
    admit(user, code)
    tickets.spend(claims)
    return _opened(user, ip, user_agent)


@refusals.repeated
def _opened(user: User, ip: str, user_agent: str) -> str:
    cookie = ids.token()
    with transaction():
        UserSession.create(user=user, digest=ids.digest(cookie), ip=ip[:64], user_agent=text.one_line(user_agent),
                           expires_at=clock.now() + timedelta(days=SESSION_DAYS))
        _signed_in(user, "session")
    return cookie


@refusals.repeated
def _signed_in(user: User, by: str) -> None:
    with transaction():
        User.update(last_login_at=clock.now(), last_seen_at=clock.now()).where(User.id == user.id).execute()
        events.record(UserCaller(user, user.tenant, by), "user.signed_in", user)
        devices.notice(user)


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


def sign_in(user: User, code: str | None = None) -> Pair:
    """Tokens for a program that showed the password or the code of a letter. Refuses as `admit`."""
    admit(user, code)
    _signed_in(user, "token")
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
        raise tickets.invalid()
    callers.check_active(user.tenant)
    if not tickets.use_once(str(claims["jti"]), int(claims["exp"])):
        _end_family(claims)
        raise tickets.invalid()
    identity.seen(user)
    return issue_tokens(user, claims.get("fam"))


@refusals.repeated
def revoke(kind: str, token: str) -> None:
    """Sign out: that token and all of its family are worthless from now on. Raises Unauthorized as tokens.read."""
    claims = tokens.read(current_settings().session_secret, kind, token)
    user = User.get_or_none(User.uuid == ids.parse(claims.get("user_id")))
    with transaction():
        is_first = tickets.use_once(str(claims["jti"]), int(claims["exp"]))
        _end_family(claims)
        if is_first and user is not None:
            events.record(UserCaller(user, user.tenant, "token"), "user.signed_out", user)
            revocation.tell(user.tenant_id, user.id)


def _end_family(claims: Values) -> None:
    if "fam" in claims:     # the longest that any token of it can still be good
        tickets.use_once(str(claims["fam"]), int(clock.now().replace(tzinfo=UTC).timestamp()) + tokens.REFRESH_S)


@refusals.repeated
def change_password(caller: UserCaller, current: str, new: str) -> None:
    """Set a new password: every token and every browser but the caller's own is signed out."""
    callers.require_oneself(caller)
    login.check_own(caller.user, current)
    passwords.check_rule(new, "new_password")
    release()           # bcrypt takes a quarter of a second
    result = passwords.hashed(new)        # slow by design: not while others wait for the write lock
    with transaction():
        changes.apply(caller, caller.user, {"password_hash": result})
        sessions.end_others(caller, caller.user, caller.session)


def change_profile(caller: UserCaller, **values: object) -> User:
    """Names, locale and theme of the caller's own pages."""
    return changes.apply(caller, caller.user, {
        name: text.one_line(value) if isinstance(value, str) else value for name, value in values.items()})
