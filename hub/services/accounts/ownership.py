"""A business changes hands: its owner offers it to a colleague; whoever accepts owns it, the other administers it."""

from uuid import UUID

from hub.access import callers
from hub.access.callers import UserCaller
from hub.errors import Conflict, Forbidden, NotFound
from hub.lib import clock
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.ownership_offer import OwnershipOffer
from hub.models.accounts.user import Role, User
from hub.models.base import locked, transaction
from hub.models.platform.mail import MailKind
from hub.services import changes, events
from hub.services.accounts import login, team
from hub.services.platform import mail

LASTS_S = 7 * 24 * 3600


def offer(caller: UserCaller, uuid: UUID, password: str) -> User:
    """Ask a colleague to take the business over; a letter says so. An earlier offer is forgotten.

    Forbidden for whoever is no owner, a wrong password as `login.check_own`, NotFound, Conflict `cannot_own` for
    somebody who is shut out or owns it already.
    """
    callers.require_oneself(caller)
    if caller.role != Role.OWNER:
        raise Forbidden("owner_only", N_("Only an owner can hand the business over."))
    login.check_own(caller.user, password, "password", N_("The password is wrong."))
    return _offered(caller, uuid)


@refusals.raced
def _offered(caller: UserCaller, uuid: UUID) -> User:
    member = User.find(caller.tenant, uuid)
    if member is None:
        raise NotFound(message="There is no such colleague.")
    if not member.is_active or member.role == Role.OWNER:
        raise Conflict("cannot_own", N_("Choose an active colleague who is not an owner yet."), {"field": "member"})
    with transaction():
        _forget(caller, OwnershipOffer.owner == caller.user)
        changes.create(caller, OwnershipOffer, {"owner": caller.user, "member": member,
                                                "expires_at": clock.ahead(LASTS_S)})
        mail.send(MailKind.OWNERSHIP_OFFER, member.email, member.locale, tenant=caller.tenant, user=member)
    return member


@refusals.repeated
def take_back(caller: UserCaller) -> None:
    """Stay the owner after all."""
    with transaction():
        _forget(caller, OwnershipOffer.owner == caller.user)


@refusals.repeated
def decline(caller: UserCaller) -> None:
    """Do not take the business over."""
    with transaction():
        _forget(caller, OwnershipOffer.member == caller.user)


@refusals.repeated
def accept(caller: UserCaller) -> None:
    """Own the business from now on. Conflict `offer_over` when the offer was taken back, has expired, or whoever made
    it is no owner any more."""
    callers.require_oneself(caller)
    with transaction():
        owners = team.owners(caller.tenant)
        found = OwnershipOffer.to(caller.user)
        mine = locked(User.select(User.id).where(User.id == caller.user.id, User.is_active)).first()
        if found is None or found.owner_id not in owners or mine is None:
            raise Conflict("offer_over", N_("This offer does not stand any more."))
        _forget(caller, OwnershipOffer.member == caller.user)
        changes.apply(caller, caller.user, {"role": Role.OWNER})
        changes.apply(caller, owners[found.owner_id], {"role": Role.ADMIN})
        events.record(caller, "tenant.owner_changed", caller.tenant, {"owner": owners[found.owner_id].uuid},
                      {"owner": caller.user.uuid})


def _forget(caller: UserCaller, which: object) -> None:
    for row in list(OwnershipOffer.of(caller.tenant).where(which)):
        changes.remove(caller, row)
