"""/auth/signup, /auth/invite and /api/auth/register: how people come in."""

from typing import Annotated

from flask import request
from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.identity import COOKIE
from hub.access.roles import Permission
from hub.api.core import REPLY, core
from hub.api.core.accounts.auth import Secret, TokensOut, UserOut, token_cookies
from hub.api.kit.schema import Moment, Out, Result
from hub.api.kit.table import post
from hub.errors import Forbidden
from hub.services.accounts import accounts, invites
from hub.services.accounts import sign_up as signing_up
from hub.services.accounts.sign_up import AddressTaken, Person
from hub.services.platform.mail import LOCALES
from hub.web.people import InviteIn, Name
from hub.web.schema import Address, In, OneLine




class PersonIn(In):
    """Who comes, and what the business is called that they open."""

    email: Address
    password: Secret
    first_name: Name = ""
    last_name: Name = ""
    company_name: Annotated[OneLine, Field(max_length=255)] = ""


class SignUpIn(PersonIn):
    """Who signs up; with an invitation they join its business, else they own a new one."""

    username: Annotated[OneLine, Field(min_length=1, max_length=120)] | None = None
    invite_token: Annotated[str, Field(max_length=255)] | None = None


class SignedUpOut(Out):
    """The new person; the session is open."""

    success: bool = True
    user: UserOut


class AddressTakenOut(Out):
    """Somebody signs in with this address: perhaps the same person."""

    success: bool = False
    message: str
    hint: str = "login_or_reset"


class RegisterIn(PersonIn):
    """Who registers: first_name and last_name, or full_name."""

    full_name: Annotated[OneLine, Field(max_length=240)] = ""

    @property
    def names(self) -> tuple[str, str]:
        """(first, last), of the full name where that alone was sent."""
        if self.first_name or self.last_name:
            return self.first_name, self.last_name
        first, _, last = self.full_name.partition(" ")
        return first[:120], last.strip()[:120]


class InviteOut(Out):
    """A link to pass on; the letter has one of its own."""

    success: bool = True
    invite_link: str
    expires_at: Moment


def locale() -> str:
    """The caller's language, of those that letters are written in."""
    return request.accept_languages.best_match(LOCALES) or "en"


def sign_up(body: SignUpIn) -> Result[SignedUpOut | AddressTakenOut]:
    """Create an account with a business of its own, or join one by invitation.

    The session is open then, unless the address has to be confirmed first.
    """
    person = Person(body.email, body.password, body.username, body.first_name, body.last_name, body.company_name,
                    locale())
    try:
        user = signing_up.sign_up(person, body.invite_token)
    except AddressTaken:
        return Result(AddressTakenOut(message="This address has an account already. Sign in or reset the password."),
                      status=200)
    made = SignedUpOut(user=UserOut.of(user))
    try:
        cookie = accounts.open_session(user, request.remote_addr or "", request.user_agent.string)
    except Forbidden as error:
        if error.code != accounts.NOT_CONFIRMED:
            raise
        return Result(made)
    return Result(made, cookies={COOKIE: cookie})


def register(body: RegisterIn) -> Result[TokensOut]:
    """Create an account with a business of its own, and sign it in with tokens.

    409 for an address that has one; 403 EMAIL_NOT_CONFIRMED where the account is made, and its address has to be
    confirmed first.
    """
    first, last = body.names
    user = signing_up.sign_up(Person(body.email, body.password, None, first, last, body.company_name, locale()))
    return token_cookies(accounts.sign_in(user), user)


def invite(caller: UserCaller, body: InviteIn) -> InviteOut:
    """Invite somebody into the business. The link is good for seven days, for that address alone."""
    made, link = invites.create(caller, body.email, body.role)
    return InviteOut(invite_link=link, expires_at=made.expires_at)


core.table(
    "sign-up",
    post("/auth/signup", sign_up, permission=Permission.ANYBODY, limit=("sign-up", "letter-address"), status=201,
         also=((200, AddressTakenOut),)),
    post("/auth/invite", invite, permission=Permission.MANAGE_USERS, limit=("api", "invite"), status=201,
         is_shown_once=True),
)
core.table(
    "register",
    post("/api/auth/register", register, permission=Permission.ANYBODY, limit=("auth", "sign-up", "letter-address"),
         status=201),
    dialect=REPLY,
)
