"""Showing that a mailbox is one's own, and getting in again without the password."""

from hub.access import passwords
from hub.access.callers import UserCaller
from hub.lib import clock
from hub.models import refusals
from hub.models.accounts.account_token import Purpose
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.models.base import release, transaction
from hub.models.platform.mail import MailKind
from hub.services import changes, events, revocation
from hub.services.accounts import account_tokens
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


def verify_by_code(email: str, code: str) -> User:
    """The address is confirmed by six digits. Not one transaction: a wrong try counts although it is refused."""
    user = account_tokens.spend_code(email, code)
    with transaction():
        return _verified(user)


def _verified(user: User) -> User:
    return changes.apply(_by(user), user, {"email_verified_at": user.email_verified_at or clock.now()})


def reset(token: str, password: str) -> User:
    """A new password by the link of a letter: every browser and token of before is signed out, and whoever reads the
    mailbox is its owner. BadInput `token_invalid` or `weak_password`; a weak one leaves the link as it was."""
    account_tokens.holder(token, Purpose.RESET)
    passwords.check_rule(password)
    release()               # bcrypt takes a quarter of a second
    return _reset(token, passwords.hashed(password))


@refusals.repeated
def _reset(token: str, password_hash: str) -> User:
    with transaction():
        user = account_tokens.spend(token, Purpose.RESET)
        changes.apply(_by(user), user, {"password_hash": password_hash,
                                        "email_verified_at": user.email_verified_at or clock.now()})
        UserSession.delete().where(UserSession.user == user).execute()
        events.record(_by(user), "user.password_reset", user)
        revocation.tell(user.tenant_id, user.id)
    return user


def _by(user: User) -> UserCaller:
    return UserCaller(user, user.tenant, "letter")
