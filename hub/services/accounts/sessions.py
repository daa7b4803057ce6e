"""Where somebody is signed in: the browsers, one of them signed out, or everything at once."""

from peewee import ModelSelect

from hub.access import callers
from hub.access.callers import Caller, UserCaller
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
        end_others(caller, caller.user)
        events.record(caller, "user.signed_out_everywhere", caller.user)


def end_others(by: Caller, user: User, kept: str = "") -> None:
    """In the caller's transaction: every token of the person, and every browser but the one of this digest, is signed
    out; what they hold open ends within seconds."""
    era = locked(User.select(User.session_era).where(User.id == user.id)).scalar()
    changes.apply(by, user, {"session_era": era + 1})
    UserSession.delete().where(UserSession.user == user, UserSession.digest != kept).execute()
    revocation.tell(user.tenant_id, user.id)
