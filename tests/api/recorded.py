"""What a call changed in the database, compared with what its events say of it."""

from collections.abc import Iterable
from typing import Any

from hub.lib import masking
from hub.models import ALL
from hub.models.platform.event import Event
from hub.pages.platform import event_words
from hub.services import events

Rows = dict[tuple[str, Any], dict[str, Any]]
Told = dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any]]]

# Rows that are their own record or a proof of signing in, with the events that tell of them.
OWN_RECORD = {"Message", "Delivery", "UserSession", "RevokedToken", "Draft", "TenantNumber", "LoginFailure",
              "Mail", "AccountToken", "Totp", "RecoveryCode", "EmailChange", "KnownDevice"}
# Rows that come and go with the one whose event tells of it.
PARTS = {"chunk", "file"}
# Columns that follow from others, or count.
FOLLOWING = {"updated_at", "search_text", "change", "unread", "has_unread", "customer_unread", "messages_count",
             "customer_lines", "last_role", "last_text", "last_message_at", "floor_at", "floor_version", "floor_reason",
             "floor_user", "finished_at", "last_login_at", "last_seen_at", "last_used_at", "sign_count", "answer_at",
             "due_at"}


def rows() -> Rows:
    """{(noun, id): columns} of everything that events tell of."""
    models: list[Any] = [model for model in ALL if model is not Event and model.__name__ not in OWN_RECORD]
    return {(events.noun(model), row.id): dict(row.__data__) for model in models if "id" in model._meta.fields
            for row in model.select()}


def told(request: str) -> Told:
    """{(noun, uuid): (old, new)} of all events of the request together."""
    found: Told = {}
    for event in Event.select().where(Event.request_id == request).order_by(Event.id):
        old, new = found.setdefault((event.entity, str(event.entity_uuid)), ({}, {}))
        old.update({name: value for name, value in (event.old or {}).items() if name not in old})
        new.update(event.new or {})
    return found


def changed(before: dict[str, Any] | None, now: dict[str, Any] | None) -> set[str]:
    """The columns that differ and that an event tells of; those of a new row that were given are told as they are."""
    if before is None or now is None:
        return set()
    return {name for name, value in now.items() if before[name] != value} - FOLLOWING


def missing(before: Rows, now: Rows, request: str) -> list[str]:
    """What was changed, and no event tells of. Of who was erased nothing is kept, in events either."""
    is_erased = any(event.kind.endswith(".erased") for event in Event.select().where(Event.request_id == request))
    found = told(request)
    return [said for key in before.keys() | now.keys() if before.get(key) != now.get(key)
            if key[0] not in PARTS and not (is_erased and key not in now)
            for said in _missing(key[0], before.get(key), now.get(key), found)]


def _missing(noun: str, before: dict[str, Any] | None, now: dict[str, Any] | None, found: Told) -> list[str]:
    columns = changed(before, now)
    if not columns and before is not None and now is not None:
        return []
    row: dict[str, Any] = now or before or {}
    old, new = found.get((noun, str(row["uuid"])), ({}, {}))
    if before is None or now is None:
        return [] if (new if before is None else old) else [f"{noun} made or gone"]
    was, is_now = masking.masked(before), masking.masked(now)
    return [f"{noun}.{name}: {old.get(name)} -> {new.get(name)}" for name in sorted(columns)
            if (old.get(name), new.get(name)) != (was[name], is_now[name])]


def wordless(events: Iterable[Event]) -> set[str]:
    """What the audit page would show as it stands in the row: nouns, verbs and fields of these events."""
    said = set[str]()
    for event in events:
        told_of = {**(event.old or {}), **(event.new or {})}
        fields = {name for name in told_of if event_words.is_told(event.entity, name)}
        said |= {event.entity} - event_words.NOUNS.keys()
        said |= {event.kind.rpartition(".")[2]} - event_words._VERBS.keys()
        said |= {f"{event.entity}.{name}" for name in fields - event_words._FIELDS.keys()}
    return said
