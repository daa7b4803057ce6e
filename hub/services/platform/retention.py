"""How long rows stay, all of them in one table: what a business sets in days, and what has a time of its own.

Deleted in small steps, each a transaction: nobody waits for it, and a run that was ended goes on at the next.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import ColumnBase, fn

from hub.access.callers import Service
from hub.lib import clock
from hub.models.accounts.account_token import AccountToken
from hub.models.accounts.email_change import EmailChange
from hub.models.accounts.known_device import KnownDevice
from hub.models.accounts.login_failure import LoginFailure
from hub.models.accounts.ownership_offer import OwnershipOffer
from hub.models.accounts.session import RevokedToken, UserSession
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model, locked, release, transaction
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations import line_search
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.models.customers.customer_note import CustomerNote
from hub.models.platform.event import Event
from hub.models.platform.file import File, FileKind
from hub.models.platform.idempotency import IdempotencyKey
from hub.models.platform.mail import OPEN as UNSENT
from hub.models.platform.mail import Mail
from hub.models.platform.task import OPEN as UNFINISHED
from hub.models.platform.task import Task
from hub.models.platform.tenant_setting import TenantSetting
from hub.services import events, files, tenant_settings
from hub.services.platform import exports, scheduled
from hub.services.platform.retention_settings import Retention

_AT_ONCE = 500
_DAY = timedelta(days=1)


def _delete(model: type[Model], numbers: list[int], is_old: ColumnBase) -> int:
    return int(model.delete().where(model.id.in_(numbers), is_old).execute())


def _delete_conversations(_: type[Model], numbers: list[int], is_old: ColumnBase) -> int:
    for number in numbers:
        _shorten(number, is_old)
    return sum(_delete_together(together, is_old) for together in _together(numbers))


def _shorten(number: int, is_old: ColumnBase) -> None:
    """A long one's lines little by little, until what is left is one step; nothing where somebody wrote meanwhile."""
    while True:
        with transaction():
            if not list(locked(Conversation.select(Conversation.id).where(Conversation.id == number, is_old))):
                return
            messages = [row.id for row in Message.select(Message.id).where(Message.conversation == number)
                        .limit(_AT_ONCE)]
            if len(messages) < _AT_ONCE:
                return
            Message.delete().where(Message.id.in_(messages)).execute()


def _together(numbers: list[int]) -> Iterator[list[int]]:
    """Conversations that have so few lines that they are one step."""
    counts = dict(Message.select(Message.conversation, fn.COUNT(Message.id))
                  .where(Message.conversation.in_(numbers)).group_by(Message.conversation).tuples())
    together: list[int] = []
    for number in numbers:
        if together and sum(counts.get(one, 0) for one in [*together, number]) > _AT_ONCE:
            yield together
            together = []
        together.append(number)
    yield together


def _delete_together(numbers: list[int], is_old: ColumnBase) -> int:
    with transaction():
        mine = list(locked(Conversation.select(Conversation.id, Conversation.tenant)
                           .where(Conversation.id.in_(numbers), is_old).order_by(Conversation.id)))
        Conversation.delete().where(Conversation.id.in_([row.id for row in mine])).execute()
        return _tell("conversation", [row.tenant_id for row in mine])


def _delete_customers(model: type[Model], numbers: list[int], is_old: ColumnBase) -> int:
    with transaction():
        gone = dict(Customer.delete().where(Customer.id.in_(numbers), is_old)
                    .returning(Customer.id, Customer.tenant).tuples().execute())
        Event.update(Event.EMPTY).where(Event.person.in_(list(gone))).execute()
        return _tell("visitor", gone.values())


def _delete_files(_: type[Model], numbers: list[int], is_old: ColumnBase) -> int:
    with transaction():
        found = list(File.without_bytes().where(File.id.in_(numbers), is_old))
        return _tell("attachment", [file.tenant_id for file in found if files.remove(file)])


def _delete_exports(_: type[Model], numbers: list[int], is_old: ColumnBase) -> int:
    return sum(map(files.remove, list(File.without_bytes().where(File.id.in_(numbers), is_old))))


def _tell(what: str, whose: Iterable[int]) -> int:
    """In the transaction that deleted them, the log of each business: how many of its rows. How many in all."""
    counts = Counter(whose)
    for tenant in Tenant.select().where(Tenant.id.in_(list(counts))).order_by(Tenant.id):
        events.record(Service("retention", tenant), "tenant.cleaned", tenant, None, {what: counts[tenant.id]})
    return sum(counts.values())


def _empty_events(_: type[Model], numbers: list[int], is_old: ColumnBase) -> int:
    return int(Event.update(Event.EMPTY).where(Event.id.in_(numbers), is_old).execute())


@dataclass(frozen=True)
class Timer:
    """Rows of a model that leave: `is_old(moment)` is SQL for those that have been kept since before that moment.

    `kept`: for how long, or the field of Retention in which the business says it.
    """

    model: type[Model]
    is_old: Callable[[datetime], ColumnBase]
    kept: timedelta | str
    remove: Callable[[type[Model], list[int], ColumnBase], int] = _delete


def _silent(moment: datetime) -> ColumnBase:
    """SQL: a visitor of a site who said nothing, neither to us nor about themselves."""
    mine = CustomerIdentity.select(CustomerIdentity.id).where(CustomerIdentity.customer == Customer.id)
    wrote = (Message.select(Message.id).join(Conversation, on=Message.conversation == Conversation.id)
             .where(Conversation.customer == Customer.id, Message.role == "customer"))
    noted = CustomerNote.select(CustomerNote.id).where(CustomerNote.customer == Customer.id)
    return ((Customer.last_seen_at < moment) & Customer.email.is_null() & Customer.phone.is_null()
            & fn.EXISTS(mine) & ~fn.EXISTS(mine.where(CustomerIdentity.kind != "visitor"))
            & ~fn.EXISTS(wrote) & ~fn.EXISTS(noted))


TIMERS = (
    Timer(Conversation, lambda moment: (Conversation.is_open == 0) & (Conversation.last_message_at < moment)
          & (Conversation.floor_at < moment), "conversation_days", _delete_conversations),
    Timer(Customer, _silent, "visitor_days", _delete_customers),
    Timer(File, lambda moment: (File.kind == FileKind.ATTACHMENT) & (File.created_at < moment), "attachment_days",
          _delete_files),
    Timer(InboundEvent, lambda moment: InboundEvent.state.in_(("done", "failed")) & (InboundEvent.created_at < moment),
          "inbound_event_days"),
    Timer(Mail, lambda moment: Mail.state.not_in(UNSENT) & (Mail.created_at < moment), "letter_days"),
    Timer(Task, lambda moment: Task.state.not_in(UNFINISHED) & (Task.updated_at < moment), "task_days"),
    Timer(Event, lambda moment: (Event.created_at < moment) & (
        Event.old.is_null(False) | Event.new.is_null(False) | (Event.ip != "") | (Event.user_agent != "")
        | Event.person.is_null(False)), "event_days", _empty_events),
    # What nobody sets: it is of no use after its time.
    Timer(File, lambda moment: (File.kind == FileKind.EXPORT) & (File.created_at < moment), exports.KEPT,
          _delete_exports),
    Timer(UserSession, lambda moment: UserSession.expires_at < moment, timedelta(0)),
    Timer(RevokedToken, lambda moment: RevokedToken.expires_at < moment, timedelta(0)),
    Timer(LoginFailure, lambda moment: LoginFailure.updated_at < moment, _DAY),
    Timer(IdempotencyKey, lambda moment: IdempotencyKey.created_at < moment, _DAY),
    Timer(AccountToken, lambda moment: AccountToken.expires_at < moment, _DAY),
    Timer(OwnershipOffer, lambda moment: OwnershipOffer.expires_at < moment, timedelta(0)),
    Timer(EmailChange, lambda moment: EmailChange.expires_at < moment, timedelta(0)),
    Timer(KnownDevice, lambda moment: KnownDevice.seen_at < moment, 365 * _DAY),
)


def clean(run_id: int) -> None:
    """Delete what each business has kept for as long as it wants to."""
    with scheduled.taken(run_id) as mine:
        if mine:
            own = {row.tenant_id for row in TenantSetting.select().where(TenantSetting.name == Retention.NAME)}
            for timer in TIMERS:
                if isinstance(timer.kept, str):
                    _clean(timer, timer.kept, own)
            line_search.forget_deleted()


def expire() -> None:
    """Delete what has a time of its own."""
    for timer in TIMERS:
        if isinstance(timer.kept, timedelta):
            _remove(timer, timer.is_old(clock.now() - timer.kept))


def _clean(timer: Timer, name: str, own: set[int]) -> None:
    """Of each business by what it has set, of all others, and of the hub itself, by the default."""
    whose = timer.model._meta.fields["tenant"]
    others = whose.is_null() | whose.not_in(own) if own else None
    for tenant_id, which in [(None, others), *((tenant_id, whose == tenant_id) for tenant_id in own)]:
        days = getattr(Retention() if tenant_id is None else tenant_settings.of(tenant_id, Retention), name)
        if days is not None:
            is_old = timer.is_old(clock.now() - timedelta(days=days))
            _remove(timer, is_old if which is None else is_old & which)


def _remove(timer: Timer, is_old: ColumnBase) -> None:
    """Step by step, until there is nothing left."""
    model, last = timer.model, 0
    while numbers := [number for (number,) in model.select(model.id).where(model.id > last, is_old)
                      .order_by(model.id).limit(_AT_ONCE).tuples()]:
        last = numbers[-1]
        timer.remove(model, numbers, is_old)
        release()
