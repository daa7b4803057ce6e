"""Codes for whoever lost the app: ten, shown once, each good once."""

import secrets

from hub.access.callers import UserCaller
from hub.lib import clock, ids
from hub.models import refusals
from hub.models.accounts.totp import RecoveryCode
from hub.models.accounts.user import User
from hub.models.base import transaction
from hub.services import events

COUNT = 10
# 16 signs of these are 79 bits: nobody finds one by its digest. None is taken for another by a reader.
_SIGNS, _PARTS, _LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 4, 4


def renew(user: User) -> list[str]:
    """Ten new codes instead of all before, inside the caller's transaction. Only here are they to be seen."""
    codes = ["-".join("".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(_PARTS))
             for _ in range(COUNT)]
    forget(user)
    for code in codes:
        RecoveryCode.create(user=user, digest=_digest(user, code))
    return codes


def forget(user: User) -> None:
    """None of them is good any more."""
    RecoveryCode.delete().where(RecoveryCode.user == user).execute()


def left(user: User) -> int:
    """How many are still good."""
    return int(RecoveryCode.select().where(RecoveryCode.user == user, RecoveryCode.used_at.is_null()).count())


@refusals.repeated
def spend(user: User, code: str) -> bool:
    """Was it one of theirs that is still good? It is good no more; the log says so."""
    with transaction():
        spent = RecoveryCode.update(used_at=clock.now()).where(
            RecoveryCode.user == user, RecoveryCode.digest == _digest(user, code),
            RecoveryCode.used_at.is_null()).execute()
        if spent:
            events.record(UserCaller(user, user.tenant, "code"), "user.recovery_code_used", user)
    return bool(spent)


def _digest(user: User, code: str) -> str:
    """However it is typed: with dashes, spaces or capitals."""
    return ids.digest(f"{user.uuid} {''.join(sign for sign in code.lower() if sign.isalnum())}")
