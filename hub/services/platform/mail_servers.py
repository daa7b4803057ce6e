"""Which server takes a letter: the business's own, else the hub's; and whether it really does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from hub.access import callers
from hub.access.callers import Caller
from hub.errors import BadInput, HubError
from hub.lib import clock, ids, mailbox, smtp, text
from hub.lib.fields import Control, N_, Section
from hub.models import refusals
from hub.models.accounts.tenant import Tenant
from hub.models.base import locked, release, transaction
from hub.models.platform.mail_server import MailServer, Security
from hub.services import changes
from hub.services.platform import letter as letters
from hub.services.platform.letter import Letter
from hub.settings import current_settings

SECURITY = {Security.TLS: N_("TLS from the start (usually port 465)"),
            Security.STARTTLS: N_("STARTTLS (usually port 587)"), Security.NONE: N_("None")}
OneLine = Annotated[str, AfterValidator(lambda value: text.one_line(value))]


class MailServerIn(BaseModel):
    """The business's own server. An empty password leaves the stored one."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    SECTIONS: ClassVar = (
        Section(N_("Sender"), N_("Whose name and address people see on your letters."), ("is_active", "sender")),
        Section(N_("Server"), N_("Your mail provider's help names these for “SMTP”."),
                ("host", "port", "security", "username", "password")))

    is_active: Annotated[bool, Field(title=N_("Send our letters through this server"), description=N_(
        "Switched off, letters go out by the server of whoever runs this installation."))] = False
    sender: Annotated[OneLine, Field(title=N_("From"), max_length=255, description=N_(
        "What people see: Bakery <hello@bakery.example>.")), Control(autocomplete="off")] = ""
    host: Annotated[OneLine, Field(title=N_("Server"), max_length=255, pattern=r"^[\w.-]*$", description=N_(
        "As your mail provider names it: smtp.yandex.ru, smtp.gmail.com."))] = ""
    port: Annotated[int, Field(title=N_("Port"), ge=1, le=65535)] = 465
    security: Annotated[Security, Field(title=N_("Encryption")), Control(options=SECURITY)] = Security.TLS
    username: Annotated[OneLine, Field(title=N_("Name"), max_length=255)] = ""
    password: Annotated[str, Field(title=N_("Password"), max_length=1024, description=N_(
        "Leave it empty to keep the one that is stored. Many providers ask for a password of its own for programs.")),
        Control("password")] = ""


@dataclass(frozen=True)
class Outgoing:
    """A server, and whom its letters are from: `Name <address>` or an address."""

    server: smtp.Server
    sender: str


def of(tenant: Tenant | int | None) -> Outgoing | None:
    """Where this business's letters go out; None: nowhere."""
    own = None if tenant is None else MailServer.of(tenant).where(MailServer.is_active, MailServer.host != "").first()
    return _hubs() if own is None else Outgoing(smtp.Server(
        own.host, own.port, own.security, own.username, own.password.reveal() if own.password else "",
        public_only=True, loopback=current_settings().allow_loopback_urls), own.sender)


def own(tenant: Tenant | int) -> MailServer:
    """The business's server as it is set; a new row, not stored yet, where nothing is."""
    return MailServer.of(tenant).first() or MailServer(tenant=tenant)


@refusals.repeated
def change(caller: Caller, given: MailServerIn) -> MailServer:
    """Write what is given. BadInput at the field that a server in use cannot be without."""
    tenant = callers.tenant_id(caller)
    assert tenant is not None, "these callers belong to a business"
    if given.is_active and not given.host:
        raise BadInput("VALIDATION_ERROR", N_("Fill this in."), {"field": "host"})
    if given.is_active and not is_sender(given.sender):
        raise BadInput("VALIDATION_ERROR", N_("This is no e-mail address."), {"field": "sender"})
    values = given.model_dump(exclude={"password"} if not given.password else set())
    with transaction():
        row = locked(MailServer.of(tenant)).first()
        return changes.create(caller, MailServer, values) if row is None else changes.apply(caller, row, values)


def _hubs() -> Outgoing | None:
    told = current_settings()
    if not told.smtp_host:
        return None
    return Outgoing(smtp.Server(told.smtp_host, told.smtp_port, told.smtp_security, told.smtp_user,
                                told.smtp_password), told.smtp_from)


def test(tenant: Tenant, recipient: str, letter: Letter, locale: str) -> tuple[str, datetime]:
    """Send the letter now: (server, moment). HubError 502 SMTP_CONNECTION_FAILED or EMAIL_SEND_FAILED, with the
    server's own words; 409 where there is no server."""
    outgoing = of(tenant)
    if outgoing is None:
        raise HubError("mail_server_missing", N_("There is no mail server yet: enter one, or set SMTP_HOST."),
                       status=409)
    release()
    html = letter.html(locale, outgoing.sender)
    try:
        smtp.send(outgoing.server, letters.message(letter, html, outgoing.sender, recipient, ids.token(16)))
    except smtp.NotConnected as error:
        raise HubError("SMTP_CONNECTION_FAILED", f"The mail server was not reached. {error}", status=502) from error
    except smtp.NotTaken as error:
        raise HubError("EMAIL_SEND_FAILED", f"The mail server did not take the letter. {error}", status=502) from error
    return outgoing.server.host, clock.now()


def is_sender(said: str) -> bool:
    """Can letters be from it: `a@b`, or `Name <a@b>`?"""
    try:
        return bool(mailbox.sender(said).addr_spec)
    except ValueError:
        return False
