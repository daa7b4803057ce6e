"""The stream of a smoke test: how far it is after each question, then what came of it, and the end."""

import orjson
from flask import Blueprint, Flask, Response, request

from hub.access import callers, grants, identity, request_limits
from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.bus import Event
from hub.lib.json_types import JsonObject
from hub.live import connections, quota, streams
from hub.live.connections import Connection
from hub.models.base import connection as database
from hub.models.platform.task import Task
from hub.queue import Job
from hub.services.accounts import onboarding_readiness as readiness
from hub.services.accounts import onboarding_smoke as smoke
from hub.services.platform import tasks

_ENDED = ("done", "failed", "cancelled")
blueprint = Blueprint("live_onboarding", __name__)


def register(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/api/onboarding/run-smoke-test/stream")
def smoke_test_events() -> Response:
    """Begin a test, or watch the one that runs. Who comes again after the end is told to stay away (204): a browser
    connects anew by itself, and would begin another one."""
    with database():
        caller = identity.signed_in()
        callers.require(caller, Permission.VIEW_CONVERSATIONS)
        request_limits.count(("api", "onboarding"), caller)
        before = _before(caller)
        if before is not None and before.state in _ENDED:
            return Response(status=204)
        task, grant = before or smoke.begin(caller.tenant, caller.user), grants.of_user(caller)
    return _opened(caller, task.id, str(task.uuid), grant)


def _before(caller: UserCaller) -> Task | None:
    """The test that this browser watched already."""
    found = Task.find(caller.tenant, request.headers.get("Last-Event-ID", ""))
    return found if found is not None and found.job == Job.SMOKE_TEST else None


def _opened(caller: UserCaller, task_id: int, uuid: str, grant: grants.Grant) -> Response:
    def start(page: Connection) -> None:
        connections.join(page, ("staff", caller.tenant.id), ("user", caller.user.id))
        with database():
            page.send(orjson.dumps(tasks.facts(Task.get_by_id(task_id))))

    leave = quota.take(caller=f"user {caller.user.id}", address=request.remote_addr, tenant=caller.tenant.id)
    response = streams.open_stream(lambda event: _frame(event, uuid), start, lambda frame: _lines(caller, frame), None,
                                   grant, _is_last)
    response.call_on_close(leave)
    return response


def _frame(event: Event, uuid: str) -> bytes | None:
    data = event.get("data", {})
    return orjson.dumps(data) if event["type"] == "task.changed" and data["uuid"] == uuid else None


def _is_last(frame: bytes) -> bool:
    return orjson.loads(frame)["state"] in _ENDED


def _lines(caller: UserCaller, frame: bytes) -> bytes:
    facts = orjson.loads(frame)
    return f"id: {facts['uuid']}\ndata: ".encode() + orjson.dumps(_said(caller, facts)) + b"\n\n"


def _said(caller: UserCaller, facts: JsonObject) -> JsonObject:
    if facts["state"] == "done":
        with database():
            return {"type": "complete", **readiness.told(caller, facts["result"])}
    if facts["state"] in _ENDED:
        return {"type": "error", "message": facts["error"] or "The test was stopped."}
    return {"type": "progress", "progress": facts["progress"], "step": facts["step"],
            "results": facts["result"].get("results", [])}
