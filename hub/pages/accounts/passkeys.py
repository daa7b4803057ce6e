"""One's passkeys, a part of the page of one's account. They are made and used by static/behaviours/passkeys.js, by way
of the API."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib import user_agent
from hub.lib.json_types import JsonObject
from hub.models.accounts.passkey import Passkey
from hub.pages.kit import page
from hub.services.accounts import passkeys

blueprint = Blueprint("passkeys", __name__)


def part(caller: UserCaller) -> JsonObject:
    """What the part shows; `has_passkeys`: they work at the address that the page was asked for at."""
    return {"passkeys": list(passkeys.mine(caller).order_by(Passkey.id)), "passkey_origin": passkeys.origin(),
            "has_passkeys": work_here(), "passkey_name": user_agent.words(request.user_agent.string)[:120]}


def work_here() -> bool:
    """Was this page asked for at the one address for which passkeys are made?"""
    return passkeys.origin() == request.host_url.rstrip("/").lower()


@page(blueprint, "/account/passkeys/<passkey>/remove", Permission.SIGNED_IN, "POST")
def remove(caller: UserCaller, passkey: str) -> ResponseReturnValue:
    passkeys.remove(caller, passkeys.found(caller, passkey))
    flash(gettext("This passkey signs in no more."), "good")
    return redirect(url_for("profile.show"), 303)
