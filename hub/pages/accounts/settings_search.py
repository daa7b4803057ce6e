"""All settings in their groups, and the search through them."""

from flask import Blueprint, render_template, request

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib import text
from hub.pages.accounts import settings_index
from hub.pages.kit import page

blueprint = Blueprint("settings", __name__)


@page(blueprint, "/settings", Permission.SIGNED_IN)
def index(caller: UserCaller) -> str:
    asked = text.one_line(request.args.get("q", ""), 100)
    return render_template("pages/accounts/settings_search.html", asked=asked, told=settings_index.told(),
                           found=settings_index.find(caller, asked) if asked else [])
