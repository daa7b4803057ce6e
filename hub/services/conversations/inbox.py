"""Lines come in: stored first, then announced, then owed an answer."""

from collections.abc import Callable

import gevent
from gevent import monkey
from peewee import IntegrityError

from hub.access.callers import Caller, Provider
from hub.ai import utterance
from hub.channels import kind_of
from hub.channels.base import Inbound
from hub.errors import BadInput, NotFound, TooLarge
from hub.lib import clock, text
from hub.lib.group_commit import GroupCommit
from hub.models import refusals
from hub.models.base import Away, connection, release, transaction
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer, CustomerIdentity
from hub.services import changes, events
from hub.services.agents import agents
from hub.services.conversations import inbox_store
from hub.services.conversations.inbox_store import Line, Received



def _aside(step: Callable[[], None]) -> None:
    """Whoever wrote a line need not wait for Redis, if there are greenlets to do so."""
    def run() -> None:
        with connection():
            step()

    if monkey.is_module_patched("socket"):
        gevent.spawn(run)
    else:
        step()


# Under load a commit costs more than a line: those who come while one runs share the next.
_store = GroupCommit(inbox_store.store, common=Away, then=inbox_store.announce, aside=_aside)
_ATTEMPTS = 3


def receive(channel: Channel, said: Inbound, caller: Caller | None = None) -> Received:
    """Store one customer line once, tell who listens, queue the AI's turn. The same line again is the same message.

    `caller`: who brings it, if not the channel's provider.
    """
    caller = caller or Provider(channel.kind, channel.token, "", channel.tenant_id)
    line = Line(channel, said, _content(channel, said), caller)
    for _ in range(_ATTEMPTS):
        received = _together(line)
        if received is not None:
            return received
        _conversation(channel, said, caller)        # a new contact, or one that was erased at this very moment
    raise BadInput("contact_conflict", "The contact could not be stored.")


def _together(line: Line) -> Received | None:
    release()       # whoever stores for all of us needs a connection; ours would only wait
    return _store(line)


def begin(channel: Channel, identity: tuple[str, str], caller: Caller) -> Conversation:
    """The customer's conversation before any line was written; open pages of the customer belong to it from now on."""
    conversation = _conversation(channel, Inbound("", identity, ""), caller)
    events.publish({**events.conversation_changed(conversation), "identity": "|".join(identity)})
    return conversation


def simulate(caller: Caller, conversation: Conversation, content: str, external_id: str) -> Received:
    """A line as if the customer had written it in this conversation: operators try the AI with it."""
    said = Inbound(external_id, ("simulation", str(conversation.uuid)), content)
    line = Line(conversation.channel, said, checked(conversation.channel, content), caller, conversation.uuid)
    received = _together(line)
    if received is None:
        raise NotFound(message="There is no such conversation any more.")
    return received


def _content(channel: Channel, line: Inbound) -> str:
    """A line's clean text; a file may come without one."""
    return "" if line.attachments and not text.clean(line.text) else checked(channel, line.text)


def checked(channel: Channel, content: str) -> str:
    """Clean text that the channel can carry. BadInput, TooLarge."""
    content = text.clean(content)
    if not content:
        raise BadInput("text_empty", "The message has no text.", {"field": "text"})
    limit = kind_of(channel).LIMITS.text
    if len(content) > limit:
        raise TooLarge("text_too_long", f"The message is longer than {limit} characters.", {"limit": limit})
    return content


@refusals.repeated
def _conversation(channel: Channel, line: Inbound, caller: Caller) -> Conversation:
    """The customer's conversation on this channel; both are made by whoever comes first."""
    for _ in range(_ATTEMPTS):
        found = _known(channel, line)
        if found is not None:
            return found
        try:
            with transaction():
                return _begin(channel, line, caller)
        except IntegrityError:
            continue        # another process made the same customer at this moment: read again
    raise BadInput("contact_conflict", "The contact could not be stored.")


def _known(channel: Channel, line: Inbound) -> Conversation | None:
    return (Conversation.select().where(Conversation.written_by(channel.tenant_id, *line.identity, channel))
            .order_by(Conversation.id.desc()).first())


def _begin(channel: Channel, line: Inbound, caller: Caller) -> Conversation:
    kind, value = line.identity
    identity = CustomerIdentity.known(channel.tenant_id, kind, value)
    if identity is None:
        customer = changes.create(caller, Customer, {
            "tenant": channel.tenant_id, "name": text.one_line(line.name),
            "email": text.one_line(line.email or "") or None, "phone": text.one_line(line.phone or "") or None,
            "page": dict(line.page or {}), "language": line.language or utterance.language(line.text)})
        CustomerIdentity.create(tenant=channel.tenant_id, customer=customer, kind=kind, value=value)
    else:
        customer = identity.customer
        # The row lock makes two first lines on this channel wait for each other; the second one finds the first's.
        Customer.update(last_seen_at=clock.now()).where(Customer.id == customer.id).execute()
        found = _known(channel, line)
        if found is not None:
            return found
    agent = agents.serving(channel.tenant_id)
    return changes.create(caller, Conversation, {
        "tenant": channel.tenant_id, "customer": customer, "channel": channel, "agent": agent,
        "floor": "ai" if agent else "nobody", "external_id": line.chat_id, "first_message_at": clock.now()})
