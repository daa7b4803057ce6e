"""Where somebody is signed in: the browsers, one of them signed out, or everything at once."""

from peewee import ModelSelect

from hub.access import callers
from hub.access.callers import UserCaller
from hub.errors import NotFound
from hub.lib import clock, ids
from hub.models import refusals
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.models.base import locked, transaction
from hub.services import changes, events, revocation


def mine(caller: UserCaller) -> "ModelSelect[UserSession]":
    """The person's own browsers that are signed in."""
    return UserSession.select().where(UserSession.user == caller.user, UserSession.impersonator.is_null(),
                                      UserSession.expires_at > clock.now())


@refusals.repeated
def end(caller: UserCaller, uuid: str) -> None:
    """Sign one of the person's own browsers out; its open streams end within seconds."""
    callers.require_oneself(caller)
    found = mine(caller).where(UserSession.uuid == ids.parse(uuid)).first()
    if found is None:
        raise NotFound(message="There is no such session.")
    with transaction():
        found.delete_instance()
        events.record(caller, "user.signed_out", caller.user)
        revocation.tell(caller.tenant.id, caller.user.id, found.digest)


@refusals.repeated
def end_all(caller: UserCaller) -> None:
    """Sign out everywhere: every browser, this one too, and every token."""
    callers.require_oneself(caller)
    with transaction():
        era = locked(User.select(User.session_era).where(User.id == caller.user.id)).scalar()
        changes.apply(caller, caller.user, {"session_era": era + 1})
        UserSession.delete().where(UserSession.user == caller.user).execute()
        events.record(caller, "user.signed_out_everywhere", caller.user)
        revocation.tell(caller.tenant.id, caller.user.id)
