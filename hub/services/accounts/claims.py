"""An account taken by whose mailbox it is: what anybody else set up opens it no more."""

from hub.access.callers import Caller
from hub.lib import clock
from hub.models.accounts.passkey import Passkey
from hub.models.accounts.user import User
from hub.services import changes, events
from hub.services.accounts import passkeys, sessions, totp


def claim(by: Caller, user: User, password_hash: str | None) -> None:
    """In the caller's transaction: whose mailbox it is has shown that, and takes the account. Every browser and token
    of before is signed out.

    Passkeys go, too, unlike elsewhere (GitHub keeps them): one is both factors at once, whoever took the account over
    may have added it, nobody can tell whose it is, and to add one's own again takes a minute. An app stays, for a
    letter is one factor; it goes where nobody had shown the mailbox before, for then somebody else may have signed up
    with the address.
    """
    if user.email_verified_at is None and totp.drop(user):
        events.record(by, "user.totp_disabled", user)
    changes.apply(by, user, {"password_hash": password_hash,
                             "email_verified_at": user.email_verified_at or clock.now()})
    for row in Passkey.select().where(Passkey.user == user):
        passkeys.remove(by, row)
    sessions.end_others(by, user)
