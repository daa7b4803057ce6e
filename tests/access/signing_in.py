"""Signing in with a password, as the tests of passwords, sessions and the routes do it."""

from typing import Any

from tests.client import Client
from tests.factories import PASSWORD


def login(client: Client, email: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.call("POST", "/auth/login", json={"email": email, "password": password}, **more)


def cookies(answer: Any) -> dict[str, str]:
    """name -> the whole Set-Cookie line."""
    return {line.partition("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
