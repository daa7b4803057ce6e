"""API keys: which programs may call the Chat API, and with what."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from peewee import fn

from hub.access.callers import UserCaller
from hub.access.roles import Permission, Scope
from hub.lib import clock
from hub.lib.fields import N_
from hub.models.accounts.api_key import ApiKey
from hub.pages.kit import Form, page
from hub.pages.kit.listing import Column, Listing
from hub.services import changes
from hub.services.accounts import api_keys
from hub.web.api_keys import SCOPE_NAMES, ApiKeyIn

blueprint = Blueprint("api_keys", __name__)
_MANAGE = Permission.MANAGE_TENANT_SETTINGS
_NEVER, _ALWAYS = clock.naive(datetime.fromtimestamp(0, UTC)), clock.naive(datetime(9999, 1, 1, tzinfo=UTC))

LISTING = Listing(
    ApiKey, first="name", find=lambda query, words: query.where(ApiKey.search_text.holds(words)),
    columns=(
        Column("name", N_("What it is for"), sort=fn.LOWER(ApiKey.name)),
        Column("scopes", N_("It may")),
        Column("used", N_("Last used"), sort=fn.COALESCE(ApiKey.last_used_at, _NEVER), kind=datetime),
        Column("ends", N_("Ends"), sort=fn.COALESCE(ApiKey.expires_at, _ALWAYS), kind=datetime)))


@page(blueprint, "/settings/api-keys", _MANAGE)
def index(caller: UserCaller) -> str:
    return _index(caller, _empty())


def _empty() -> Form[ApiKeyIn]:
    return Form.of(ApiKeyIn, {"scopes": [Scope.VIEW_CONVERSATIONS, Scope.MANAGE_CONVERSATIONS]})


def _index(caller: UserCaller, form: Form[ApiKeyIn], key: str = "") -> str:
    options = [(value, label) for value, label in form["scopes"].options
               if value != Scope.PLATFORM or caller.may(Permission.PLATFORM_OWNER)]
    return render_template("pages/accounts/api_keys.html", shown=LISTING.shown(ApiKey.of(caller.tenant), request.args),
                           names=SCOPE_NAMES, form=form, options=options, key=key,
                           base=f"{request.host_url}chat/api")


@page(blueprint, "/settings/api-keys", _MANAGE, "POST")
def create(caller: UserCaller, form: Form[ApiKeyIn]) -> ResponseReturnValue:
    """The answer shows the key: it stands in no address, no cookie and no table, so it cannot be shown again."""
    made = form.save(lambda given: api_keys.create(caller, **given.model_dump()))
    if made is None:
        return _index(caller, form), 422
    return _index(caller, _empty(), made[1]), 201


@page(blueprint, "/settings/api-keys/<api_key>/revoke", _MANAGE, "POST")
def revoke(caller: UserCaller, api_key: ApiKey) -> ResponseReturnValue:
    changes.remove(caller, api_key)
    flash(gettext("The key “%(name)s” is revoked: it opens nothing any more.", name=api_key.name), "good")
    return redirect(url_for("api_keys.index"), 303)
