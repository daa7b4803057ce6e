"""Keys of the Chat API: made for a program of the business, and gone when they are removed."""

from collections.abc import Iterable

from hub.access import callers
from hub.access.callers import Caller, UserCaller
from hub.access.roles import Permission, Scope
from hub.errors import Conflict, Forbidden
from hub.lib import clock, ids
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.api_key import ApiKey
from hub.models.base import transaction
from hub.services import changes

_DAY_S = 86_400


@refusals.repeated
def create(caller: Caller, name: str, scopes: Iterable[Scope], expires_in_days: int | None = None
           ) -> tuple[ApiKey, str]:
    """(key, its text, which nobody can read again). Forbidden for what the caller may not give, Conflict for a name
    that another key has."""
    given = [scope for scope in Scope if scope in scopes]
    _check(caller, given)
    text = ApiKey.new_text()
    ends = None if expires_in_days is None else clock.ahead(expires_in_days * _DAY_S)
    with transaction():
        if ApiKey.of(caller.tenant).where(ApiKey.name == name).exists():
            raise Conflict("name_taken", N_("There is a key of this name already."), {"field": "name"})
        made = changes.create(caller, ApiKey, {
            "name": name, "prefix": ApiKey.beginning(text), "digest": ids.digest(text), "scopes": given,
            "expires_at": ends, "made_by": caller.user if isinstance(caller, UserCaller) else None})
    return made, text


def _check(caller: Caller, scopes: list[Scope]) -> None:
    """Nobody gives a key more than they may do themselves; every business is the owner's of the installation alone."""
    if not isinstance(caller, UserCaller):      # the command of whoever runs the machine
        return
    callers.require_oneself(caller)
    for scope in scopes:
        needed = Permission.PLATFORM_OWNER if scope is Scope.PLATFORM else Permission(scope.value)
        if not caller.may(needed):
            raise Forbidden("INSUFFICIENT_PERMISSIONS", N_("You may not give a key more than you may do yourself."),
                            {"permission": str(needed)})
