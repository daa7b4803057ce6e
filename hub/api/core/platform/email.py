"""/api/email: does the mail server work, and the contact form."""

from typing import Annotated

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import REPLY, core
from hub.api.core.accounts.recovery import DoneOut
from hub.api.kit.schema import Moment
from hub.api.kit.table import post
from hub.services.platform import contact, mail_servers
from hub.web.schema import Address, CleanText, In, OneLine

Line = Annotated[OneLine, Field(min_length=1, max_length=255)]


class TestSendIn(In):
    """Where the test letter goes."""

    to: Address


class TestSentOut(DoneOut):
    """The server took the letter."""

    smtp_server: str
    sent_at: Moment


class ContactIn(In):
    """What a stranger asks whoever runs the hub."""

    name: Line
    email: Address
    subject: Line
    message: Annotated[CleanText, Field(min_length=1, max_length=10_000)]
    phone: Annotated[OneLine, Field(max_length=64)] = ""


def test_send(caller: UserCaller, body: TestSendIn) -> TestSentOut:
    """Send a test letter now, and say what the mail server said."""
    server, moment = mail_servers.test(caller.tenant, body.to, contact.test_letter(caller.user.locale),
                                       caller.user.locale)
    return TestSentOut(message="The server took the letter.", smtp_server=server, sent_at=moment)


def contact_form(body: ContactIn) -> DoneOut:
    """Write to whoever runs this hub."""
    contact.ask(body.name, body.email, body.subject, body.message, body.phone)
    return DoneOut(message="Thank you. You will get an answer by e-mail.")


core.table(
    "email",
    post("/api/email/test_send", test_send, permission=Permission.MANAGE_TENANT_SETTINGS, limit=("api", "letter")),
    post("/api/email/contact-form", contact_form, permission=Permission.ANYBODY, limit=("auth", "contact-form")),
    dialect=REPLY,
)
