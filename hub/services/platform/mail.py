"""Letters by e-mail: asked for as a row, written and sent by a job, kept in the outbox where there is no server."""

import json
from collections.abc import Callable
from importlib import import_module
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

import structlog

from hub import queue
from hub.access.callers import Caller
from hub.errors import NotFound, Unavailable
from hub.lib import clock, smtp
from hub.lib.json_types import Values
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import after_commit, release
from hub.models.platform.mail import Mail, MailKind, MailState
from hub.queue import Job
from hub.services import events, work
from hub.services.accounts import brand
from hub.services.platform import letter as letters
from hub.services.platform import mail_servers
from hub.services.platform.letter import Letter
from hub.settings import current_settings

log = structlog.get_logger(__name__)

MAILS = work.Kind(Mail, Job.SEND_MAIL)
LOCALES = ("en", "ru")


def send(kind: MailKind, recipient: str, locale: str, *, tenant: Tenant | int | None = None, user: User | None = None,
         **values: object) -> Mail:
    """Ask for a letter, in the transaction of what it tells of; `values` is what the rows do not say."""
    row = Mail.create(kind=kind, recipient=recipient, locale=locale if locale in LOCALES else "en", tenant=tenant,
                      user=user, values=json.dumps(values, ensure_ascii=False))
    after_commit(lambda: queue.later(Job.SEND_MAIL, row.id))
    return row


def link(path: str, **query: str) -> str:
    """An address of this hub as a letter says it: by the settings, for a request's own Host may be anybody's.

    Raises Unavailable where nobody said what the hub's address is.
    """
    base = current_settings().own_url
    if not base:
        raise Unavailable("base_url_missing", "The hub does not know its own address: set APP_BASE_URL.")
    return f"{base}{path}" + (f"?{urlencode(query)}" if query else "")


def deliver(mail_id: int) -> None:
    """Write the letter and send it. A repetition after a broken connection carries the same Message-ID."""
    with work.taken(MAILS, mail_id) as mail:
        if mail is not None:
            _deliver(mail)


def _deliver(mail: Mail) -> None:
    letter = _written(mail)
    if letter is None:
        work.finish(MAILS, mail, MailState.DROPPED, values=None)
        return
    server = mail_servers.of(mail.tenant_id)
    html = letter.html(mail.locale, server.sender if server else "Parley",
                       brand.painted(mail.tenant_id) if mail.tenant_id else letters.OWN)
    if server is None:
        _keep(mail, letter, html)
        return
    release()
    try:
        smtp.send(server.server, letters.message(letter, html, server.sender, mail.recipient, str(mail.uuid)))
    except (smtp.NotTaken, smtp.NotConnected) as error:
        _failed(mail, error)
        return
    work.finish(MAILS, mail, MailState.SENT, subject=letter.subject, sent_at=clock.now(), values=None)


def _written(mail: Mail) -> Letter | None:
    module, _, name = mail.kind.rpartition(".")
    write = cast(Callable[[Mail, Values], Letter | None], getattr(import_module(f"hub.services.{module}"), name))
    return write(mail, json.loads(mail.values.reveal()) if mail.values is not None else {})


def _failed(mail: Mail, error: Exception) -> None:
    if isinstance(error, smtp.NotTaken) and error.for_good:
        work.finish(MAILS, mail, MailState.FAILED, error=str(error))
        return
    wait_s = work.retry(MAILS, mail, str(error))
    if wait_s is not None:
        queue.later(Job.SEND_MAIL, mail.id, wait_s)


def _keep(mail: Mail, letter: Letter, html: str) -> None:
    work.finish(MAILS, mail, MailState.KEPT, subject=letter.subject, text=letter.plain(), html=html, values=None)
    if current_settings().env == "development" and letter.url:
        log.info("mail.kept", recipient=mail.recipient, open=letter.url)


def read(caller: Caller, uuid: UUID) -> str:
    """A kept letter as text. What is in it may open an account, so the log says who read it. NotFound."""
    found = Mail.get_or_none(Mail.uuid == uuid)
    if found is None or found.text is None:
        raise NotFound(message="There is no such letter any more.")
    events.record(caller, "mail.read", found, None, {"recipient": found.recipient, "subject": found.subject})
    return found.text.reveal()
