"""What a new key is made of, as its page and the API ask for it."""

from typing import Annotated

from pydantic import Field

from hub.access.roles import Scope
from hub.lib.fields import Control, N_
from hub.web.schema import In, OneLine

SCOPE_NAMES = {Scope.VIEW_CONVERSATIONS: N_("Read conversations"),
               Scope.MANAGE_CONVERSATIONS: N_("Write in conversations"),
               Scope.VIEW_CUSTOMERS: N_("Read customers"), Scope.MANAGE_CUSTOMERS: N_("Change customers"),
               Scope.PLATFORM: N_("Every business of this installation")}


class ApiKeyIn(In):
    """A new key: what it is for, what it may do, and for how many days; without days it does not end."""

    name: Annotated[OneLine, Field(min_length=1, max_length=120, title=N_("What it is for"),
                                   description=N_("Such as the name of your program."))]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope), title=N_("It may")),
                      Control(options=SCOPE_NAMES)]
    expires_in_days: Annotated[int | None, Field(ge=1, le=3650, title=N_("Ends after so many days"), description=N_(
        "Left empty, it works until you revoke it."))] = None
