"""People with an authenticator app, and codes of it whenever a test wants one."""

import time

import pyotp

from hub.lib import clock
from hub.models.accounts.totp import Totp
from hub.models.accounts.user import User
from hub.services.accounts import recovery_codes, second_factor, totp
from tests import factories
from tests.factories import PASSWORD

# Looks like a recovery code, and is none.
NO_CODE = "aaaa-aaaa-aaaa-aaaa"


class App:
    """The app on the person's phone."""

    def __init__(self, user: User) -> None:
        """Set up, and not confirmed yet."""
        self.user = user
        self._app = pyotp.TOTP(totp.begin(factories.caller(user), PASSWORD).secret.reveal())
        self.recovery_codes: list[str] = []
        self.used = ""              # what turned it on

    def code(self) -> str:
        """What it shows now, also if that was used."""
        return self._app.now()

    def fresh(self) -> str:
        """What it shows now, as if some time had passed since the last one."""
        Totp.update(last_step=0).where(Totp.user == self.user).execute()
        return self._app.now()

    def wrong(self) -> str:
        """Six digits that are no code of about now."""
        near = {self._app.at(time.time() + 30 * by) for by in range(-3, 4)}
        return next(digits for number in range(10) if (digits := f"{number:06}") not in near)


def begun(user: User) -> App:
    """The person has scanned the secret."""
    return App(user)


def turned_on(user: User) -> App:
    """Their sign-in asks for the second factor, and did before they came in where they are now."""
    app, row = App(user), Totp.get(Totp.user == user)
    app.used = app.code()
    second_factor.take(row, app.used)
    Totp.update(confirmed_at=clock.now()).where(Totp.id == row.id).execute()
    app.recovery_codes = recovery_codes.renew(user)
    return app
