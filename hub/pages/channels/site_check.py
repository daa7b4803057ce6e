"""Is the chat on the site? Asked for on the site's page, and watched while a worker looks."""

from typing import Annotated

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib.fields import N_
from hub.models.channels.channel import Channel
from hub.pages.channels import sites
from hub.pages.channels.site_findings import told
from hub.pages.kit import Form, page
from hub.services.channels import site_check
from hub.web.schema import OneLine

blueprint = Blueprint("site_check", __name__)
_MANAGE = Permission.MANAGE_CHANNELS
class CheckIn(BaseModel):
    """Which page."""

    address: Annotated[OneLine, Field(min_length=1, max_length=1000, title=N_("Address of a page"))] = ""


@page(blueprint, "/settings/sites/<site>/check", _MANAGE, "POST", limit=("onboarding",))
def check(caller: UserCaller, site: Channel, form: Form[CheckIn]) -> ResponseReturnValue:
    website, hub = sites.website(site), request.host_url.rstrip("/")
    if form.save(lambda given: site_check.begin(caller, website, given.address, hub)) is None:
        return render_template("pages/channels/site_check.html", form=form, **told(site, None)), 422
    return redirect(url_for("sites.show", site=site.uuid, _anchor="check"), 303)


@page(blueprint, "/settings/sites/<site>/check", _MANAGE)
def progress(caller: UserCaller, site: Channel) -> str:
    """How far the last one is: the part of the page that follows its stream."""
    return render_template("parts/channels/_site_check.html", **told(site, site_check.last(sites.website(site))))
