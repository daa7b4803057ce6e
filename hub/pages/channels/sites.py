"""Sites with the chat: their list, the settings of one, its secret, and what is pasted into its pages."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import NotFound
from hub.lib.fields import N_
from hub.models.channels.channel import Channel
from hub.pages.channels import preview, site_findings
from hub.pages.kit import Form, page
from hub.pages.kit.listing import Column, Listing
from hub.pages.kit.undo import seal, unseal
from hub.services.channels import site_check, site_settings
from hub.services.channels.site_settings import SiteIn

blueprint = Blueprint("sites", __name__)
_MANAGE = Permission.MANAGE_CHANNELS

LISTING = Listing(
    Channel, first="name", find=lambda query, words: query.where(Channel.search_text.holds(words)),
    columns=(Column("name", N_("Name"), sort=Channel.name), Column("domains", N_("Domains"))))


class RestoreIn(BaseModel):
    """The sealed secret of before."""

    former: str = ""


@page(blueprint, "/settings/sites", _MANAGE)
def index(caller: UserCaller) -> str:
    mine = Channel.of(caller.tenant).where(Channel.kind == "website")
    return render_template("pages/channels/sites.html", shown=LISTING.shown(mine, request.args))


@page(blueprint, "/settings/sites/<site>", _MANAGE)
def show(caller: UserCaller, site: Channel) -> str:
    return _shown(site, Form.of(SiteIn, site_settings.current(website(site))))


@page(blueprint, "/settings/sites/<site>", _MANAGE, "POST")
def save(caller: UserCaller, site: Channel, form: Form[SiteIn]) -> ResponseReturnValue:
    if form.save(lambda given: site_settings.change(caller, website(site), given)) is None:
        return _shown(site, form), 422
    flash(gettext("Saved. Pages that are open show it within a minute."), "good")
    return redirect(url_for("sites.show", site=site.uuid), 303)


@page(blueprint, "/settings/sites/<site>/preview", _MANAGE, "POST")
def look(caller: UserCaller, site: Channel, form: Form[SiteIn]) -> str:
    """How the chat would look with what is typed now; what is wrong yet is shown as it was."""
    drawn = preview.of(form, site_settings.current(website(site)), caller.tenant.name)
    return render_template("parts/channels/_preview.html", preview=drawn)


@page(blueprint, "/settings/sites/<site>/on", _MANAGE, "POST")
def switch_on(caller: UserCaller, site: Channel) -> ResponseReturnValue:
    """Of a site that was switched off together with its business."""
    site_settings.switch_on(caller, website(site))
    flash(gettext("The chat is on again."), "good")
    return redirect(url_for("sites.show", site=site.uuid), 303)


@page(blueprint, "/settings/sites/<site>/secret", _MANAGE, "POST")
def rotate(caller: UserCaller, site: Channel) -> ResponseReturnValue:
    former = site_settings.rotate_secret(caller, website(site))
    flash({"text": gettext("There is a new secret. Put it into your server; the one of before is refused."),
           "undo": url_for("sites.restore", site=site.uuid),
           "fields": {"former": seal(site.uuid, former)}, "is_page": True}, "good")  # type: ignore[arg-type]
    return _to_secret(site)


@page(blueprint, "/settings/sites/<site>/secret/restore", _MANAGE, "POST")
def restore(caller: UserCaller, site: Channel, given: RestoreIn) -> ResponseReturnValue:
    site_settings.restore_secret(caller, website(site), unseal(site.uuid, given.former))
    flash(gettext("The secret is the one of before again."), "good")
    return _to_secret(site)


def _to_secret(site: Channel) -> ResponseReturnValue:
    return redirect(url_for("sites.show", site=site.uuid, secret="shown", _anchor="identity"), 303)


def _shown(site: Channel, form: Form[SiteIn]) -> str:
    drawn = preview.of(form, site_settings.current(site), site.tenant.name)
    return render_template("pages/channels/site.html", form=form, preview=drawn, snippet=snippet(site),
                           secret_is_open=request.args.get("secret") == "shown",
                           **site_findings.told(site, site_check.last(site)))


def snippet(site: Channel) -> str:
    """The one line that puts the chat on a page."""
    return f'<script src="{request.host_url}widget.js" data-site="{site.token}" async></script>'


def website(channel: Channel) -> Channel:
    """The same, if it is a site; NotFound."""
    if channel.kind != "website":
        raise NotFound(message="There is no such site.")
    return channel
