"""Other kinds of callers: a browser that signed in, and whoever holds a certain token."""

from typing import Any

from flask import Flask

from hub import queue
from hub.access.identity import COOKIE
from hub.access.limits import Limiter
from hub.api.kit import serve
from hub.api.kit.surface import Surface
from hub.lib import ids
from hub.models.accounts.session import UserSession
from hub.models.accounts.user import User
from hub.services.accounts import accounts
from hub.settings import Settings
from tests.client import Client

ORIGIN = "http://localhost"         # what the test client calls itself


def browser(app: Any, user: User) -> Client:
    """Signed in by cookie."""
    client = Client(app)
    client.http.set_cookie(COOKIE, accounts.open_session(user, "127.0.0.1", "tests"))
    return client


class Acting(Client):
    """The owner of the platform in somebody's place: a cookie that stays, whatever answers say about it."""

    def __init__(self, app: Any, user: User, owner: User) -> None:
        super().__init__(app)
        self.cookie = accounts.open_session(user, "127.0.0.1", "tests")
        UserSession.update(impersonator=owner).where(UserSession.digest == ids.digest(self.cookie)).execute()

    def call(self, method: str, path: str, **more: Any) -> Any:
        self.http.set_cookie(COOKIE, self.cookie)
        return super().call(method, path, **more)


def bearer(app: Any, token: str) -> Client:
    return Client(app, headers={"Authorization": f"Bearer {token}"})


def code(answer: Any) -> str:
    """The error's code in an answer of the core, widget or bridge contract; as the first of them spells it."""
    found = answer.get_json() if hasattr(answer, "get_json") else answer
    if set(found) == {"ok", "error"}:
        return {"validation_error": "VALIDATION_ERROR"}.get(found["error"], str(found["error"]))
    assert set(found) == {"error"} and set(found["error"]) == {"code", "message", "details"}, found
    assert found["error"]["message"]
    return str(found["error"]["code"])


def served(surfaces: list[Surface], settings: Settings) -> Any:
    """A client of an application with these surfaces and nothing else."""
    app = Flask("test")
    app.extensions["parley.pages"] = set()
    serve.register(app, surfaces, Limiter(settings, queue.redis()))
    return app.test_client()
