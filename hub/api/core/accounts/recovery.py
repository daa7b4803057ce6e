"""/auth and /api: showing that a mailbox is one's own, and getting in again without the password."""

from typing import Annotated

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import REPLY, core
from hub.api.core.accounts.auth import SecondFactor
from hub.api.core.accounts.sign_up import locale
from hub.api.kit.schema import Out
from hub.api.kit.table import post
from hub.models.accounts.user import User
from hub.services.accounts import accounts, recovery
from hub.web.people import AddressIn, LetterTokenIn, NewPasswordIn

_SENT = "If this address has an account, a letter is on its way."


class ConfirmIn(AddressIn):
    """The address and the six digits of the letter."""

    code: Annotated[str, Field(pattern=r"^\s*\d{6}\s*$")]
    second_factor: SecondFactor = None


class DoneOut(Out):
    """It is done; the sentence is for people."""

    success: bool = True
    message: str


class ConfirmedUserOut(Out):
    """Whose address is confirmed."""

    id: int
    email: str
    is_email_confirmed: bool = True


class ConfirmedOut(DoneOut):
    """The address is confirmed; the token signs in for 15 minutes."""

    access_token: str
    user: ConfirmedUserOut


def send_verification(caller: UserCaller) -> DoneOut:
    """Send the signed-in person a letter with a link and six digits."""
    recovery.ask_verification(caller.user.email, caller.user.locale)
    return DoneOut(message="The letter is on its way.")


def verify(body: LetterTokenIn) -> DoneOut:
    """Confirm an address by the letter's link."""
    recovery.verify(body.token)
    return DoneOut(message="The address is confirmed.")


def forgot(body: AddressIn) -> DoneOut:
    """Send a link to a new password. The answer is the same whether or not there is an account."""
    recovery.ask_reset(body.email, locale())
    return DoneOut(message=_SENT)


def reset(body: NewPasswordIn) -> DoneOut:
    """Set a new password by the letter's link; every browser and token is signed out, and passkeys are removed."""
    recovery.reset(body.token, body.password)
    return DoneOut(message="The new password counts. Sign in with it.")


def confirm(body: ConfirmIn) -> ConfirmedOut:
    """Confirm an address by six digits, and sign in.

    The letter is one factor: whoever has a second one sends it as well, or is refused as by /auth/login. The address is
    confirmed then all the same.
    """
    user: User = recovery.verify_by_code(body.email, body.code.strip())
    pair = accounts.sign_in(user, body.second_factor)
    return ConfirmedOut(message="The address is confirmed.", access_token=pair.access,
                        user=ConfirmedUserOut(id=user.id, email=user.email))


def resend(body: AddressIn) -> DoneOut:
    """Send the letter with the link and the digits once more. The answer is the same for every address."""
    recovery.ask_verification(body.email, locale())
    return DoneOut(message=_SENT)


core.table(
    "recovery",
    post("/auth/send-verification", send_verification, permission=Permission.SIGNED_IN, limit=("auth", "letter")),
    post("/auth/verify-email", verify, permission=Permission.ANYBODY, limit="auth"),
    post("/auth/forgot-password", forgot, permission=Permission.ANYBODY, limit=("forgot-password", "letter-address")),
    post("/auth/reset-password", reset, permission=Permission.ANYBODY, limit="auth"),
)
core.table(
    "email-confirmation",
    post("/api/auth/forgot-password", forgot, permission=Permission.ANYBODY, limit=("auth", "letter-address")),
    post("/api/email/confirm_email", confirm, permission=Permission.ANYBODY, limit=("auth", "confirm-code")),
    post("/api/email/resend_confirmation", resend, permission=Permission.ANYBODY, limit=("auth", "letter-resend")),
    dialect=REPLY,
)
