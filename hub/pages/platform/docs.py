"""/api-docs: the description of the API, browsable, with assets of our own."""

from flask import Blueprint, render_template

from hub.access.roles import Permission
from hub.pages.kit import PAGES

blueprint = Blueprint("docs", __name__)
PAGES.append(("GET", "/api-docs", Permission.ANYBODY))


@blueprint.get("/api-docs")
def api() -> str:
    return render_template("pages/platform/api_docs.html")
