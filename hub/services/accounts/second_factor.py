"""The second factor at the door: asked for when the first proof was right, counted, and never taken twice."""

import hmac
import time
from datetime import timedelta

import pyotp
import structlog

from hub.access import passwords
from hub.access.identity import password_mark
from hub.errors import Unauthorized, Unavailable
from hub.lib import addresses, ids, request_facts
from hub.lib.fields import N_
from hub.lib.json_types import Values
from hub.models.accounts.totp import Totp
from hub.models.accounts.user import User
from hub.models.base import release
from hub.services.accounts import recovery_codes, tickets, tries
from hub.services.accounts.tries import Door

log = structlog.get_logger(__name__)
STEP_S = 30
# A clock may be half a minute off, and a person types.
_NEAR = (-1, 0, 1)
_TICKET = "second-step"
_MOST, _DAY = 50, timedelta(days=1)
_CLOSED = N_("Too many wrong codes from too many places. Set a new password under “Forgot your password?”, or wait a "
             "day.")


class SecondFactorNeeded(Unauthorized):
    """The first proof was right, and says who it is; they have a second factor, which was not shown."""

    def __init__(self, user: User) -> None:
        super().__init__("SECOND_FACTOR_REQUIRED", "Send the code of the authenticator app or a recovery code, too.",
                         {"field": "secondFactor"})
        self.user = user


def require(user: User, code: str | None) -> None:
    """Refuse who has a second factor and does not show it.

    SecondFactorNeeded without a code, Unauthorized SECOND_FACTOR_WRONG, HubError 423 as `is_right`.
    """
    if Totp.on(user) is None:
        return
    if not code:
        raise SecondFactorNeeded(user)
    if not is_right(user, code):
        raise Unauthorized("SECOND_FACTOR_WRONG", "The code is wrong, or was used already.",
                           {"field": "secondFactor"})


def is_right(user: User, code: str, password: str | None = None) -> bool:
    """Is it a code of the app or a recovery code that was not used yet, or else the password? HubError 423 at a closed
    door.

    Only who knows the password gets so far. Five wrong tries close the second step for the address that they came from,
    not for the owner elsewhere; fifty close it for everybody and a day. Of a million codes three are good at a time: so
    many addresses find one with 50 x 3 / 1,000,000 = 0.015 % a day (and as much for each time that the owner comes in
    meanwhile), 5 % in a year. A new password opens both doors again, and whoever knew the old one is outside.
    """
    name, where = f"second factor of {user.uuid} {password_mark(user)}", addresses.counted(request_facts.current().ip)
    return tries.judged(lambda: _fits(user, code, password), Door(f"{name} {where}"), Door(name, _MOST, _DAY, _CLOSED))


def _fits(user: User, code: str, password: str | None) -> bool:
    totp = Totp.on(user)
    if (totp is not None and take(totp, code)) or recovery_codes.spend(user, code):
        return True
    if password is None:
        return False
    release()
    return passwords.matches(password, user.password_hash)


def take(totp: Totp, code: str) -> bool:
    """Is it the app's code of about now, and later than every one that was taken?

    No code is where our keys do not open the app's secret, as after a restore with other ones: recovery codes are.
    """
    try:
        app, typed = pyotp.TOTP(totp.secret.reveal()), "".join(code.split()).encode()
    except Unavailable:
        log.error("second_factor.secret_unreadable", user=totp.user_id)
        return False
    now = int(time.time()) // STEP_S
    step = next((now + by for by in _NEAR if hmac.compare_digest(app.generate_otp(now + by).encode(), typed)), None)
    return step is not None and bool(
        Totp.update(last_step=step).where(Totp.id == totp.id, Totp.last_step < step).execute())


def ticket(user: User) -> str:
    """Says for five minutes that this person's first proof was right; good for one sign-in."""
    return tickets.issue(_TICKET, user_id=str(user.uuid), pw=password_mark(user))


def holder(text: str) -> tuple[User, Values]:
    """Whose ticket it is, and its claims; are they let in? Unauthorized when it is good no more."""
    claims = tickets.read(_TICKET, text)
    user = User.get_or_none(User.uuid == ids.parse(claims.get("user_id")))
    if user is None or claims.get("pw") != password_mark(user):
        raise tickets.invalid()
    return user, claims
