"""What the API and the pages both ask of people: who comes in, and whether it is them."""

from typing import Annotated, Literal

from pydantic import Field

from hub.lib.fields import Control, N_
from hub.models.accounts.user import Role
from hub.services.accounts.team import ROLE_NAMES
from hub.web.schema import Address, In, OneLine

NewPassword = Annotated[str, Field(title=N_("Password"), max_length=1024, description=N_(
    "At least 8 characters, with a capital letter, a small one and a digit.")),
    Control("password", autocomplete="new-password")]
Name = Annotated[OneLine, Field(max_length=120)]
# Shows that it is the person, and not just somebody at their browser.
OwnPassword = Annotated[str, Field(title=N_("Your password"), min_length=1, max_length=1024),
                        Control("password", autocomplete="current-password")]


class OwnPasswordIn(In):
    """The caller's own password."""

    password: OwnPassword


class NamesIn(In):
    """What colleagues and customers read."""

    first_name: Annotated[Name, Field(title=N_("First name")), Control(autocomplete="given-name")] = ""
    last_name: Annotated[Name, Field(title=N_("Last name")), Control(autocomplete="family-name")] = ""


class ProofIn(In):
    """The password, a code of the app, or a recovery code."""

    proof: Annotated[str, Field(title=N_("Your password, or a code of the app"), min_length=1, max_length=1024),
                     Control("password", autocomplete="current-password")]


class TotpCodeIn(In):
    """Six digits of the app that was just set up."""

    code: Annotated[str, Field(title=N_("Six digits that the app shows"), min_length=6, max_length=20),
                    Control(autocomplete="one-time-code")]


class PasswordIn(In):
    """The present password and the next one."""

    current_password: Annotated[str, Field(title=N_("Present password"), min_length=1, max_length=1024),
                                Control("password", autocomplete="current-password")]
    new_password: Annotated[NewPassword, Field(title=N_("New password"))]


class AddressIn(In):
    """Whose address it is."""

    email: Annotated[Address, Field(title=N_("Email")), Control("email", autocomplete="username")]


class LetterTokenIn(In):
    """What the letter's link holds."""

    token: Annotated[str, Field(min_length=1, max_length=255), Control("hidden")]


class ConfirmIn(LetterTokenIn):
    """What the letter's link holds; the password, from whoever is not signed in."""

    password: Annotated[str, Field(title=N_("Your password"), max_length=1024),
                        Control("password", autocomplete="current-password")] = ""


class NewPasswordIn(LetterTokenIn):
    """What the letter's link holds, and the new password."""

    password: NewPassword


class InviteIn(In):
    """Whom to invite, and what they may do."""

    email: Annotated[Address, Field(title=N_("Email")), Control("email")]
    role: Annotated[Literal[Role.ADMIN, Role.OPERATOR, Role.VIEWER], Field(title=N_("Role")),
                    Control(options=ROLE_NAMES)]
