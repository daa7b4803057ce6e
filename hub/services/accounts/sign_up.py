"""Signing up: a person with a business of their own, or one that joins a business by invitation."""

from dataclasses import dataclass

from hub.access import passwords
from hub.access.callers import UserCaller
from hub.errors import Conflict, Forbidden
from hub.lib import clock, text
from hub.lib.fields import N_
from hub.models import refusals
from hub.models.accounts.invite import Invite
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import Role, User
from hub.models.base import release, transaction
from hub.models.platform.mail import MailKind
from hub.services import events
from hub.services.accounts import invites
from hub.services.agents import agents
from hub.services.platform import mail
from hub.settings import current_settings

_NAMES = {"ru": "Мой бизнес", "en": "My business"}


class AddressTaken(Conflict):
    """Somebody signs in with this address already."""


@dataclass(frozen=True)
class Person:
    """Who signs up, as they say it themselves."""

    email: str
    password: str
    username: str | None = None
    first_name: str = ""
    last_name: str = ""
    business: str = ""
    locale: str = "en"


def sign_up(person: Person, invite: str | None = None) -> User:
    """The new person: with `invite`, in its business and role; else the owner of a new business, with an AI agent that
    answers from what it will be given.

    BadInput `weak_password` or `invite_invalid`, Forbidden where only invitations are taken, AddressTaken, Conflict
    `username_taken`. All cost the same time, whoever is there already.
    """
    passwords.check_rule(person.password)
    _check_open(invite)
    release()               # bcrypt takes a quarter of a second
    return _made(person, invite, passwords.hashed(person.password))


def vouched(person: Person, invite: str | None) -> User:
    """The same for somebody without a password, of whom a provider that we trust says that the address is theirs; in
    the caller's transaction."""
    _check_open(invite)
    return _person(person, invite, None)


def _check_open(invite: str | None) -> None:
    if invite is None and current_settings().sign_up == "closed":
        raise Forbidden("sign_up_closed", N_("Here one joins by invitation. Ask the owner for one."))


@refusals.raced
def _made(person: Person, invite: str | None, password_hash: str) -> User:
    with transaction():
        if User.by_email(person.email) is not None:
            mail.send(MailKind.ADDRESS_TAKEN, text.email(person.email), person.locale)
            taken = True
        else:
            taken = False
            user = _person(person, invite, password_hash)
    if taken:
        raise AddressTaken("email_taken", N_("Somebody signs in with this address already."), {"field": "email"})
    return user


def _person(person: Person, invite: str | None, password_hash: str | None) -> User:
    if person.username and User.select().where(User.username == person.username).exists():
        raise Conflict("username_taken", "This user name is taken.", {"field": "username"})
    accepted = invites.accept(invite, person.email) if invite else None
    user = User.create(
        tenant=accepted.tenant if accepted else _business(person), role=accepted.role if accepted else Role.OWNER,
        email=person.email, username=person.username or None, first_name=person.first_name,
        last_name=person.last_name, password_hash=password_hash, locale=person.locale,
        last_login_at=clock.now(),
        # The letter of the invitation came to the address, or who needs no password was vouched for.
        email_verified_at=clock.now() if password_hash is None or (
            accepted and accepted.is_letter(invite or "")) else None)
    _tell(user, accepted)
    return user


def _business(person: Person) -> Tenant:
    language = person.locale if person.locale in _NAMES else "en"
    return Tenant.create(name=person.business or _NAMES[language], language=language)


def _tell(user: User, accepted: Invite | None) -> None:
    caller = UserCaller(user, user.tenant, "session")
    if accepted is None:
        events.record(caller, "tenant.created", user.tenant, None, {"name": user.tenant.name})
        agents.create(caller, **agents.first(user.tenant.language))
    if user.email_verified_at is None:
        mail.send(MailKind.VERIFICATION, user.email, user.locale, user=user)
    events.record(caller, "user.created", user, None, {"email": user.email, "role": user.role})
