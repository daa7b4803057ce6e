"""The events of the log in words: what was done, to what, by whom, and which values it changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext
from peewee import ModelSelect

from hub.lib import ids
from hub.lib.fields import N_
from hub.lib.json_types import JsonObject
from hub.models.accounts.user import User
from hub.models.platform.event import Event

# What later nouns and kinds are not called here yet is shown as it stands in the row.
NOUNS = {"tenant": N_("Business"), "user": N_("Person"), "conversation": N_("Conversation"), "customer": N_("Customer"),
         "customer_note": N_("Note on a customer"), "agent": N_("AI agent"), "channel": N_("Channel"),
         "knowledge_doc": N_("Article"), "product": N_("Product"), "tenant_setting": N_("Settings"),
         "feature_flag": N_("Feature"), "grant": N_("Access grant"), "inbound_event": N_("Incoming event"),
         "task": N_("Long work"), "file": N_("File"), "invite": N_("Invitation"),
         "ownership_offer": N_("Offer of the business"), "mail": N_("Letter"),
         "mail_server": N_("Mail server"), "passkey": N_("Passkey"), "onboarding": N_("First steps"),
         "integration_secret": N_("Secret"), "api_key": N_("API key"), "proxy": N_("Proxy"),
         "update": N_("Update of Parley"), "oidc_identity": N_("Sign-in by OpenID"),
         "access_key": N_("Key of links"), "provider_token": N_("Token of a worker")}
_VERBS = {"created": N_("Created"), "changed": N_("Changed"), "deleted": N_("Deleted"), "erased": N_("Erased"),
          "exported": N_("Exported"),
          "password_reset": N_("New password by letter"), "signed_out_everywhere": N_("Signed out everywhere"),
          "owner_changed": N_("Another owner"),
          "email_change_asked": N_("Asked for another address"), "email_change_cancelled": N_("Keeps the address"),
          "email_change_confirmed": N_("Confirmed another address by letter"),
          "read": N_("Read"), "tested": N_("Tested"),
          "totp_begun": N_("Began to set up an authenticator app"), "totp_enabled": N_("Second step turned on"),
          "totp_disabled": N_("Second step turned off"), "recovery_codes_made": N_("New recovery codes"),
          "recovery_code_used": N_("A recovery code was used"),
          "signed_in": N_("Signed in"), "signed_out": N_("Signed out"), "reopened": N_("Reopened"),
          "cancelled": N_("Cancelled"), "replayed": N_("Replayed"), "restricted": N_("Suspended"),
          "unrestricted": N_("Suspension ended"), "disabled": N_("Access taken away"),
          "enabled": N_("Access given back"),
          "viewed": N_("Looked at by the platform"),
          "promoted": N_("Made an administrator of the platform"),
          "demoted": N_("No administrator of the platform any more"), "revoked": N_("Revoked"),
          "rotated": N_("New value"), "assigned": N_("Given to somebody"), "cleaned": N_("Deleted after its time"),
          "closing": N_("To be erased"), "closing_ordered": N_("To be erased, says the platform"),
          "closing_taken_back": N_("Stays after all"), "paused": N_("The AI pauses"), "taken": N_("Taken over"),
          "released": N_("Given back"), "requested": N_("A person was asked for"), "resolved": N_("Resolved"),
          "apply_asked": N_("To be applied"), "rollback_asked": N_("To be taken back"),
          "rebuild_asked": N_("To be started anew"), "applied": N_("Applied"), "rolled_back": N_("Rolled back"),
          "failed": N_("Did not work"),
          "impersonated": N_("Somebody acts in their place"), "impersonation_ended": N_("Acting in their place ended")}
_OTHERS = {"visitor": N_("Visitor"), "service": N_("Parley itself"), "api_key": N_("API key"),
           "provider": N_("Channel"), "anonymous": N_("Somebody unknown")}
_FIELDS = {"owner": N_("Owner"), "member": N_("Colleague"), "picture": N_("Picture"), "theme": N_("Theme"),
           "name": N_("Name"), "reason": N_("Reason"), "status": N_("State"), "role": N_("Role"), "enabled": N_("On"),
           "is_active": N_("Active"), "first_name": N_("First name"), "last_name": N_("Last name"),
           "email": N_("Email"),
           "starts_at": N_("From"), "ends_at": N_("Until"), "granted_by": N_("Who"), "revoked_at": N_("Taken back"),
           "customer": N_("Customer"), "channel": N_("Channel"), "agent": N_("AI agent"), "phone": N_("Phone"),
           "language": N_("Language"), "working_hours_start": N_("Open from"), "working_hours_end": N_("Open until"),
           "is_platform_admin": N_("Administrator of the platform"), "title": N_("Title"), "content": N_("Text"),
           "timezone": N_("Time zone"), "currency": N_("Currency"), "config": N_("Settings"), "values": N_("Settings"),
           "response_delay_seconds": N_("Waits, in seconds"), "system_instructions": N_("Instructions"),
           "email_verified_at": N_("Address confirmed"), "password_hash": N_("Password"),
           "session_era": N_("Sign-ins"), "expires_at": N_("Until"), "invited_by": N_("Who"),
           "recipient": N_("To"), "subject": N_("Subject"), "host": N_("Server"), "sender": N_("From"),
           "auth_provider": N_("Signs in by"), "issuer": N_("Provider"),
           "scopes": N_("It may"), "prefix": N_("Begins with"), "made_by": N_("Who"), "digest": N_("Key"),
           "key_name": N_("Name"), "secret": N_("Value"), "version": N_("Version"), "tenant": N_("Business"),
           "port": N_("Port"), "protocol": N_("Protocol"), "username": N_("User name"), "password": N_("Password"),
           "country": N_("Country"), "label": N_("Label"), "for_tenant": N_("Business"), "for_channel": N_("Channel"),
           "closing_at": N_("Erased on"), "is_platform_owner": N_("Owner of the platform"),
           "floor": N_("Who answers"), "floor_code": N_("Why"), "floor_note": N_("Note"),
           "floor_user": N_("Who answers, by name"), "is_open": N_("Open"), "paused_by": N_("Who paused it"),
           "paused_until": N_("Paused until"), "tags": N_("Tags"), "author": N_("Who"), "text": N_("Text"),
           "state": N_("State"), "accepted_at": N_("Accepted"), "category": N_("Category"), "file": N_("File"),
           "url": N_("Address"), "security": N_("Encryption"), "answers": N_("Answers"),
           "completed_steps": N_("Steps done"), "current_step": N_("Step"), "documents": N_("Articles"),
           "passed": N_("Passed"), "total": N_("Of"), "job": N_("Work"),
           "address_style": N_("How customers are addressed"),
           "tone": N_("Tone"), "delivery_options": N_("Delivery"), "return_policy": N_("Returns"),
           "escalation_email": N_("Letters about escalations to"), "max_discount_percent": N_("Largest discount, %"),
           "logo": N_("Logo"), "address": N_("Address"), "locale": N_("Language"), "model": N_("Model"),
           "auto_detect_language": N_("Answers in the customer's language"), "response_language": N_("Answers in"),
           "check_before_send": N_("Answers are checked first"), "no_answer_message": N_("Says when it does not know"),
           "creativity_level": N_("Creativity"),
           "changelog": N_("What is new"), "sha256": N_("Checksum"), "size": N_("Bytes"), "goal": N_("What to do"),
           "migrations": N_("Steps of the database"), "user": N_("Who"),
           "page": N_("Page of the site"),
           "schedule_enabled": N_("Goes by its own hours"), "working_schedule": N_("Its own hours")}

# What says nothing to anybody: the bookkeeping of the hub itself.
_HIDDEN = {"lease_until", "due_at", "last_used_at", "checked_at", "latency_ms", "error", "attempts", "total_messages",
           "average_response_time", "total_conversations", "chunks_count", "usage_count", "floor_version",
           "external_id", "first_message_at"}
_HIDDEN_OF = {("proxy", "digest")}


@dataclass(frozen=True)
class Told:
    """An event as a page shows it: `changes` are (field, before, after)."""

    event: Event
    verb: str
    noun: str
    who: str
    behind: str                 # who of the platform acted in that person's place
    changes: list[tuple[str, str, str]]


def noun(entity: str) -> str:
    return gettext(NOUNS[entity]) if entity in NOUNS else entity.replace("_", " ").capitalize()


def verb(kind: str) -> str:
    word = kind.rpartition(".")[2]
    return gettext(_VERBS[word]) if word in _VERBS else word.replace("_", " ").capitalize()


def latest(rows: "ModelSelect[Event]", most: int = 50) -> list[Told]:
    """The newest of them, with everybody's names: for those who look after the platform."""
    events = list(rows.order_by(Event.id.desc()).limit(most))
    return told(events, people(events))


def told(events: Iterable[Event], people: Mapping[str, str]) -> list[Told]:
    """`people`: names of those whom the reader may know, by how the log names them."""
    return [Told(event, verb(event.kind), noun(event.entity), actor(event.actor, people),
                 actor(event.impersonator, people) if event.impersonator else "", list(_changes(event)))
            for event in events]


def actor(said: str, people: Mapping[str, str]) -> str:
    kind, _, name = said.partition(":")
    if kind == "user":
        return people.get(said) or gettext("Administrator of the platform")
    word = gettext(_OTHERS[kind]) if kind in _OTHERS else kind
    return f"{word} {name}" if kind in ("api_key", "provider") else word


def people(events: Iterable[Event], tenant_id: int | None = None) -> dict[str, str]:
    """The people in these events, by how the log names them; with a tenant only its own, in one query."""
    said = {one for event in events for one in (event.actor, event.impersonator) if one and one.startswith("user:")}
    keys = [key for one in said if (key := ids.parse(one.removeprefix("user:"))) is not None]
    found = User.select().where(User.uuid.in_(keys))
    rows = found if tenant_id is None else found.where(User.tenant == tenant_id)
    return {f"user:{user.uuid}": user.name for user in rows}


def is_told(entity: str, field: str) -> bool:
    """Does this field of an event say something to its reader?"""
    return field not in _HIDDEN and (entity, field) not in _HIDDEN_OF


def _changes(event: Event) -> Iterable[tuple[str, str, str]]:
    before: JsonObject = event.old or {}
    after: JsonObject = event.new or {}
    for name in [name for name in {**before, **after} if is_told(event.entity, name)]:
        label = gettext(_FIELDS[name]) if name in _FIELDS else name.replace("_", " ")
        yield label, _shown(before.get(name)), _shown(after.get(name))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(inner)}" for name, inner in value.items())
    return ", ".join(map(_shown, value)) if isinstance(value, list) else str(value)
