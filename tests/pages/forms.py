"""What a browser does with a form of ours: it sends back the secret of the page."""

import re
from typing import Any

from tests.client import Client


def secret(client: Client, path: str = "/auth/login") -> str:
    """The secret in the page's form."""
    found = re.search('name="csrf-token" content="([^"]+)"', client.call("GET", path, expect=200).text)
    assert found is not None
    return found[1]


def submit(client: Client, path: str, expect: int | tuple[int, ...] = (200, 302), **fields: str) -> Any:
    """Send a form of ours, with the secret of a page we just saw."""
    token = secret(client, "/api-docs")
    return client.call("POST", path, data={"csrf_token": token, **fields}, expect=expect)
