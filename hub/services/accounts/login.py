"""Passwords tried: the right one signs in, five wrong ones from one address close the account for that address."""

from hub.access import passwords
from hub.access.callers import Caller, UserCaller
from hub.errors import BadInput, Conflict, Unauthorized
from hub.lib import addresses, text
from hub.lib.fields import N_
from hub.models.accounts.user import User
from hub.models.base import release
from hub.services.accounts import tries
from hub.services.accounts.tries import Door


def check_password(email: str, password: str, address: str) -> User:
    """The user with this e-mail and password. The same error whichever is wrong.

    Tries are counted per account and address, so that a stranger elsewhere cannot lock the owner out. Raises
    Unauthorized, HubError 423 (ACCOUNT_LOCKED). Whether the person is let in is for `accounts.admit` to say.
    """
    found: list[User] = []

    def is_right() -> bool:
        user = User.by_email(email)
        right = _matches(user, password)
        found.extend([user] if user is not None and right and user.is_active else [])
        return bool(found)

    if not tries.judged(is_right, Door(f"{text.email(email)} {addresses.counted(address)}")):
        raise Unauthorized("INVALID_CREDENTIALS", "E-mail or password is wrong.")
    return found[0]


def check_own(user: User, password: str, field: str = "current_password",
              said: str = N_("The current password is wrong.")) -> None:
    """Whoever is at this person's browser shows that it is them. BadInput, HubError 423 as `check_password`.

    Counted for the person alone: the browser may be anywhere. Conflict `no_password` for whom a provider vouches, who
    has none to show.
    """
    if user.password_hash is None:
        raise Conflict("no_password", N_("You have no password yet. Set one first: ask for a letter under “Forgot your "
                                         "password?”."), {"field": field})
    if not tries.judged(lambda: _matches(user, password), Door(f"password of {user.uuid}")):
        raise BadInput("INVALID_CREDENTIALS", said, {"field": field})


def check_at_home(caller: Caller, user: User, password: str) -> None:
    """Whoever opens the link of a letter elsewhere than in the person's own browser shows the password, as `check_own`.

    Else the reader of a letter would confirm for somebody else, who used the address, an account that both get into.
    """
    if not is_at_home(caller, user):
        check_own(user, password, "password", N_("The password is wrong."))


def is_at_home(caller: Caller, user: User) -> bool:
    """Is it the person's own browser that asks?"""
    return isinstance(caller, UserCaller) and caller.user == user and caller.administrator is None


def _matches(user: User | None, password: str) -> bool:
    release()           # bcrypt takes a quarter of a second; others may use the connection
    return passwords.matches(password, user.password_hash if user and user.password_hash else None)
