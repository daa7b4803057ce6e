"""/api/admin/audit-events: who did what in the business, and what happened to one of its things."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from flask import Response
from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import SALES, core
from hub.api.kit import filters
from hub.api.kit.filters import Filters, equals
from hub.api.kit.schema import Many, Out, Uuid
from hub.api.kit.table import get
from hub.lib.json_types import JsonObject
from hub.models.conversations.conversation import Conversation
from hub.models.platform.event import Event
from hub.services.platform import audit
from hub.web import export
from hub.web.schema import Day

_RECENT = replace(SALES, limit=100, most=500)


class AuditEventOut(Out, columns=(Event.id, Event.actor, Event.impersonator, Event.request_id, Event.created_at)):
    """What was done: `action` and to what, by whom, the values before and after; secrets are masked.

    `actor` is user:<id>, visitor:<key>, service:<name> …; `impersonator` who of the platform acted in their place,
    from an address that is their own affair.
    """

    action: str = Field(validation_alias="kind")
    entity_type: str = Field(validation_alias="entity")
    entity_id: Uuid = Field(validation_alias="entity_uuid")
    old_values: JsonObject | None = Field(validation_alias="old")
    new_values: JsonObject | None = Field(validation_alias="new")
    ip_address: str | None = Field(validation_alias="told_ip")
    user_agent: str | None = Field(validation_alias="told_user_agent")


_NAMES = [field.alias or name for name, field in AuditEventOut.model_fields.items()]


class AuditEventsQuery(Filters):
    """Which events: by what was done, to what, by whom, when."""

    action: Annotated[str, Field(max_length=64), equals(Event.kind)] = ""
    entity_type: Annotated[str, Field(max_length=64), equals(Event.entity)] = ""
    actor: Annotated[str, Field(max_length=255), equals(Event.actor)] = ""
    since: Annotated[Day | None, filters.since(Event.created_at)] = None
    until: Annotated[Day | None, filters.until(Event.created_at)] = None


def recent(caller: UserCaller, query: AuditEventsQuery) -> Many[AuditEventOut]:
    """List what was done in the business, newest first."""
    return Many(AuditEventOut.of, query.narrowed(Event.of(caller.tenant), caller.tenant))


def as_csv(caller: UserCaller, query: AuditEventsQuery) -> Response:
    """Download what was done in the business as a spreadsheet, newest first."""
    rows = _told(caller, query)
    return export.csv_file("audit-events", _NAMES, ([row[name] for name in _NAMES] for row in rows))


def as_json(caller: UserCaller, query: AuditEventsQuery) -> Response:
    """Download what was done in the business as one list, newest first."""
    return export.json_file("audit-events", _told(caller, query))


def _told(caller: UserCaller, query: AuditEventsQuery) -> Iterator[JsonObject]:
    events = export.newest_first(query.narrowed(Event.of(caller.tenant), caller.tenant))
    return (AuditEventOut.of(row).model_dump(mode="json", by_alias=True, context=SALES.context()) for row in events)


def of_entity(caller: UserCaller, entity_type: str, entity_id: UUID) -> Many[AuditEventOut]:
    """List what happened to one thing, newest first; also to what was deleted."""
    return Many(AuditEventOut.of, audit.timeline(caller.tenant, entity_type, entity_id))


def of_conversation(caller: UserCaller, conversation: Conversation) -> Many[AuditEventOut]:
    """List what happened to a conversation, newest first."""
    return Many(AuditEventOut.of, Event.about(caller.tenant, "conversation", conversation.uuid))


core.table(
    "audit",
    get("/api/admin/audit-events", recent, permission=Permission.VIEW_AUDIT_LOGS, dialect=_RECENT),
    get("/api/admin/audit-events.csv", as_csv, permission=Permission.VIEW_AUDIT_LOGS, plain="text/csv"),
    get("/api/admin/audit-events.json", as_json, permission=Permission.VIEW_AUDIT_LOGS, plain="application/json"),
    get("/api/admin/audit-events/<entity_type>/<entity_id>", of_entity, permission=Permission.VIEW_AUDIT_LOGS),
    get("/api/conversations/<conversation>/audit", of_conversation, permission=Permission.VIEW_AUDIT_LOGS),
)
