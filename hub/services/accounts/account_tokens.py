"""Links and codes that letters carry: made, tried, and spent once."""

import secrets
from typing import Any

from hub.errors import BadInput, HubError
from hub.lib import clock, ids
from hub.lib.fields import N_
from hub.models.accounts.account_token import AccountToken, Purpose
from hub.models.accounts.user import User

LASTS_S = {Purpose.VERIFY: 24 * 3600, Purpose.RESET: 3600}
_CODE_LASTS_S, _CODE_TRIES = 15 * 60, 5


def issue(user: User, purpose: Purpose, **values: object) -> str:
    """A new link's token; only its digest is stored. Earlier ones stay good until one of them is used."""
    token = ids.token()
    AccountToken.create(user=user, purpose=purpose, digest=ids.digest(token), mark=_mark(user),
                        expires_at=clock.ahead(LASTS_S[purpose]), **values)
    return token


def issue_with_code(user: User) -> tuple[str, str]:
    """(token, six digits); the digits of an earlier letter are good no more."""
    AccountToken.update(code_digest=None).where(AccountToken.user == user).execute()
    code = f"{secrets.randbelow(1_000_000):06}"
    return issue(user, Purpose.VERIFY, code_digest=_code_digest(user, code),
                 code_until=clock.ahead(_CODE_LASTS_S)), code


def holder(token: str, purpose: Purpose) -> User:
    """Whose token this is, while it is good; nothing is spent. Raises BadInput `token_invalid`."""
    return _good(token, purpose).user


def spend(token: str, purpose: Purpose) -> User:
    """Whose token this was: with it all others of the purpose are spent. BadInput `token_invalid`, also for all but one
    of several at once."""
    found = _good(token, purpose)
    if not _used(AccountToken.id == found.id):
        raise _invalid()
    _used((AccountToken.user == found.user_id) & (AccountToken.purpose == purpose))
    return found.user


def spend_code(email: str, code: str) -> User:
    """Whose six digits these are. BadInput CONFIRMATION_CODE_EXPIRED, or for a wrong one VALIDATION_ERROR (422); an
    address that nobody has is answered as a wrong code is."""
    user = User.by_email(email)
    found = None if user is None else _with_code(user)
    if user is None or found is None or not user.is_active:
        raise _wrong_code()
    tried = AccountToken.update(tries=AccountToken.tries + 1).where(
        AccountToken.id == found.id, AccountToken.tries < _CODE_TRIES).execute()
    if not tried or not secrets.compare_digest(found.code_digest or "", _code_digest(user, code)):
        raise _wrong_code()
    if found.code_until is None or found.code_until < clock.now():
        raise HubError("CONFIRMATION_CODE_EXPIRED", "The code has expired; ask for a new one.", {"field": "code"}, 400)
    if not _used((AccountToken.user == user) & (AccountToken.purpose == Purpose.VERIFY)):
        raise _wrong_code()
    return user


def _with_code(user: User) -> AccountToken | None:
    return (AccountToken.select().where(
        AccountToken.user == user, AccountToken.purpose == Purpose.VERIFY, AccountToken.used_at.is_null(),
        AccountToken.code_digest.is_null(False), AccountToken.mark == _mark(user))
        .order_by(AccountToken.id.desc()).first())


def _good(token: str, purpose: Purpose) -> AccountToken:
    found = (AccountToken.select(AccountToken, User).join(User)
             .where(AccountToken.digest == ids.digest(token), AccountToken.purpose == purpose,
                    AccountToken.used_at.is_null(), AccountToken.expires_at > clock.now(), User.is_active).first())
    if found is None or found.mark != _mark(found.user):
        raise _invalid()
    return found


def _used(which: Any) -> int:
    return int(AccountToken.update(used_at=clock.now()).where(which, AccountToken.used_at.is_null()).execute())


def _mark(user: User) -> str:
    return ids.digest(f"{user.email} {user.password_hash}")


def _code_digest(user: User, code: str) -> str:
    return ids.digest(f"{user.uuid} {code}")


def _invalid() -> BadInput:
    return BadInput("token_invalid", N_("This link is not valid any more. Ask for a new one."), {"field": "token"})


def _wrong_code() -> BadInput:
    return BadInput("VALIDATION_ERROR", "The code is wrong.", {"field": "code"}, status=422)
