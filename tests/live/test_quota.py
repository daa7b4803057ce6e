"""Somebody who opens streams without end is refused, and everybody else goes on."""

import httpx2
import pytest

from tests.live.hub import Hub, Visitor
from tests.waits import STUCK_S, until

pytestmark = pytest.mark.slow
_ALLOWED = 30


def test_streams_of_one_visitor_end_with_429_and_free_places_are_taken_again(hub: Hub, visitor: Visitor) -> None:
    """Streams, many more than allowed, of one token."""
    with httpx2.Client(base_url=hub.url, timeout=STUCK_S, headers=visitor.http.headers,
                       limits=httpx2.Limits(max_connections=None)) as http:
        opened = [http.send(http.build_request("GET", "/widget/events"), stream=True) for _ in range(3 * _ALLOWED)]
        said = [answer.status_code for answer in opened]
        refused = next(answer for answer in opened if answer.status_code == 429)
        assert set(said) == {200, 429} and said.count(200) <= _ALLOWED
        assert int(refused.headers["Retry-After"]) > 0 and b"too_many_streams" in refused.read()
        assert httpx2.get(f"{hub.url}/health", timeout=STUCK_S).status_code == 200
        visitor.say("Am I still heard?")
        Visitor(hub, visitor.site).say("And somebody else?")
        for answer in opened:
            answer.close()

    def again() -> bool:
        with visitor.http.stream("GET", "/widget/events") as answer:
            return bool(answer.status_code == 200)

    until(again, lambda: "a place that was left stays taken")
