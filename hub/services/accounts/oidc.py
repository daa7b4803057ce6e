"""Signing in with the OpenID provider of the installation: known people, people of an address, and new ones."""

import structlog

from hub.access import tokens
from hub.access.callers import UserCaller
from hub.errors import BadInput, Forbidden, NotFound, Unavailable
from hub.lib import crypto, ids, mailbox
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.oidc_identity import OidcIdentity
from hub.models.accounts.user import AuthProvider, User
from hub.models.base import release, transaction
from hub.partners import oidc
from hub.partners.oidc import Client, OidcError, Unreachable, Vouched
from hub.services import changes
from hub.services.accounts import claims, sign_up, tickets
from hub.settings import current_settings

log = structlog.get_logger(__name__)
CALLBACK = "/auth/oidc/callback"
LASTS_S = 600               # a provider may ask its people for more than a password
_NOTE = "oidc"


def is_on() -> bool:
    """Is there a provider?"""
    return bool(current_settings().oidc_issuer)


def begin(target: str = "", invite: str = "") -> tuple[str, str]:
    """(where the person signs in, a note for their browser to bring back). NotFound, Unavailable."""
    client = _client()
    state, nonce, verifier = ids.token(24), ids.token(24), ids.token(48)
    release()
    try:
        url = oidc.address(client, state, nonce, verifier)
    except OidcError as error:
        raise _refused(error) from None
    note = tokens.issue(current_settings().session_secret, _NOTE, LASTS_S, jti=state, nonce=nonce, verifier=verifier,
                        target=target, invite=invite)
    return url, note


def finish(note: str, state: str, code: str, locale: str) -> tuple[User, str, bool]:
    """(who came back, where they wanted to go, did somebody else perhaps sign up with their address?); whether they are
    let in is for `accounts.admit` to say.

    Unauthorized where the browser, the state or the moment is another one, or a second time; BadInput for what proves
    nothing, Forbidden for who may not come in by it, Unavailable.
    """
    client, claims = _client(), tickets.read(_NOTE, note)
    if not crypto.same(state, str(claims["jti"])):
        raise tickets.invalid()
    tickets.spend(claims)
    if not code:                # the person, or the provider, said no
        raise _refused(OidcError("no code came back"))
    release()
    try:
        vouched = oidc.person(client, code, str(claims["nonce"]), str(claims["verifier"]))
    except OidcError as error:
        raise _refused(error) from None
    user, is_claimed = _person(vouched, str(claims["invite"]) or None, locale)
    return user, str(claims["target"]), is_claimed


def _client() -> Client:
    known = current_settings()
    if not known.oidc_issuer:
        raise NotFound(message="There is no such way in.")
    return Client(known.oidc_issuer, known.oidc_client_id, known.oidc_client_secret, known.own_url + CALLBACK)


def _refused(error: OidcError) -> BadInput | Unavailable:
    log.warning("oidc.refused", why=str(error))
    if isinstance(error, Unreachable):
        return Unavailable("oidc_unavailable", N_("This way in does not work at the moment. Try again in a minute."))
    return BadInput("oidc_refused", N_("That sign-in proved nothing. Try again, or sign in with your password."))


@refusals.raced
def _person(vouched: Vouched, invite: str | None, locale: str) -> tuple[User, bool]:
    known = OidcIdentity.known(vouched.issuer, vouched.subject)
    if known is not None:
        return known.user, False
    email = _address(vouched)
    with transaction():
        user = User.by_email(email)
        # Somebody else may have signed up with the address: nothing that they set up opens it any more.
        is_claimed = user is not None and user.email_verified_at is None
        if user is None:
            user = sign_up.vouched(sign_up.Person(email, "", None, vouched.first_name[:120], vouched.last_name[:120],
                                                  locale=locale), invite)
        elif is_claimed:
            claims.claim(_by(user), user, None)
        _join(vouched, user)
    return user, is_claimed


def _address(vouched: Vouched) -> str:
    try:
        email = mailbox.typed(vouched.email)
    except ValueError:
        email = ""
    if not email or not vouched.is_verified:
        raise Forbidden("oidc_unverified", N_("There your e-mail address is not confirmed. Confirm it there first."))
    return email


def _join(vouched: Vouched, user: User) -> None:
    by = _by(user)
    changes.create(by, OidcIdentity, {"user": user, "issuer": vouched.issuer, "subject": vouched.subject})
    changes.apply(by, user, {"auth_provider": AuthProvider.MIXED if user.password_hash else AuthProvider.OIDC})


def _by(user: User) -> UserCaller:
    return UserCaller(user, user.tenant, "oidc")
