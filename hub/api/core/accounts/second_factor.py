"""/api/account/second-factor and /api/account/totp: the authenticator app of the signed-in person."""

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.schema import OptionalMoment, Out
from hub.api.kit.table import delete, get, post
from hub.models.accounts.totp import Totp
from hub.services.accounts import recovery_codes, totp
from hub.web.people import OwnPasswordIn, ProofIn, TotpCodeIn


class SecondFactorOut(Out):
    """Is a second factor asked for, since when, and how many recovery codes are left?"""

    is_on: bool
    since: OptionalMoment
    recovery_codes_left: int


class TotpOut(Out):
    """What the app has to know, as text and as the address of a QR code."""

    secret: str
    address: str


class RecoveryCodesOut(Out):
    """Ten codes, each good once. They are not shown again."""

    recovery_codes: list[str]


def show(caller: UserCaller) -> SecondFactorOut:
    """Tell whether the person's sign-in asks for a second factor."""
    found = Totp.on(caller.user)
    return SecondFactorOut(is_on=found is not None, since=found.confirmed_at if found else None,
                           recovery_codes_left=recovery_codes.left(caller.user))


def begin(caller: UserCaller, body: OwnPasswordIn) -> TotpOut:
    """Give a secret for an authenticator app; it counts once it is confirmed."""
    begun = totp.begin(caller, body.password)
    return TotpOut(secret=begun.secret.reveal(), address=totp.address(begun))


def confirm(caller: UserCaller, body: TotpCodeIn) -> RecoveryCodesOut:
    """Turn the second factor on by a code of the app, and show the recovery codes.

    Every token and every other browser is signed out.
    """
    return RecoveryCodesOut(recovery_codes=totp.confirm(caller, body.code))


def renew_codes(caller: UserCaller, body: ProofIn) -> RecoveryCodesOut:
    """Make new recovery codes; those of before are good no more."""
    return RecoveryCodesOut(recovery_codes=totp.renew_codes(caller, body.proof))


def turn_off(caller: UserCaller, body: ProofIn) -> None:
    """Turn the second factor off."""
    totp.turn_off(caller, body.proof)


_ME = Permission.SIGNED_IN
core.table(
    "second-factor",
    get("/api/account/second-factor", show, permission=_ME),
    post("/api/account/totp/begin", begin, permission=_ME, limit="second-step", status=201, is_shown_once=True),
    post("/api/account/totp/confirm", confirm, permission=_ME, limit="second-step", is_shown_once=True),
    post("/api/account/totp/recovery-codes", renew_codes, permission=_ME, limit="second-step", is_shown_once=True),
    delete("/api/account/totp", turn_off, permission=_ME, limit="second-step"),
)
