"""A new site in three steps, which can be left and gone on with."""

from typing import ClassVar

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.channels.website import Config
from hub.lib.fields import N_, Section
from hub.models.accounts.user import User
from hub.pages.kit import Form, page
from hub.pages.kit.wizard import Step, Wizard
from hub.services import tenant_settings
from hub.services.accounts.brand import Brand
from hub.services.channels import site_settings
from hub.services.channels.site_settings import Color, Domains, Locale, Name, Position, SiteIn, Theme
from hub.services.platform import drafts

blueprint = Blueprint("new_site", __name__)
_MANAGE = Permission.MANAGE_CHANNELS


class WhereIn(BaseModel):
    SECTIONS: ClassVar = (Section(N_("Your site"), N_("Where the chat will stand."), ("name", "allowed_domains")),)

    name: Name
    allowed_domains: Domains = []


class LookIn(BaseModel):
    SECTIONS: ClassVar = (Section(N_("Look"), N_("You can change all of it later, and the words, too."),
                                  ("color", "position", "theme", "locale")),)

    color: Color = Config().color
    position: Position = "right"
    theme: Theme = "auto"
    locale: Locale = "ru"


class ReviewIn(BaseModel):
    """Nothing to fill in: what was chosen is shown."""


class NewSite(Wizard):
    """A chat that begins in the colour of its business."""

    def form(self, user: User, step: Step) -> Form[BaseModel]:
        typed = drafts.load(user, self.name).get(step.name, {})
        return Form(step.model, {"color": tenant_settings.of(user.tenant_id, Brand).color, **typed})


WIZARD = NewSite("new_site", (Step("where", N_("Your site"), WhereIn), Step("look", N_("Look"), LookIn),
                              Step("review", N_("Check"), ReviewIn)))


@page(blueprint, "/settings/sites/new", _MANAGE)
def show(caller: UserCaller) -> str:
    """The step of `?step=`, or where the person left it."""
    step = WIZARD.asked(caller.user)
    return _shown(caller, step, WIZARD.form(caller.user, step))


@page(blueprint, "/settings/sites/new", _MANAGE, "POST")
def save(caller: UserCaller) -> ResponseReturnValue:
    step = WIZARD.asked(caller.user)
    form, following = WIZARD.sent(caller.user, step)
    if following is not None:
        return redirect(url_for("new_site.show", step=following.name), 303)
    if form.is_wrong:
        return _shown(caller, step, form), 422
    return _finish(caller)


@page(blueprint, "/settings/sites/new/discard", _MANAGE, "POST")
def discard(caller: UserCaller) -> ResponseReturnValue:
    WIZARD.drop(caller.user)
    return redirect(url_for("sites.index"), 303)


def _finish(caller: UserCaller) -> ResponseReturnValue:
    """Make the site, or lead to the step that is not right yet."""
    form = Form.typed(SiteIn, WIZARD.values(caller.user))
    site = form.save(lambda given: site_settings.create(caller, given))
    if site is None:
        return redirect(url_for("new_site.show"), 303)
    WIZARD.drop(caller.user)
    flash(gettext("The site is made. Put the line below into its pages, and the chat is there."), "good")
    return redirect(url_for("sites.show", site=site.uuid, _anchor="install"), 303)


def _shown(caller: UserCaller, step: Step, form: Form[BaseModel]) -> str:
    chosen = [] if step.name != "review" else list(Form(SiteIn, WIZARD.values(caller.user)))
    return render_template("pages/channels/new_site.html", wizard=WIZARD, step=step, form=form, chosen=[
        field for field in chosen if field.name in {*WhereIn.model_fields, *LookIn.model_fields}])
