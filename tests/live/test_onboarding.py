"""The stream of a smoke test over a real connection: progress, the outcome, the end; and no second test by itself."""

import json
import time
from typing import Any

import pytest

from tests import exchanges
from tests.live.hub import Business, Hub
from tests.live.peers import Stream
from tests.waits import STUCK_S

PATH = "/api/onboarding/run-smoke-test/stream"
_RUN = ("from hub.models.platform.task import Task", "from hub.services.accounts import onboarding_smoke",
        "task = Task.select().where(Task.job == 'accounts.onboarding_smoke.run').order_by(Task.id.desc()).get()")


def said(stream: Stream, kind: str) -> dict[str, Any]:
    """The next event of that type."""
    for event in stream.events(STUCK_S):
        if "data" in event:
            found: dict[str, Any] = json.loads(event["data"])
            if found["type"] == kind:
                exchanges.heard(f"{PATH}#{kind}", found)
                return {**found, "id": event.get("id")}
    raise AssertionError(f"no {kind} came")


@pytest.fixture
def session(hub: Hub, bakery: Business) -> dict[str, str]:
    return {"Cookie": f"parley_session={hub.sign_in(bakery)}"}


def test_it_tells_how_far_the_test_is_and_ends_with_its_outcome(hub: Hub, session: dict[str, str]) -> None:
    with Stream(hub, PATH, **session) as stream:
        first = said(stream, "progress")
        assert (first["progress"], first["results"]) == (0, [])
        hub.do(*_RUN, "onboarding_smoke.run(task.id)")
        last = said(stream, "complete")
        assert (last["totalCount"], last["check"]["code"], last["id"]) == (0, "SMOKE_TEST", first["id"])
        assert last["recommendations"], "a business without articles is told what to do"
        began = time.monotonic()
        assert list(stream.events(STUCK_S)) == [] and time.monotonic() - began < STUCK_S, "it goes on"
    with Stream(hub, PATH, **session, **{"Last-Event-ID": str(last["id"])}) as again:
        assert again.status == 204, "a browser that connects anew by itself begins no other test"


def test_a_test_that_is_stopped_ends_with_an_error(hub: Hub, session: dict[str, str]) -> None:
    with Stream(hub, PATH, **session) as stream:
        said(stream, "progress")
        hub.do(*_RUN, "from hub.services.platform import tasks", "tasks.cancel(Service('test', task.tenant), task)")
        assert said(stream, "error")["message"]


@pytest.mark.parametrize("cookie", ["", "parley_session=nobody"])
def test_nobody_watches_it_without_signing_in(hub: Hub, cookie: str) -> None:
    with Stream(hub, PATH, Cookie=cookie) as stream:
        assert stream.status == 401
