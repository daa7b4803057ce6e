"""A letter that goes out by e-mail: to whom, which one, and what became of it."""

from enum import StrEnum

from peewee import CharField, DateTimeField

from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.base import cascade_key
from hub.models.fields import EnumField
from hub.models.secret import SecretField
from hub.models.work import Work


class MailState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SENT = "sent"
    KEPT = "kept"               # there is no server for it: it can be read in the outbox
    DROPPED = "dropped"         # there was nobody to write to
    FAILED = "failed"


class MailKind(StrEnum):
    """Every letter, once: the function below `hub.services` that writes it, given the row."""

    VERIFICATION = "accounts.letters.verification"
    RESET = "accounts.letters.reset"
    INVITE = "accounts.letters.invite"
    ADDRESS_TAKEN = "accounts.letters.address_taken"
    EMAIL_CHANGE_OLD = "accounts.letters.email_change_old"
    EMAIL_CHANGE_NEW = "accounts.letters.email_change_new"
    OWNERSHIP_OFFER = "accounts.letters.ownership_offer"
    NEW_DEVICE = "accounts.letters.new_device"
    SECOND_FACTOR_OFF = "accounts.letters.second_factor_off"
    CONTACT = "platform.contact.letter"


class Mail(Work):
    """What is in a letter may open an account, so it is kept encrypted, and only until the letter is gone."""

    tenant = cascade_key(Tenant, null=True)         # whose server sends it; None: the hub's own
    user = cascade_key(User, null=True)             # whom it is about
    kind = EnumField(MailKind, max_length=40)
    recipient = CharField()
    locale = CharField(default="en", max_length=8)
    values = SecretField(null=True)                 # JSON: what the letter says beyond what rows say
    state = EnumField(MailState, default=MailState.QUEUED, max_length=12)
    subject = CharField(default="")
    text = SecretField(null=True)
    html = SecretField(null=True)
    sent_at = DateTimeField(null=True)


OPEN = (MailState.QUEUED, MailState.RUNNING)
Mail.add_index(Mail.due_at, where=Mail.state.in_(OPEN), name="mail_open")
Mail.add_index(Mail.id, where=Mail.state == MailState.FAILED, name="mail_failed")
