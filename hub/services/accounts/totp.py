"""An authenticator app as the second factor: set up, confirmed by a code, turned off; its recovery codes made anew."""

import pyotp

from hub.access import callers
from hub.access.callers import UserCaller
from hub.errors import BadInput, Conflict
from hub.lib import clock
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.totp import Totp
from hub.models.accounts.user import User
from hub.models.base import transaction
from hub.services import events
from hub.services.accounts import login, recovery_codes, second_factor, sessions

_ISSUER = "Parley"


def begin(caller: UserCaller, password: str) -> Totp:
    """A new secret for the app, instead of one that was not confirmed: for a quarter of an hour.

    Whoever finds an open browser is not the person yet: as `login.check_own`. Conflict `totp_on` where one counts.
    """
    callers.require_oneself(caller)
    login.check_own(caller.user, password, "password", N_("The password is wrong."))
    return _begun(caller)


@refusals.raced
def _begun(caller: UserCaller) -> Totp:
    with transaction():
        if Totp.on(caller.user) is not None:
            raise Conflict("totp_on", N_("Your account is protected by an app already. Turn that off first."))
        Totp.delete().where(Totp.user == caller.user, Totp.confirmed_at.is_null()).execute()
        events.record(caller, "user.totp_begun", caller.user)
        return Totp.create(user=caller.user, secret=pyotp.random_base32())


def address(totp: Totp) -> str:
    """What the QR code says: otpauth://…, as apps read it."""
    return pyotp.TOTP(totp.secret.reveal()).provisioning_uri(name=totp.user.email, issuer_name=_ISSUER)


def confirm(caller: UserCaller, code: str) -> list[str]:
    """The app counts from now on; its recovery codes, which are shown only here. Whoever knew the password alone and is
    signed in somewhere is so no more: every token and every browser but the caller's own ends.

    Conflict `totp_not_begun`, BadInput `code_wrong`.
    """
    callers.require_oneself(caller)
    begun = Totp.begun(caller.user)
    if begun is None:
        raise Conflict("totp_not_begun", N_("There is nothing to confirm. Begin again."))
    if not second_factor.take(begun, code):
        raise BadInput("code_wrong", N_("The code is wrong. Is the phone's clock right?"), {"field": "code"})
    return _confirmed(caller, begun)


@refusals.repeated
def _confirmed(caller: UserCaller, begun: Totp) -> list[str]:
    with transaction():
        if not Totp.update(confirmed_at=clock.now()).where(Totp.id == begun.id, Totp.confirmed_at.is_null()).execute():
            raise Conflict("totp_not_begun", N_("There is nothing to confirm. Begin again."))
        events.record(caller, "user.totp_enabled", caller.user)
        sessions.end_others(caller, caller.user, caller.session)
        return recovery_codes.renew(caller.user)


def renew_codes(caller: UserCaller, proof: str) -> list[str]:
    """Ten new recovery codes; those of before are good no more. Refuses as `turn_off`."""
    _prove(caller, proof)
    return _renewed(caller)


@refusals.repeated
def _renewed(caller: UserCaller) -> list[str]:
    with transaction():
        events.record(caller, "user.recovery_codes_made", caller.user)
        return recovery_codes.renew(caller.user)


def turn_off(caller: UserCaller, proof: str) -> None:
    """The password alone signs in again. `proof`: the password, a code of the app or a recovery code.

    Conflict `totp_off` where there is nothing to turn off, BadInput `proof_wrong`, HubError 423 after five wrong ones.
    """
    _prove(caller, proof)
    _turned_off(caller)


@refusals.repeated
def _turned_off(caller: UserCaller) -> None:
    with transaction():
        drop(caller.user)
        events.record(caller, "user.totp_disabled", caller.user)


def drop(user: User) -> bool:
    """In the caller's transaction: the first factor alone signs the person in. Was there a second one?"""
    recovery_codes.forget(user)
    return bool(Totp.delete().where(Totp.user == user, Totp.confirmed_at.is_null(False)).execute())


def _prove(caller: UserCaller, proof: str) -> None:
    """Whoever finds an open browser is not the person yet."""
    callers.require_oneself(caller)
    if Totp.on(caller.user) is None:
        raise Conflict("totp_off", N_("Your account is not protected by an app."))
    if not second_factor.is_right(caller.user, proof, password=proof):
        raise BadInput("proof_wrong", N_("This is neither your password nor a good code."), {"field": "proof"})
