"""WS /widget/live: who gets in, what the first frame must be, and what arrives in which order."""

import pytest
import websocket

from tests.live.hub import Business, Hub, Visitor
from tests.live.peers import Socket, all_closed, greeted, opened, texts
from tests.waits import STUCK_S

# The idle stream is looked at by the tests that come after these.
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("idle")]


@pytest.mark.parametrize("origin", ["https://evil.example", "https://shop.example.evil.example", "null", None])
def test_a_foreign_page_is_refused_before_the_upgrade(hub: Hub, bakery: Business, origin: str | None) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(f"ws://127.0.0.1:{hub.port}/widget/live?site={bakery.site}", timeout=STUCK_S,
                                    origin=origin, suppress_origin=origin is None)
    assert refused.value.status_code == 403


def test_an_unknown_site_is_refused_before_the_upgrade(hub: Hub) -> None:
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        Socket(hub, "nobody")
    assert refused.value.status_code == 404


def test_a_socket_that_says_nothing_is_closed_with_4408(hub: Hub, bakery: Business) -> None:
    with Socket(hub, bakery.site) as ws:
        assert ws.ended() == 4408


@pytest.mark.parametrize("first", [{"type": "ping"}, {}])
def test_a_first_frame_that_is_no_hello_is_closed_with_4408(hub: Hub, bakery: Business, first: dict[str, str]) -> None:
    with Socket(hub, bakery.site) as ws:
        ws.say(**first)
        assert ws.ended() == 4408


def test_a_wrong_token_is_closed_with_4401(hub: Hub, bakery: Business, florist: Business, visitor: Visitor) -> None:
    stranger = Visitor(hub, florist.site)
    for token in ("nonsense", "", visitor.token[:-4] + "AAAA", stranger.token):
        with greeted(hub, bakery.site, token)[0] as ws:
            assert ws.ended() == 4401


def test_the_first_line_belongs_to_a_socket_that_was_open_already(visitor: Visitor) -> None:
    ws, first = opened(visitor)
    with ws:
        assert first == [{"type": "ready", "change": 0, "conversation": None}]
        said = visitor.say("Is anybody there?")
        heard = ws.until(lambda frame: frame["type"] == "message.new")[-1]
        assert heard["message"]["id"] == said["id"] and heard["seq"] == said["change"] == 1


def test_two_tabs_hear_the_same_lines_in_order(visitor: Visitor) -> None:
    one, _ = opened(visitor)
    two, _ = opened(visitor)
    with all_closed(one, two):
        said = [visitor.say(f"line {number}") for number in range(20)]
        heard = [[frame for frame in ws.until(lambda frame: frame.get("seq") == 20) if frame["type"] == "message.new"]
                 for ws in (one, two)]
    assert heard[0] == heard[1]
    assert [frame["seq"] for frame in heard[0]] == list(range(1, 21))
    assert [frame["message"]["id"] for frame in heard[0]] == [line["id"] for line in said]


def test_a_returning_page_gets_exactly_what_it_missed(visitor: Visitor) -> None:
    for number in range(5):
        visitor.say(f"line {number}")
    for since, missed in ((0, 5), (3, 2), (5, 0)):
        ws, frames = opened(visitor, since)
        with ws:
            assert texts(frames) == [f"line {number}" for number in range(5 - missed, 5)]
            assert frames[-1]["change"] == 5
    ws, frames = opened(visitor, None)
    with ws:
        assert texts(frames) == []


def test_a_conversation_longer_than_a_page_is_caught_up_without_a_gap(visitor: Visitor) -> None:
    for number in range(115):       # a page is 100; the limit is 120 a minute
        visitor.say(f"line {number}")
    ws, frames = opened(visitor, 3)
    with ws:
        assert [frame["seq"] for frame in frames[:-1]] == list(range(4, 116))


def test_a_visitor_hears_nothing_of_another_one(hub: Hub, bakery: Business, visitor: Visitor) -> None:
    other = Visitor(hub, bakery.site)
    other.say("Hello from the other one")
    ws, _ = opened(visitor)
    with ws:
        other.say("A secret")
        assert ws.quiet(1)


def test_a_ping_is_answered(visitor: Visitor) -> None:
    ws, _ = opened(visitor)
    with ws:
        ws.say(type="ping")
        assert ws.frame() == {"type": "pong"}
