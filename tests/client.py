"""A caller over HTTP: who it is, what it expects, and what came back."""

from typing import Any

from hub.models.accounts.user import User
from hub.services.accounts import accounts


class Client:
    """`get("/api/tenant")` and its like answer the parsed JSON and fail on another status than `expect`."""

    def __init__(self, app: Any, user: User | None = None, headers: dict[str, str] | None = None) -> None:
        self.app, self.user, self.http = app, user, app.test_client()
        self.headers = dict(headers or {})
        if user is not None:
            self.headers["Authorization"] = f"Bearer {accounts.issue_tokens(user).access}"

    def call(self, method: str, path: str, *, expect: int | tuple[int, ...] | None = None, **more: Any) -> Any:
        """The whole response, whose status must be `expect` when that is given."""
        headers = {**self.headers, **more.pop("headers", {})}
        response = self.http.open(path, method=method, headers=headers, **more)
        wanted = (expect,) if isinstance(expect, int) else expect
        assert wanted is None or response.status_code in wanted, (method, path, response.status_code, response.text)
        return response

    def refused(self, method: str, path: str, body: Any = None, *, status: int, code: str = "", field: str = "",
                **more: Any) -> dict[str, Any]:
        """The error of a call that must be refused: with this status and, where given, this code and this field."""
        sent = {} if body is None else {"json": body}
        answer = self.call(method, path, expect=status, **sent, **more).get_json()
        error: dict[str, Any] = answer["error"]
        assert set(answer) == {"error"} and set(error) == {"code", "message", "details"}, (method, path, answer)
        assert error["message"] and code in ("", error["code"]), (method, path, error)
        assert field in ("", (error["details"] or {}).get("field")), (method, path, error)
        return error

    def get(self, path: str, expect: int = 200, **more: Any) -> Any:
        return self.call("GET", path, expect=expect, **more).get_json()

    def post(self, path: str, body: Any = None, expect: int = 200, **more: Any) -> Any:
        return self.call("POST", path, expect=expect, json={} if body is None else body, **more).get_json(silent=True)

    def patch(self, path: str, body: Any = None, expect: int = 200, **more: Any) -> Any:
        return self.call("PATCH", path, expect=expect, json=body or {}, **more).get_json(silent=True)

    def put(self, path: str, body: Any = None, expect: int = 200, **more: Any) -> Any:
        return self.call("PUT", path, expect=expect, json=body or {}, **more).get_json(silent=True)

    def delete(self, path: str, expect: int = 204, **more: Any) -> Any:
        return self.call("DELETE", path, expect=expect, **more).get_json(silent=True)


class Visitor(Client):
    """A visitor's page: opens a session at a site, then speaks with its token."""

    def __init__(self, app: Any, site: str, origin: str = "https://shop.example") -> None:
        super().__init__(app, headers={"Origin": origin})
        self.session = self.post("/widget/session", {"site": site})
        self.headers["Authorization"] = f"Bearer {self.session['visitorToken']}"
        self._count = 0

    def say(self, text: str, client_id: str = "", expect: int = 201) -> Any:
        self._count += 1
        return self.post("/widget/messages", {"clientId": client_id or f"client-{self._count:04d}", "text": text},
                         expect=expect)

    def lines(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/widget/messages")["messages"]
        return found


