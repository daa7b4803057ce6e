"""The colour of a business, wherever it speaks to people: its letters, its own page, the chat of a new site."""

from typing import Annotated, ClassVar

from pydantic import Field

from hub.channels.website import Config
from hub.lib import colors
from hub.lib.fields import N_, Section
from hub.models.accounts.tenant import Tenant
from hub.services import tenant_settings
from hub.services.channels.site_settings import Color
from hub.services.tenant_settings import Group

_PAPER = "#ffffff"


class Brand(Group):
    """What of the look of a business is chosen once."""

    NAME: ClassVar = "brand"
    SECTIONS: ClassVar = (Section(N_("Brand colour"), N_(
        "On the buttons of your letters, on your own page, and in the chat of every site that you add. What is written "
        "on it is made light or dark, and the colour deeper where it must be, so that everybody can read it."),
        ("color",)),)

    color: Annotated[Color, Field(description=N_("Such as that of your logo or your sign."))] = Config().color


def painted(tenant: Tenant | int) -> tuple[str, str]:
    """(what is painted, what is written on it) on white."""
    return colors.brand_on(_PAPER, tenant_settings.of(tenant, Brand).color)
