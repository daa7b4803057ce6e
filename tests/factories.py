"""Makers of rows: each gives a valid one, whatever is not said is filled in."""

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any

from hub import queue
from hub.access import passwords
from hub.access.callers import Service, UserCaller
from hub.channels.base import Inbound
from hub.lib import clock, ids
from hub.lib.cache import clear_all
from hub.models.accounts.api_key import ApiKey
from hub.models import ALL
from hub.models.base import db
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.conversations.conversation import Conversation
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.conversations.message import Message
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.platform.event import Event
from hub.services.conversations import inbox
from hub.services.knowledge import knowledge

PASSWORD = "Correct-horse-7"
_numbers = itertools.count(1)

# Whoever does what no test asks after.
SOMEBODY = Service("test")


@dataclass(frozen=True)
class People:
    tenant: Tenant
    alice: User
    bob: User
    carol: User
    other: Tenant
    dave: User


def empty() -> None:
    """Nothing in the database. Most tables are empty anyway: one question says which are not."""
    tables = {model._meta.table_name: model for model in reversed(ALL)}
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
    filled = {name for name, in db.execute_sql(asked).fetchall()}
    for name, model in tables.items():
        if name in filled and model is not Event:       # append-only: it goes with its business
            model.delete().execute()


def forget() -> None:
    """Empty what this process remembers: rows and servers of an earlier test are gone."""
    clear_all()


def uncount(app: Any) -> None:
    """No limit has counted anything yet, neither in Redis nor in this process."""
    queue.redis().flushall()
    app.extensions["parley.limiter"].forget()


@cache
def _hash() -> str:
    """bcrypt is slow by design; one hash serves the whole run."""
    return passwords.hashed(PASSWORD)


def make_tenant(**values: Any) -> Tenant:
    return Tenant.create(**{"name": f"Business {next(_numbers)}", **values})


def make_user(tenant: Tenant, role: str = "operator", **values: Any) -> User:
    number = next(_numbers)
    return User.create(**{"tenant": tenant, "email": f"user{number}@example.com", "first_name": f"User{number}",
                          "role": role, "password_hash": _hash(), "locale": "en", **values})


def make_people() -> People:
    tenant, other = make_tenant(name="Bakery"), make_tenant(name="Florist")
    return People(tenant, make_user(tenant, "owner", first_name="Alice", email="alice@bakery.example"),
                  make_user(tenant, "operator", first_name="Bob", email="bob@bakery.example"),
                  make_user(tenant, "viewer", first_name="Carol", email="carol@bakery.example"),
                  other, make_user(other, "owner", first_name="Dave", email="dave@florist.example"))


def caller(user: User) -> UserCaller:
    """That person, signed in."""
    return UserCaller(user, user.tenant, "session")


def make_api_key(tenant: Tenant, *scopes: str, text: str = "", **values: Any) -> ApiKey:
    """A key that was just used; `text` is what a program sends."""
    text = text or ApiKey.new_text()
    return ApiKey.create(**{"tenant": tenant, "name": f"Program {next(_numbers)}", "prefix": ApiKey.beginning(text),
                            "digest": ids.digest(text), "scopes": [*scopes], "last_used_at": clock.now(), **values})


def make_agent(tenant: Tenant, **values: Any) -> Agent:
    forget()
    return Agent.create(**{"tenant": tenant, "name": "Aino", "is_active": True, "response_delay_seconds": 0,
                           "system_instructions": "Answer politely and briefly.", **values})


def make_site(tenant: Tenant, *domains: str, **config: Any) -> Channel:
    return Channel.create(tenant=tenant, kind="website", name="Site",
                          config={"allowed_domains": list(domains), **config})


def make_custom(tenant: Tenant, url: str, **config: Any) -> Channel:
    return Channel.create(tenant=tenant, kind="custom", name="Own system", config={"url": url, **config})


def make_line(channel: Channel, text: str = "Hello", who: str = "", **values: Any) -> Message:
    """A customer's line, received as if it had come through the channel."""
    number = next(_numbers)
    who = who or f"v-{number}"
    line = Inbound(**{"external_id": f"{who}:line-{number}", "identity": ("visitor", who), "text": text,
                      "chat_id": who, **values})
    return inbox.receive(channel, line).message


def make_conversation(channel: Channel, text: str = "Hello", **values: Any) -> Conversation:
    line = make_line(channel, text, **values)
    return Conversation.with_people(channel.tenant_id).where(Conversation.id == line.conversation_id).get()


def make_doc(tenant: Tenant, title: str = "Hours of the bakery", content: str = "We are open from nine to six.",
             **values: Any) -> KnowledgeDoc:
    """An article that is indexed already."""
    forget()
    doc = KnowledgeDoc.create(**{"tenant": tenant, "title": title, "content": content, **values})
    knowledge.index(doc.id)
    forget()
    return KnowledgeDoc.get_by_id(doc.id)
