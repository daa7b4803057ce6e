"""The whole of Parley as `python app.py` starts it, and gone without a trace afterwards."""

import json
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import APIRequestContext

from tests import servers
from tests.scripts.trees import Tree
from tests.waits import until


@dataclass
class Stack:
    """Where everything is. `signed_in` keeps the operator's cookies: one sign-in is enough for all tests."""

    hub: str
    shop: str
    site: str
    operator: dict[str, str] = field(repr=False)        # with the password
    signed_in: Any = field(default=None, repr=False)

    @property
    def own(self) -> tuple[str, str]:
        """The two origins that a browser has any business with."""
        return self.hub, self.shop

    def say(self, request: APIRequestContext, text: str, **more: Any) -> str:
        """Somebody new writes from the shop, without a browser; the id of the conversation."""
        session = self._post(request, "session", site=self.site)
        sent = self._post(request, "messages", session["visitorToken"], clientId=str(uuid4()), text=text, **more)
        return str(sent["conversation"]["id"])

    def _post(self, request: APIRequestContext, what: str, token: str = "", **data: Any) -> Any:
        answer = request.post(f"{self.hub}/widget/{what}", data=data, headers={
            "Origin": self.shop, "Authorization": f"Bearer {token}"})
        assert answer.ok, answer.text()
        return answer.json()


@contextmanager
def running(folder: Path, database_url: str, **env: str) -> Iterator[Stack]:
    """A fresh Parley with its demo shop, on the kind of database that the suite runs on."""
    with ExitStack() as around:
        env["DATABASE_URL"] = around.enter_context(servers.empty_database(database_url, folder))
        ready = folder / "ready.json"
        tree = around.enter_context(
            Tree("app.py", "--port", "0", "--data", folder / "data", "--ready-file", ready,
                 log=folder / "log", ANSWER_PAUSE_MS="300", **env))
        until(lambda: ready.exists() or tree.root.poll() is not None, tree.text)
        assert tree.root.poll() is None, tree.text()
        ready = json.loads(ready.read_text())
        yield Stack(ready["hub"], ready["shop"], ready["site"], ready["operator"])
        tree.root.send_signal(signal.SIGTERM)
        tree.ends()
        tree.leaves_nothing()
