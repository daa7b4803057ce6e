"""Letters: the business's mail server with a test, and the outbox of whoever runs the hub."""

from typing import Annotated
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import HubError
from hub.lib.fields import Control, N_
from hub.models.platform.mail import Mail, MailState
from hub.pages.kit import Form, page, sentences
from hub.pages.kit.listing import Column, Filter, Listing
from hub.services.platform import contact, mail_servers
from hub.services.platform import mail as letters
from hub.services.platform.mail_servers import MailServerIn
from hub.web.schema import Address

blueprint = Blueprint("mail", __name__)
_MAY, _OWNER = Permission.MANAGE_TENANT_SETTINGS, Permission.PLATFORM_OWNER

STATES = {MailState.QUEUED: N_("Waiting"), MailState.RUNNING: N_("On its way"), MailState.SENT: N_("Sent"),
          MailState.KEPT: N_("Kept here"), MailState.DROPPED: N_("For nobody"), MailState.FAILED: N_("Failed")}
LISTING = Listing(
    Mail, first="-at", find=lambda query, words: query.where(Mail.recipient.contains(words)),
    columns=(Column("recipient", N_("To"), sort=Mail.recipient), Column("subject", N_("Subject"), sort=Mail.subject),
             Column("state", N_("State"), sort=Mail.state), Column("at", N_("When"), sort=Mail.id, kind=int)),
    filters=(Filter("state", N_("All letters"), {
        state: (name, Mail.state == state) for state, name in STATES.items()}),))


class TestIn(BaseModel):
    """Where the test letter goes."""

    to: Annotated[Address, Field(title=N_("To")), Control("email", autocomplete="email")]


@page(blueprint, "/settings/mail", _MAY)
def show(caller: UserCaller) -> str:
    return _shown(caller, Form.of(MailServerIn, mail_servers.own(caller.tenant)))


@page(blueprint, "/settings/mail", _MAY, "POST")
def save(caller: UserCaller, form: Form[MailServerIn]) -> ResponseReturnValue:
    if form.save(lambda given: mail_servers.change(caller, given)) is None:
        return _shown(caller, form), 422
    flash(gettext("Saved. Send yourself a test letter now."), "good")
    return redirect(url_for("mail.show"), 303)


@page(blueprint, "/settings/mail/test", _MAY, "POST", limit=("letter",))
def test(caller: UserCaller, form: Form[TestIn]) -> ResponseReturnValue:
    """Sends at once: what the server says is what this is for."""
    try:
        if form.value is not None:
            server, _ = mail_servers.test(caller.tenant, form.value.to, contact.test_letter(caller.user.locale),
                                          caller.user.locale)
            flash(gettext("%(server)s took the letter. Look into your mailbox.", server=server), "good")
            return redirect(url_for("mail.show"), 303)
    except HubError as error:
        form.fail("to", sentences.of_error(error))
    return _shown(caller, Form.of(MailServerIn, mail_servers.own(caller.tenant)), form), 422


def _shown(caller: UserCaller, form: Form[MailServerIn], tried: Form[TestIn] | None = None) -> str:
    tried = tried or Form.of(TestIn, {"to": caller.user.email})
    return render_template("pages/platform/mail.html", form=form, test=tried,
                           has_server=mail_servers.of(caller.tenant) is not None)


@page(blueprint, "/platform/outbox", _OWNER)
def outbox(caller: UserCaller) -> str:
    return render_template("pages/platform/outbox.html", shown=LISTING.shown(Mail.select(), request.args),
                           states=STATES)


@page(blueprint, "/platform/outbox/<mail>", _OWNER)
def letter(caller: UserCaller, mail: UUID) -> Response:
    """The letter as text: nothing in it is run or fetched."""
    return Response(letters.read(caller, mail), mimetype="text/plain", headers={"Cache-Control": "no-store"})
