"""The log of the business: who did what, filtered, one thing's history, and as a file."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from peewee import ModelSelect

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import NotFound
from hub.lib import clock, ids
from hub.lib.fields import N_
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.models.platform.event import BY_PLATFORM, Event
from hub.pages.kit import page
from hub.pages.kit.listing import Column, Filter, Listing
from hub.pages.platform import event_words
from hub.services.platform import audit

blueprint = Blueprint("audit", __name__)
_MAY = Permission.VIEW_AUDIT_LOGS
_TIMELINE = 200             # events of one thing
_PERIODS = {"day": (N_("The last 24 hours"), 1), "week": (N_("The last 7 days"), 7),
            "month": (N_("The last 30 days"), 30)}


def listing(tenant: Tenant) -> Listing[Event]:
    """Made for each request: names are looked for among the business's own people, and days end now."""
    return Listing(
        Event, first="-when", find=lambda query, words: _find(tenant, query, words), columns=_COLUMNS,
        filters=(
            Filter("entity", N_("Everything"), {name: (label, Event.entity == name)
                                               for name, label in event_words.NOUNS.items()}),
            Filter("who", N_("Everybody"), {
                "people": (N_("People"), Event.actor.startswith("user:") & Event.impersonator.is_null()),
                "customers": (N_("Visitors"), Event.actor.startswith("visitor:")),
                "parley": (N_("Parley itself"), Event.actor.startswith("service:")),
                "platform": (N_("The platform"), Event.impersonator.is_null(False) | Event.kind.in_(BY_PLATFORM))}),
            Filter("period", N_("At any time"), {
                name: (label, Event.created_at > clock.now() - timedelta(days=days))
                for name, (label, days) in _PERIODS.items()})))


def _find(tenant: Tenant, query: "ModelSelect[Event]", words: str) -> "ModelSelect[Event]":
    """By a person's name or e-mail, a part of what was done, or a thing's id."""
    people = [f"user:{user.uuid}" for user in User.search(User.of(tenant), words).limit(100)]
    found = Event.kind.contains(words.replace(" ", "_")) | Event.actor.in_(people)
    key = ids.parse(words)
    return query.where(found if key is None else found | (Event.entity_uuid == key))


_COLUMNS: tuple[Column[Event], ...] = (
    Column("when", N_("When"), sort=Event.id, kind=int, cell=lambda event: clock.iso(event.created_at)),
    Column("action", N_("What"), cell=lambda event: event_words.verb(event.kind)),
    Column("thing", N_("Of what"), cell=lambda event: event_words.noun(event.entity)),
    Column("id", N_("Id"), cell=lambda event: event.entity_uuid, is_hidden=True),
    Column("who", N_("Who"), cell=lambda event: event.actor),
    Column("impersonator", N_("In whose place"), cell=lambda event: event.impersonator, is_hidden=True),
    Column("before", N_("Before"), cell=lambda event: event.old, is_hidden=True),
    Column("after", N_("After"), cell=lambda event: event.new, is_hidden=True),
    Column("address", N_("Address"), cell=lambda event: event.told_ip, is_hidden=True),
)


@page(blueprint, "/settings/audit", _MAY)
def index(caller: UserCaller) -> str:
    shown = listing(caller.tenant).shown(Event.of(caller.tenant), request.args)
    people = event_words.people(shown.rows, caller.tenant.id)
    told = {one.event.id: one for one in event_words.told(shown.rows, people)}
    return render_template("pages/platform/audit.html", shown=shown, told=told)


@page(blueprint, "/settings/audit.csv", _MAY)
def export(caller: UserCaller) -> Response:
    return listing(caller.tenant).csv(Event.of(caller.tenant), request.args, "audit")


@page(blueprint, "/settings/audit.json", _MAY)
def export_json(caller: UserCaller) -> Response:
    return listing(caller.tenant).json(Event.of(caller.tenant), request.args, "audit")


@page(blueprint, "/settings/audit/<entity_type>/<entity_id>", _MAY)
def timeline(caller: UserCaller, entity_type: str, entity_id: str) -> str:
    key = ids.parse(entity_id)
    if not isinstance(key, UUID):
        raise NotFound(message="There is no such thing here.")
    events = list(audit.timeline(caller.tenant, entity_type, key).order_by(Event.id.desc()).limit(_TIMELINE))
    told = event_words.told(events, event_words.people(events, caller.tenant.id))
    return render_template("pages/platform/timeline.html", told=told, noun=event_words.noun(entity_type), key=key)
