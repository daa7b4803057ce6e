"""The example page: every component of the theme, in light and dark."""

from flask import Blueprint, render_template

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.pages.kit import page

blueprint = Blueprint("theme", __name__)


@page(blueprint, "/theme", Permission.SIGNED_IN)
def theme(caller: UserCaller) -> str:
    return render_template("pages/platform/theme.html")
