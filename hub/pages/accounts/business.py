"""The business as its customers and the AI know it: name, language, money, terms, and its logo."""

from typing import Annotated, ClassVar, Literal

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib.fields import Control, N_, Section
from hub.pages.kit import Form, page, uploaded
from hub.services.accounts import pictures, tenants
from hub.services.channels.site_settings import Zone
from hub.web.binding import Upload
from hub.web.schema import CleanText, OneLine

blueprint = Blueprint("business", __name__)
_MANAGE = Permission.MANAGE_TENANT_SETTINGS
Terms = Annotated[CleanText, Field(max_length=5000)]


class BusinessIn(BaseModel):
    """What /api/tenant shows, without the hours, which have a page of their own."""

    SECTIONS: ClassVar = (
        Section(N_("Business"), N_("Customers read the name in the chat and in letters."),
                ("name", "language", "timezone", "currency")),
        Section(N_("How the AI speaks"), N_("To customers, in every channel."), ("tone", "address_style")),
        Section(N_("Terms"), N_("The AI goes by them where your articles say nothing."),
                ("delivery_options", "return_policy")),
    )

    name: Annotated[OneLine, Field(min_length=1, max_length=255, title=N_("Name of your business"))]
    language: Annotated[Literal["ru", "en"], Control(options={"ru": N_("In Russian"), "en": N_("In English")}),
                        Field(title=N_("Language"))] = "ru"
    timezone: Zone = "Europe/Moscow"
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", title=N_("Currency"), description=N_(
        "Three letters, such as RUB or EUR."))] = "RUB"
    tone: Annotated[Literal["formal", "friendly"], Control("radio", {
        "friendly": N_("Friendly"), "formal": N_("Formal")}), Field(title=N_("Tone"))] = "friendly"
    address_style: Annotated[Literal["vy", "ty"], Control("radio", {
        "vy": N_("“Вы”"), "ty": N_("“Ты”")}), Field(title=N_("In Russian, customers are"))] = "vy"
    delivery_options: Annotated[Terms, Control("area", rows=3), Field(title=N_("Delivery"))] = ""
    return_policy: Annotated[Terms, Control("area", rows=3), Field(title=N_("Returns"))] = ""


@page(blueprint, "/settings/business", _MANAGE)
def show(caller: UserCaller) -> str:
    return _shown(caller, Form.of(BusinessIn, caller.tenant))


@page(blueprint, "/settings/business", _MANAGE, "POST")
def save(caller: UserCaller, form: Form[BusinessIn]) -> ResponseReturnValue:
    if form.save(lambda given: tenants.change(caller, caller.tenant, **given.model_dump())) is None:
        return _shown(caller, form), 422
    flash(gettext("Saved."), "good")
    return redirect(url_for("business.show"), 303)


@page(blueprint, "/settings/business/logo", _MANAGE, "POST", limit=("upload",), max_body=pictures.largest_body)
def change_logo(caller: UserCaller) -> ResponseReturnValue:
    def change(given: Upload) -> None:
        pictures.change(caller, caller.tenant, "logo", given.name, given.content)
        flash(gettext("Saved."), "good")

    uploaded("logo", change)
    return redirect(url_for("business.show"), 303)


@page(blueprint, "/settings/business/logo/remove", _MANAGE, "POST")
def remove_logo(caller: UserCaller) -> ResponseReturnValue:
    pictures.remove(caller, caller.tenant, "logo")
    flash(gettext("The logo is gone."), "good")
    return redirect(url_for("business.show"), 303)


def _shown(caller: UserCaller, form: Form[BusinessIn]) -> str:
    return render_template("pages/accounts/business.html", form=form, tenant=caller.tenant, endings=pictures.ENDINGS)
