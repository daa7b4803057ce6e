"""Showing that a mailbox is one's own, and getting in again without the password."""

from hub.access import passwords
from hub.access.callers import Caller, UserCaller
from hub.lib import clock
from hub.models import refusals
from hub.models.accounts.account_token import Purpose
from hub.models.accounts.user import User
from hub.models.base import release, transaction
from hub.models.platform.mail import MailKind
from hub.services import changes, events
from hub.services.accounts import account_tokens, claims, login
from hub.services.platform import mail


def ask_verification(email: str, locale: str) -> None:
    """Send the link and the code. The same is done for an address that nobody has: the letter's job finds out."""
    mail.send(MailKind.VERIFICATION, email, locale)


def ask_reset(email: str, locale: str) -> None:
    """Send a link to a new password; for unknown addresses as `ask_verification`."""
    mail.send(MailKind.RESET, email, locale)


@refusals.repeated
def verify(token: str) -> User:
    """The address is confirmed by its link. Raises BadInput `token_invalid`."""
    with transaction():
        return _verified(account_tokens.spend(token, Purpose.VERIFY))


def verify_at(caller: Caller, token: str, password: str) -> User:
    """The same from a page: as `login.check_at_home`."""
    login.check_at_home(caller, account_tokens.holder(token, Purpose.VERIFY), password)
    return verify(token)


def verify_by_code(email: str, code: str) -> User:
    """The address is confirmed by six digits. Not one transaction: a wrong try counts although it is refused."""
    user = account_tokens.spend_code(email, code)
    with transaction():
        return _verified(user)


def _verified(user: User) -> User:
    return changes.apply(_by(user), user, {"email_verified_at": user.email_verified_at or clock.now()})


def reset(token: str, password: str) -> User:
    """A new password by the link of a letter, as `claims.claim`. BadInput `token_invalid`, or `weak_password`, which
    leaves the link as it was."""
    account_tokens.holder(token, Purpose.RESET)
    passwords.check_rule(password)
    release()               # bcrypt takes a quarter of a second
    return _reset(token, passwords.hashed(password))


@refusals.repeated
def _reset(token: str, password_hash: str) -> User:
    with transaction():
        user = account_tokens.spend(token, Purpose.RESET)
        claims.claim(_by(user), user, password_hash)
        events.record(_by(user), "user.password_reset", user)
    return user


def _by(user: User) -> UserCaller:
    return UserCaller(user, user.tenant, "letter")
