"""What the API and the pages both ask of people: who comes in, and whether it is them."""

from typing import Annotated, Literal

from pydantic import Field

from hub.lib.fields import Control, N_
from hub.models.accounts.user import Role
from hub.services.accounts.team import ROLE_NAMES
from hub.web.schema import Address, In


# Shows that it is the person, and not just somebody at their browser.
OwnPassword = Annotated[str, Field(title=N_("Your password"), min_length=1, max_length=1024),
                        Control("password", autocomplete="current-password")]


class OwnPasswordIn(In):
    """The caller's own password."""

    password: OwnPassword


class InviteIn(In):
    """Whom to invite, and what they may do."""

    email: Annotated[Address, Field(title=N_("Email")), Control("email")]
    role: Annotated[Literal[Role.ADMIN, Role.OPERATOR, Role.VIEWER], Field(title=N_("Role")),
                    Control(options=ROLE_NAMES)]
