"""One of everything in alice's business, and pictures of the database to compare before and after."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hub.access import tokens
from hub.access.callers import Visitor
from hub.models import ALL, base
from hub.models.customers.customer_note import CustomerNote
from hub.models.conversations.turn import Turn
from hub.models.platform.file import FileKind
from hub.models.accounts.user import User
from hub.models.channels.inbound_event import InboundEvent
from hub.models.platform.task import Task
from hub.services import files
from hub.settings import current_settings
from tests import factories
from tests.factories import People


@dataclass(frozen=True)
class World:
    """`places` says which row of alice's business each path parameter means, `secrets` what no stranger may read."""

    people: People
    admin: User
    guest: User
    places: dict[str, str]
    secrets: tuple[str, ...]
    site: str
    visitor: str            # the token of the visitor who wrote
    line: str

    def fill(self, path: str) -> str:
        """The path with alice's rows in it. KeyError for a new path parameter: it needs a row in `make`."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda place: self.places[place[1]], path)


def make() -> World:
    people = factories.make_people()
    tenant = people.tenant
    admin = factories.make_user(tenant, "admin", first_name="Anna")
    guest = factories.make_user(tenant, "guest", first_name="Greta")
    agent = factories.make_agent(tenant)
    hook = factories.make_custom(tenant, "http://127.0.0.1:9/")
    site = factories.make_site(tenant)
    visitor = Visitor("v-vera", site.id, tenant.id)
    conversation = factories.make_conversation(site, "Where is my cake?", who=visitor.key, name="Vera Ivanova")
    line = conversation.messages.first()
    note = CustomerNote.create(tenant=tenant, customer=conversation.customer, author=people.bob,
                               text="Likes poppy seeds.")
    doc = factories.make_doc(tenant, "Opening hours", "We are open from nine to six.")
    turn = Turn.create(tenant=tenant, conversation=conversation, question=line, floor_version=0,
                       state="suggested", text="Your cake is in the oven.")
    task = Task.create(tenant=tenant, job="knowledge.reindex.restore", permission="MANAGE_KNOWLEDGE_BASE")
    event = InboundEvent.create(tenant=tenant, channel=hook, external_id="e-1", body=b"no poppy", state="failed")
    rows: dict[str, Any] = {"task": task, "channel": hook, "inbound_event": event, "agent": agent,
                            "conversation": conversation, "customer": conversation.customer,
                            "note": note,
                            "file": files.store(tenant, FileKind.ATTACHMENT, "a.txt", io.BytesIO(b"Hello")),
                            "knowledge_doc": doc, "turn": turn, "member": people.bob, "site": site}
    uuids = {name: str(row.uuid) for name, row in rows.items()}
    secrets = (*uuids.values(), str(hook.token), "Vera Ivanova", "Where is my cake", "poppy", "nine to six",
               "in the oven")
    return World(people, admin, guest, {"kind": str(hook.kind), "token": str(hook.token), "filename": "theme/theme.css",
                                 **uuids}, secrets, str(site.token),
                 tokens.issue_visitor(current_settings().session_secret, visitor), str(line.uuid))


def picture(tenant: Any = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row there is, without counted tries; with a tenant, every row of that business (proofs of signing in belong
    to no business)."""
    of_nobody = ("UserSession", "RevokedToken")
    return {model.__name__: _rows(model, tenant) for model in ALL
            if model.__name__ != "LoginFailure" and (tenant is None or model.__name__ not in of_nobody)}


def _rows(model: Any, tenant: Any) -> list[tuple[Any, ...]]:
    rows = model.select().order_by(*model._meta.get_primary_keys()).tuples()
    if tenant is not None and model.__name__ == "Tenant":
        rows = rows.where(model.id == tenant.id)
    elif tenant is not None and "tenant" in model._meta.fields:
        rows = rows.where(model.tenant == tenant)
    return list(rows)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves no trace in the database."""
    with base.db.atomic() as step:
        yield
        step.rollback()
