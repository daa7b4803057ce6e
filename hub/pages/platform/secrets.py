"""Secrets of integrations, for those who look after the platform: what there is, a new one, another value, no more."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from peewee import ModelSelect, fn
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import BadInput
from hub.lib import ids
from hub.lib.fields import Control, N_
from hub.models.accounts.tenant import Tenant
from hub.models.platform.integration_secret import IntegrationSecret
from hub.pages.kit import Form, page
from hub.pages.kit.listing import Column, Filter, Listing
from hub.pages.platform import event_words
from hub.services.platform import audit, secrets
from hub.services.platform.actions import Reason, ReasonIn
from hub.services.platform.secrets import KeyName, Plaintext, SecretControl
from hub.web.schema import OneLine

blueprint = Blueprint("platform_secrets", __name__)
_ADMIN, _OWNER = Permission.PLATFORM_ADMIN, Permission.PLATFORM_OWNER


def _find(query: "ModelSelect[IntegrationSecret]", words: str) -> "ModelSelect[IntegrationSecret]":
    return query.where(IntegrationSecret.key_name.contains(words) | Tenant.search_text.holds(words))


LISTING = Listing(
    IntegrationSecret, first="name", find=_find,
    columns=(
        Column("name", N_("Name"), sort=IntegrationSecret.key_name),
        Column("whose", N_("For"), sort=fn.COALESCE(fn.LOWER(Tenant.name), "")),
        Column("version", N_("Version"), sort=IntegrationSecret.version, kind=int),
        Column("since", N_("Changed"), sort=IntegrationSecret.updated_at, kind=datetime)),
    filters=(Filter("state", N_("In use"), {"revoked": (N_("Revoked"), ~IntegrationSecret.revoked_at.is_null())}),))


class RotateIn(BaseModel):
    """Another value, and why."""

    plaintext_value: Annotated[Plaintext, SecretControl]
    reason: Annotated[Reason, Control(kind="area", rows=2)]


class SecretIn(BaseModel):
    """A secret: its name, whose it is, and its value."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    key_name: Annotated[KeyName, Control(placeholder="OPENAI_API_KEY")]
    tenant_id: Annotated[OneLine, Field(max_length=64, title=N_("Business"), description=N_(
        "Its id, from its own page. Empty: for every business that has none of its own."))] = ""
    plaintext_value: Annotated[Plaintext, SecretControl]
    reason: Annotated[Reason, Control(kind="area", rows=2)]


@page(blueprint, "/platform/secrets", _ADMIN)
def index(caller: UserCaller) -> str:
    return _index(Form.of(SecretIn, {"tenant_id": request.args.get("tenant", "")}))


@page(blueprint, "/platform/secrets", _ADMIN, "POST")
def create(caller: UserCaller, form: Form[SecretIn]) -> ResponseReturnValue:
    made = form.save(lambda given: secrets.put(caller, _owner(given.tenant_id), given.key_name, given.plaintext_value,
                                               given.reason))
    if made is None:
        return _index(form), 422
    name = made[0].key_name
    return _done(made[0], gettext("%(name)s is stored.", name=name) if made[1] else
                 gettext("There was a %(name)s already: it has the new value now.", name=name))


@page(blueprint, "/platform/secrets/<secret>", _ADMIN)
def show(caller: UserCaller, secret: UUID) -> str:
    return _shown(caller, secrets.found(secret))


@page(blueprint, "/platform/secrets/<secret>/rotate", _ADMIN, "POST")
def rotate(caller: UserCaller, secret: UUID, form: Form[RotateIn]) -> ResponseReturnValue:
    row = secrets.found(secret)
    if form.save(lambda given: secrets.rotate(caller, row, given.plaintext_value, given.reason)) is None:
        return _shown(caller, row, rotate=form), 422
    return _done(row, gettext("%(name)s has the new value now.", name=row.key_name))


@page(blueprint, "/platform/secrets/<secret>/revoke", _ADMIN, "POST")
def revoke(caller: UserCaller, secret: UUID, form: Form[ReasonIn]) -> ResponseReturnValue:
    row = secrets.found(secret)
    if form.save(lambda given: secrets.revoke(caller, row, given.reason)) is None:
        return _shown(caller, row, revoke=form), 422
    return _done(row, gettext("%(name)s is revoked; its value is deleted.", name=row.key_name))


def _owner(given: str) -> Tenant | None:
    """The business of that id, None where nothing is given."""
    row = Tenant.get_or_none(Tenant.uuid == ids.parse(given.strip())) if given.strip() else None
    if given.strip() and row is None:
        raise BadInput("VALIDATION_ERROR", N_("There is no business with this id."), {"field": "tenantId"})
    return row


def _done(row: IntegrationSecret, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for("platform_secrets.show", secret=row.uuid), 303)


def _index(form: Form[SecretIn]) -> str:
    rows = secrets.search(revoked=request.args.get("state") == "revoked")
    return render_template("pages/platform/secrets.html", shown=LISTING.shown(rows, request.args), form=form)


def _shown(caller: UserCaller, row: IntegrationSecret, rotate: Form[RotateIn] | None = None,
           revoke: Form[ReasonIn] | None = None) -> str:
    return render_template(
        "pages/platform/secret.html", row=row, rotate=rotate or Form.of(RotateIn), revoke=revoke or Form.of(ReasonIn),
        may=row.tenant_id is not None or caller.may(_OWNER),
        told=event_words.latest(audit.of_platform(row)))
