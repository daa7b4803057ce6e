"""The people of the installation, as its administrators look after them: found, let in or not, made administrators."""

from uuid import UUID

from peewee import ModelSelect

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import Conflict, Forbidden, NotFound
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.session import UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import transaction
from hub.models.platform.mail import MailKind
from hub.services import events
from hub.services.accounts import sessions, totp
from hub.services.platform import mail
from hub.services.platform.actions import act


def found(uuid: UUID) -> User:
    """The person of that id, with their business; NotFound."""
    user = User.select(User, Tenant).join(Tenant).where(User.uuid == uuid).first()
    if user is None:
        raise NotFound(message="There is no such user.")
    return user


def viewed(caller: UserCaller, uuid: UUID) -> User:
    """The same, and the log says who looked."""
    user = found(uuid)
    events.record(caller, "user.viewed", user)
    return user


def search(words: str) -> "ModelSelect[User]":
    """People whose name or e-mail holds the words, with their businesses; all without words."""
    everybody = User.select(User, Tenant).join(Tenant)
    return User.search(everybody, words) if words else everybody


@refusals.repeated
def disable(caller: UserCaller, user: User, reason: str) -> UUID:
    """Sign somebody out everywhere, at once, and let them in no more. The action's id."""
    _check(caller, user)
    with transaction():
        UserSession.delete().where((UserSession.user == user) | (UserSession.impersonator == user)).execute()
        return act(caller, user, "user.disabled", reason, {"is_active": False})


@refusals.repeated
def enable(caller: UserCaller, user: User, reason: str) -> UUID:
    """Let somebody sign in again. The action's id."""
    _check(caller, user)
    return act(caller, user, "user.enabled", reason, {"is_active": True})


@refusals.repeated
def promote(caller: UserCaller, user: User, reason: str) -> UUID:
    """Make somebody an administrator of the platform. The action's id."""
    return act(caller, user, "user.promoted", reason, {"is_platform_admin": True})


@refusals.repeated
def demote(caller: UserCaller, user: User, reason: str) -> UUID:
    """Let somebody be an administrator no more. The action's id."""
    _check(caller, user)
    return act(caller, user, "user.demoted", reason, {"is_platform_admin": False})


@refusals.repeated
def second_factor_off(caller: UserCaller, user: User, reason: str) -> UUID:
    """For somebody who lost the phone and the codes: the password alone signs them in, everywhere anew, and a letter
    tells them. The action's id. Conflict `totp_off` where there is none."""
    _check(caller, user)
    with transaction():
        if not totp.drop(user):
            raise Conflict("totp_off", N_("This person's sign-in asks for no second step."))
        sessions.end_others(caller, user)
        mail.send(MailKind.SECOND_FACTOR_OFF, user.email, user.locale, user=user)
        return act(caller, user, "user.totp_disabled", reason, {})


def _check(caller: UserCaller, user: User) -> None:
    """Nobody shuts themselves out, nor the owner of the platform; an administrator only the owner does."""
    if user.id == caller.user.id:
        raise Conflict("own_account", N_("You cannot change your own access."))
    if user.is_platform_owner:
        raise Forbidden("platform_owner", N_("Nobody may do this to the owner of the platform."))
    if user.is_platform_admin and not caller.may(Permission.PLATFORM_OWNER):
        raise Forbidden("platform_owner_only", N_("Only the owner of the platform may do this to an administrator."))
