"""Is it set up safely? The report as a page, with what to do."""

from flask import Blueprint, render_template

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib.fields import N_
from hub.pages.kit import page
from hub.services.platform import security
from hub.services.platform.security_rules import Area
from hub.web.seen import seen

blueprint = Blueprint("security", __name__)
AREAS = {Area.INSTALLATION: N_("This installation"), Area.BUSINESS: N_("Your business")}


@page(blueprint, "/settings/security", Permission.VIEW_AUDIT_LOGS)
def show(caller: UserCaller) -> str:
    found = security.report(caller, seen())
    order = {"FAIL": 0, "WARN": 1, "PASS": 2}
    parts = [(title, sorted((check for check in found.checks if check.area == area),
                            key=lambda check: (order[check.status], -check.weight)))
             for area, title in AREAS.items()]
    return render_template("pages/platform/security.html", report=found, parts=[part for part in parts if part[1]])
