"""/api/account/email: another address to sign in with, confirmed at the old one and at the new one."""

from flask import request
from pydantic import AliasPath, Field

from hub.access import identity
from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.core.accounts.auth import Secret
from hub.api.kit.schema import Moment, Out
from hub.api.kit.table import delete, get, post
from hub.models.accounts.email_change import EmailChange
from hub.services.accounts import email_change
from hub.web.people import AddressIn, LetterTokenIn


class NewAddressIn(AddressIn):
    """The new address, and the present password."""

    current_password: Secret


class WantedOut(Out, columns=(EmailChange.email, EmailChange.old_said_at, EmailChange.new_said_at)):
    """The address that is wanted; when the mailbox of now and the new one said yes."""

    expires_at: Moment


class AddressOut(Out):
    """The address of now, and the one that is wanted instead."""

    email: str = Field(validation_alias=AliasPath("user", "email"))
    wanted: WantedOut | None = None


class ConfirmedChangeOut(Out):
    """`changed`: both have said yes, and the new address counts."""

    changed: bool


def show(caller: UserCaller) -> AddressOut:
    """Show the person's address, and the one that is asked for."""
    found = EmailChange.waiting(caller.user)
    return AddressOut(email=caller.user.email, wanted=None if found is None else WantedOut.of(found))


def ask(caller: UserCaller, body: NewAddressIn) -> AddressOut:
    """Ask for another address: a letter goes to the old one and to the new one.

    Nothing changes before both are confirmed. The answer is the same whether or not somebody else has the address.
    """
    made = email_change.ask(caller, body.email, body.current_password)
    return AddressOut(email=caller.user.email, wanted=WantedOut.of(made))


def cancel(caller: UserCaller) -> None:
    """Stay with the address of now; the letters' links are good no more."""
    email_change.cancel(caller)


def confirm(body: LetterTokenIn) -> ConfirmedChangeOut:
    """Say yes by a letter's link; the second yes changes the address and signs everybody else out."""
    left = email_change.confirm(body.token, request.cookies.get(identity.COOKIE, ""))
    return ConfirmedChangeOut(changed=left is None)


core.table(
    "email_change",
    get("/api/account/email", show, permission=Permission.SIGNED_IN),
    post("/api/account/email", ask, permission=Permission.SIGNED_IN, limit=("auth", "letter", "letter-address")),
    delete("/api/account/email", cancel, permission=Permission.SIGNED_IN),
    post("/auth/confirm-email-change", confirm, permission=Permission.ANYBODY, limit="auth"),
)
