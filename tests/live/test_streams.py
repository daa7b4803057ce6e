"""Event streams: the visitor's, which resumes like the socket, and the operators', which hear their own tenant only."""

import json
import time
from collections.abc import Callable

import httpx2
import pytest

from tests.live.hub import ORIGIN, Business, Hub, Visitor
from tests.live.peers import Stream, visitor_stream
from tests.waits import STUCK_S, until

pytestmark = pytest.mark.slow
_BEAT_S = 20


def _heard(stream: Stream, count: int) -> list[tuple[str | None, str]]:
    """(id, text) of the lines that came: as many as should, and what came right after them. One that was written at
    the moment of joining may come twice, as missed and as new, but never before what was missed."""
    heard: list[tuple[str | None, str]] = []
    deadline = time.monotonic() + STUCK_S
    while len(heard) < count and time.monotonic() < deadline:
        heard = list(dict.fromkeys(heard + _lines(stream)))
    return list(dict.fromkeys(heard + _lines(stream)))


def _lines(stream: Stream) -> list[tuple[str | None, str]]:
    events = [(event.get("id"), json.loads(event["data"])) for event in stream.events(0.3) if "data" in event]
    return [(number, data["message"]["text"]) for number, data in events if data["type"] == "message.new"]


def _named(stream: Stream, say: Callable[[], object], names: int) -> list[dict[str, str]]:
    """The events that a line brings, of so many names; said again until the process of this stream hears it."""
    heard: list[dict[str, str]] = []

    def listen() -> bool:
        say()
        heard.extend(event for event in stream.events(0.5) if "event" in event)
        return len({event["event"] for event in heard}) >= names

    until(listen, lambda: f"only {heard} was heard")
    return heard


def test_a_stream_resumes_after_the_last_event_that_was_heard(visitor: Visitor) -> None:
    for number in range(1, 4):
        visitor.say(f"line {number}")
    with visitor_stream(visitor, Last_Event_ID="1") as stream:
        visitor.say("line 4")
        assert _heard(stream, 3) == [("2", "line 2"), ("3", "line 3"), ("4", "line 4")]
    with visitor_stream(visitor, "?since=3") as stream:
        assert _heard(stream, 1) == [("4", "line 4")]


def test_a_stream_that_is_open_before_the_first_line_hears_it(visitor: Visitor) -> None:
    with visitor_stream(visitor, "?since=0") as stream:
        time.sleep(0.3)
        visitor.say("Is anybody there?")
        assert _heard(stream, 1) == [("1", "Is anybody there?")]


def test_a_stream_needs_a_token_an_allowed_page_and_a_number(hub: Hub, visitor: Visitor) -> None:
    good = {"Origin": ORIGIN, "Authorization": f"Bearer {visitor.token}"}
    for status, headers in ((401, {"Origin": ORIGIN}), (403, {**good, "Origin": "https://evil.example"}),
                            (400, {**good, "Last-Event-ID": "x"})):
        with Stream(hub, "/widget/events", **headers) as stream:
            assert stream.status == status


def test_operators_must_be_signed_in(hub: Hub) -> None:
    with Stream(hub, "/inbox/events") as stream:
        assert stream.status == 302     # to the sign-in page, as every page of operators: EventSource gives up


def test_operators_hear_their_own_business_only(hub: Hub, bakery: Business, florist: Business,
                                                visitor: Visitor) -> None:
    with _staff(hub, bakery) as ours, _staff(hub, florist) as theirs:
        stranger = Visitor(hub, florist.site)
        first = _named(theirs, lambda: stranger.say("Hello"), 1)       # they do hear
        heard = _named(ours, lambda: visitor.say("Hello"), 2)
        uuid = visitor.conversation()
        assert {event["event"] for event in heard} == {"conversation", f"messages-{uuid}"}
        said = json.loads(heard[0]["data"])
        assert (said["conversation"], said["type"]) == (uuid, "message.new") and said["seq"] >= 1
        assert first[0]["event"] == "conversation" and uuid not in first[0]["data"]
        assert [event for event in theirs.events(0.5) if uuid in event.get("data", "")] == []


def test_a_task_is_watched_from_how_it_is_to_its_end(hub: Hub, bakery: Business, florist: Business) -> None:
    session = {"Cookie": f"parley_session={hub.sign_in(bakery)}"}
    task = httpx2.post(f"{hub.url}/api/knowledge/reindex", headers=session, timeout=STUCK_S).json()["id"]
    path = f"/api/tasks/{task}/events"
    with Stream(hub, path, Cookie=f"parley_session={hub.sign_in(florist)}") as theirs:
        assert theirs.status == 404
    seen: list[str] = []

    def ended() -> bool:
        httpx2.post(f"{hub.url}/api/tasks/{task}/cancel", headers=session, timeout=STUCK_S)
        seen.extend(json.loads(event["data"])["state"] for event in stream.events(0.5)
                    if event.get("event") == f"task-{task}")
        return "cancelled" in seen

    with Stream(hub, path, **session) as stream:
        first = next(event for event in stream.events(STUCK_S) if event.get("event") == f"task-{task}")
        assert json.loads(first["data"])["state"] == "queued"
        until(ended, lambda: f"only {seen} was heard")


def _staff(hub: Hub, business: Business) -> Stream:
    stream = Stream(hub, "/inbox/events", Cookie=f"parley_session={hub.sign_in(business)}")
    assert stream.status == 200
    return stream


def test_a_silent_stream_beats(idle: tuple[Stream, float]) -> None:
    stream, since = idle
    said = stream.events(max(1.0, _BEAT_S + STUCK_S - (time.monotonic() - since)))
    assert any(event.get("comment") == "beat" for event in said)
