"""The example page: every component of the theme, in light and dark."""

from typing import Annotated, ClassVar, Literal

from flask import Blueprint, render_template
from pydantic import BaseModel, Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib.fields import Control, N_, Section
from hub.pages.kit import Form, page
from hub.pages.kit.wizard import Step, Wizard

blueprint = Blueprint("theme", __name__)


class ExampleIn(BaseModel):
    """One field of each kind: a settings page is a model like this one."""

    SECTIONS: ClassVar = (
        Section(N_("Settings from a model"), N_("Headings, labels and help come from the model that also checks."),
                ("shown_title", "shown_color", "shown_place", "shown_list", "shown_mode", "shown_number",
                 "shown_switch")),)

    shown_title: Annotated[str, Field(max_length=60, title=N_("Name"),
                                      description=N_("Customers see this name."))] = "Anna"
    shown_color: Annotated[str, Control("color"), Field(title=N_("Colour"))] = "#0b7a69"
    shown_place: Annotated[Literal["right", "left"], Control("radio", {"right": N_("Right"), "left": N_("Left")}),
                           Field(title=N_("Place of the button"))] = "right"
    shown_list: Annotated[list[str], Control("area", rows=2), Field(title=N_("Domains"))] = ["example.com"]
    shown_mode: Annotated[Literal["auto", "light", "dark"], Control(options={
        "auto": N_("As the device"), "light": N_("Light"), "dark": N_("Dark")}), Field(title=N_("Theme"))] = "auto"
    shown_number: Annotated[int, Field(ge=1, le=9, title=N_("Messages"))] = 3
    shown_switch: Annotated[bool, Field(title=N_("Ask a person"))] = True


_WIZARD = Wizard("example", (Step("look", N_("Look"), ExampleIn), Step("texts", N_("Texts"), ExampleIn),
                             Step("check", N_("Check"), ExampleIn)))


@page(blueprint, "/theme", Permission.SIGNED_IN)
def theme(caller: UserCaller) -> str:
    return render_template("pages/platform/theme.html", example=Form.of(ExampleIn), wizard=_WIZARD)
