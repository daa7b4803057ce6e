"""Which server takes a letter: the business's own, else the hub's; and whether it really does."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from hub.errors import HubError
from hub.lib import clock, ids, smtp
from hub.models.accounts.tenant import Tenant
from hub.models.base import release
from hub.models.platform.mail_server import MailServer
from hub.services.platform import letter as letters
from hub.services.platform.letter import Letter
from hub.settings import current_settings


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
        raise HubError("mail_server_missing", "There is no mail server yet: enter one, or set SMTP_HOST.", status=409)
    release()
    html = letter.html(locale, outgoing.sender)
    try:
        smtp.send(outgoing.server, letters.message(letter, html, outgoing.sender, recipient, ids.token(16)))
    except smtp.NotConnected as error:
        raise HubError("SMTP_CONNECTION_FAILED", f"The mail server was not reached. {error}", status=502) from error
    except smtp.NotTaken as error:
        raise HubError("EMAIL_SEND_FAILED", f"The mail server did not take the letter. {error}", status=502) from error
    return outgoing.server.host, clock.now()


def is_address(text: str) -> bool:
    """Does it look like `a@b`, or `Name <a@b>`?"""
    return "@" in parseaddr(text)[1].strip("@")
