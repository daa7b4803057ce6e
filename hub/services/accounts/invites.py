"""Invitations: sent, taken back, and accepted by signing up."""

from hub.access.callers import UserCaller
from hub.errors import BadInput, Conflict
from hub.lib import clock, ids
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.invite import Invite
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import Role, User
from hub.models.base import transaction
from hub.models.platform.mail import MailKind
from hub.services import changes
from hub.services.platform import mail

LASTS_S = 7 * 24 * 3600


@refusals.repeated
def create(caller: UserCaller, email: str, role: Role) -> tuple[Invite, str]:
    """(invitation, its link), and a letter to the address; an earlier invitation of it is good no more.

    The letter has a link of its own, which also shows that the mailbox is its reader's: whoever invites and follows the
    other one in somebody's name has shown nothing.

    Whether somebody elsewhere signs in with the address is not told. Conflict where a colleague does.
    """
    letter = ids.token()
    shown = Invite.shown(letter)
    url = mail.link("/auth/signup", invite=shown)
    with transaction():
        Tenant.hold(caller.tenant.id)       # of two at once the later one removes what the earlier made
        if User.of(caller.tenant).where(User.email == email).exists():
            raise Conflict("already_here", N_("This person is in the team already."), {"field": "email"})
        for earlier in Invite.pending(caller.tenant).where(Invite.email == email):
            changes.remove(caller, earlier)
        made = changes.create(caller, Invite, {
            "email": email, "role": role, "digest": ids.digest(shown), "invited_by": caller.user,
            "expires_at": clock.ahead(LASTS_S)})
        mail.send(MailKind.INVITE, made.email, caller.user.locale, tenant=caller.tenant, token=letter)
    return made, url


def remove(caller: UserCaller, invite: Invite) -> None:
    """Take the invitation back: its link opens nothing any more."""
    changes.remove(caller, invite)


def accept(token: str, email: str) -> Invite:
    """The invitation of this link for this address, accepted; in the transaction that makes the person.

    BadInput `invite_invalid`: unknown, expired, used, or another's.
    """
    found = Invite.open_one(token)
    mine = found is not None and Invite.email.db_value(email) == found.email
    if found is None or not mine or not Invite.update(accepted_at=clock.now()).where(
            Invite.id == found.id, Invite.accepted_at.is_null()).execute():
        raise BadInput("invite_invalid", N_("This invitation is not valid any more. Ask for a new one."),
                       {"field": "inviteToken"})
    return found
