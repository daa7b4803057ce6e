"""The people of a business: what they may do, and whether they may sign in. There is always an owner."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from hub.access.callers import UserCaller
from hub.errors import Conflict, Forbidden
from hub.lib.fields import Control, N_
from hub.models import refusals
from hub.models.accounts.session import UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import Role, User
from hub.models.base import transaction
from hub.services import changes

ROLE_NAMES: dict[str, str] = {Role.OWNER: N_("Owner"), Role.ADMIN: N_("Administrator"), Role.OPERATOR: N_("Operator"),
              Role.VIEWER: N_("Reader"), Role.GUEST: N_("Guest")}


class MemberIn(BaseModel):
    """What may be changed about a colleague."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    role: Annotated[Role, Field(title=N_("Role")), Control(options=ROLE_NAMES)]


@refusals.repeated
def change(caller: UserCaller, member: User, given: MemberIn) -> User:
    """Give a colleague another role, from their next click on.

    Forbidden, or Conflict `last_owner` or `own_account`, with a sentence for the person who asked.
    """
    with transaction():
        _check(caller.user, member, loses_owner=given.role is not Role.OWNER,
               touches_owner=Role.OWNER in (member.role, given.role))
        return changes.apply(caller, member, {"role": given.role})


@refusals.repeated
def disable(caller: UserCaller, member: User) -> User:
    """Sign a colleague out everywhere, at once, and let them in no more. What they wrote stays."""
    with transaction():
        _check(caller.user, member, loses_owner=True, touches_owner=member.role == Role.OWNER)
        UserSession.delete().where(UserSession.user == member).execute()
        return changes.apply(caller, member, {"is_active": False})


@refusals.repeated
def enable(caller: UserCaller, member: User) -> User:
    """Let a colleague sign in again."""
    with transaction():
        _check(caller.user, member, loses_owner=False, touches_owner=member.role == Role.OWNER)
        return changes.apply(caller, member, {"is_active": True})


def owners(tenant: Tenant | int) -> dict[int, User]:
    """The active owners of a business by their number; nobody else changes who they are until our transaction ends."""
    # The business is locked, not its owners: somebody who becomes one meanwhile is no row that could be waited for.
    Tenant.hold(tenant)
    return {owner.id: owner for owner in User.of(tenant).where(User.role == Role.OWNER, User.is_active)}


def _check(actor: User, member: User, *, loses_owner: bool, touches_owner: bool) -> None:
    # Of two who take the role from each other at once, the second one finds nobody left.
    found = owners(member.tenant_id)
    if loses_owner and [*found] == [member.id]:
        raise Conflict("last_owner", N_("This is the only owner. Make somebody else an owner first."),
                       {"field": "role"})
    if member.is_platform_owner and not actor.is_platform_owner:
        raise Forbidden("owner_only", N_("Nobody but the owner of the platform may change their own access."))
    if (touches_owner or member.id in found) and actor.id not in found:
        raise Forbidden("owner_only", N_("Only an owner may change an owner."))
    if actor.id == member.id:
        raise Conflict("own_account", N_("You cannot change your own role or access. Another owner can."),
                       {"field": "role"})
