"""Passwords tried: the right one signs in, five wrong ones from one address close the account for that address."""

from hub.access import passwords
from hub.errors import BadInput, Conflict, Unauthorized
from hub.lib import addresses, ids, text
from hub.lib.fields import N_
from hub.models.accounts.user import User
from hub.models.base import release
from hub.services.accounts import tries


def check_password(email: str, password: str, address: str) -> User:
    """The user with this e-mail and password. The same error whichever is wrong.

    Tries are counted per account and address, so that a stranger elsewhere cannot lock the owner out. A try is counted
    before it is judged: of many at the same moment no more are judged than of as many in a row. Raises Unauthorized,
    HubError 423 (ACCOUNT_LOCKED). Whether the person is let in is for `accounts.admit` to say.
    """
    key = ids.digest(f"{text.email(email)} {addresses.counted(address)}")
    failures = tries.count(key)
    user = User.by_email(email)
    release()           # bcrypt takes a quarter of a second; others may use the connection
    right = passwords.matches(password, user.password_hash if user and user.password_hash else None)
    is_right = user is not None and right and user.is_active
    tries.judged(key, failures, right=is_right)
    if user is None or not is_right:
        raise Unauthorized("INVALID_CREDENTIALS", "E-mail or password is wrong.")
    return user


def check_own(user: User, password: str, field: str = "current_password",
              said: str = N_("The current password is wrong.")) -> None:
    """Whoever is at this person's browser shows that it is them. BadInput, HubError 423 as `check_password`.

    Counted for the person alone: the browser may be anywhere. Conflict `no_password` for whom a provider vouches, who
    has none to show.
    """
    if user.password_hash is None:
        raise Conflict("no_password", N_("You have no password yet. Set one first: ask for a letter under “Forgot your "
                                         "password?”."), {"field": field})
    key = ids.digest(f"password of {user.uuid}")
    failures = tries.count(key)
    release()           # bcrypt takes a quarter of a second; others may use the connection
    right = passwords.matches(password, user.password_hash)
    tries.judged(key, failures, right=right)
    if not right:
        raise BadInput("INVALID_CREDENTIALS", said, {"field": field})
