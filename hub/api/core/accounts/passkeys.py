"""/api/account/passkeys and /auth/passkey: keys of the person's devices, and signing in with one."""

from typing import Annotated

from flask import request
from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.identity import COOKIE
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.core.accounts.auth import LoginOut, UserOut
from hub.api.kit.schema import Many, Out, Result
from hub.api.kit.table import delete, get, post
from hub.lib.json_types import JsonObject
from hub.models.accounts.passkey import Passkey
from hub.services.accounts import passkeys
from hub.web.schema import In, OneLine


class PasskeyAnswerIn(In):
    """What the device answered, as JSON, and the note that came with the question."""

    ticket: Annotated[str, Field(min_length=1, max_length=1024)]
    credential: Annotated[str, Field(min_length=2, max_length=16_384)]


class PasskeyIn(PasskeyAnswerIn):
    """A new key, and what the person calls it."""

    name: Annotated[OneLine, Field(min_length=1, max_length=120)]


class PasskeyProofIn(In):
    """The password, a code of the app, or a recovery code; nothing from whoever has none of them."""

    proof: Annotated[str, Field(max_length=1024)] = ""


class PasskeyOut(Out, columns=(Passkey.id, Passkey.name, Passkey.last_used_at, Passkey.created_at)):
    """A key of one of the person's devices."""


class PasskeyQuestionOut(Out):
    """What to give to navigator.credentials, and the note to send back with its answer; both for five minutes."""

    public_key: JsonObject
    ticket: str


def index(caller: UserCaller) -> Many[PasskeyOut]:
    """List the person's own passkeys."""
    return Many(PasskeyOut.of, passkeys.mine(caller))


def ask_new(caller: UserCaller, body: PasskeyProofIn) -> PasskeyQuestionOut:
    """Begin a new passkey."""
    return _question(passkeys.ask_new(caller, body.proof))


def add(caller: UserCaller, body: PasskeyIn) -> PasskeyOut:
    """Keep a new passkey."""
    return PasskeyOut.of(passkeys.add(caller, body.ticket, body.credential, body.name))


def remove(caller: UserCaller, passkey: str) -> None:
    """Remove a passkey: it signs in no more."""
    passkeys.remove(caller, passkeys.found(caller, passkey))


def ask() -> PasskeyQuestionOut:
    """Begin to sign in with a passkey."""
    return _question(passkeys.ask())


def sign_in(body: PasskeyAnswerIn) -> Result[LoginOut]:
    """Sign in with a passkey, which is both factors at once."""
    user, cookie = passkeys.sign_in(body.ticket, body.credential, request.remote_addr or "", request.user_agent.string)
    return Result(LoginOut(user=UserOut.of(user)), cookies={COOKIE: cookie})


def _question(asked: passkeys.Asked) -> PasskeyQuestionOut:
    return PasskeyQuestionOut(public_key=asked.options, ticket=asked.ticket)


core.table(
    "passkeys",
    get("/api/account/passkeys", index, permission=Permission.SIGNED_IN),
    post("/api/account/passkeys/options", ask_new, permission=Permission.SIGNED_IN, limit="second-step"),
    post("/api/account/passkeys", add, permission=Permission.SIGNED_IN, status=201),
    delete("/api/account/passkeys/<passkey>", remove, permission=Permission.SIGNED_IN),
    post("/auth/passkey/options", ask, permission=Permission.ANYBODY, limit="auth"),
    post("/auth/passkey", sign_in, permission=Permission.ANYBODY, limit="login"),
)
