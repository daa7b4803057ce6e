"""The features of the business that can be switched off; administrators of the platform switch them for all as well."""

from typing import Literal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel

from hub.access import flags
from hub.access.callers import UserCaller
from hub.access.flags import Flag, Source
from hub.access.roles import Permission
from hub.lib.fields import N_
from hub.pages.kit import page
from hub.services.platform import flags as switches

blueprint = Blueprint("features", __name__)
_MAY = Permission.MANAGE_TENANT_SETTINGS

WORDS = {Flag.RAG: (N_("Search by meaning"), N_("Articles are found by what is meant, not by their words alone.")),
         Flag.AI_SUGGESTIONS: (N_("Drafts of the AI"), N_("The AI drafts an answer where it may not send one itself."))}
SOURCES = {Source.ENVIRONMENT: N_("decided by whoever runs this installation"),
           Source.TENANT: N_("set for your business"),
           Source.EVERYBODY: N_("set for every business"), Source.DEFAULT: N_("as usual")}


class SwitchIn(BaseModel):
    """Which way, and whether for every business."""

    state: Literal["on", "off"]
    everybody: bool = False


@page(blueprint, "/settings/features", _MAY)
def index(caller: UserCaller) -> str:
    shown = [(flag, *WORDS[flag], flags.state(flag, caller.tenant), flags.state(flag, None)) for flag in Flag]
    return render_template("pages/platform/features.html", shown=shown, sources=SOURCES,
                           is_platform=caller.may(Permission.PLATFORM_ADMIN))


@page(blueprint, "/settings/features/<name>", _MAY, "POST")
def switch(caller: UserCaller, name: str, given: SwitchIn) -> ResponseReturnValue:
    flag = switches.known(name)
    tenant = switches.check_reach(caller, None if given.everybody else caller.tenant.uuid)
    switches.switch(caller, flag, tenant, given.state == "on")
    title = gettext(WORDS[flag][0])
    said = gettext("“%(name)s” is on.", name=title) if given.state == "on" else \
        gettext("“%(name)s” is off.", name=title)
    flash(said, "good")
    return redirect(url_for("features.index"), 303)
