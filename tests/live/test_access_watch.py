"""What is open ends within seconds of losing its right, on every kind of stream, also when nobody tells."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import httpx2
import pytest
import websocket

from tests.live.hub import ORIGIN, Business, Hub, Visitor
from tests.live.peers import Socket, Stream, opened, visitor_stream
from tests.waits import STUCK_S

pytestmark = pytest.mark.slow
# How a person loses the right to look; each colleague below is called like the way.
WAYS = {
    "disabled": ("changes.apply(by, user, {'is_active': False})",),
    "demoted": ("changes.apply(by, user, {'role': 'guest'})",),
    "moved": ("tenant = user.tenant_id", "user.tenant = Tenant.create(name='Elsewhere')", "user.save(only=['tenant'])",
              "revocation.tell(tenant, user.id)"),
    "untold": ("User.update(is_active=False).where(User.id == user.id).execute()",),
}


@pytest.fixture(scope="module")
def shop(hub: Hub) -> Business:
    return hub.business("watched")


def _site(business: Business, change: str) -> tuple[str, ...]:
    return f"site = Channel.get(Channel.token == '{business.site}')", change


def _staff(hub: Hub, business: Business, cookie: str = "") -> Stream:
    stream = Stream(hub, "/inbox/events", Cookie=f"parley_session={cookie or hub.sign_in(business)}")
    assert stream.status == 200
    return stream


def _has_ended(stream: Stream, within: float = STUCK_S) -> bool:
    """Did the server end it?"""
    deadline = time.monotonic() + within
    while not stream.is_over:
        if time.monotonic() > deadline:
            return False
        list(stream.events(0.5))
    return True


def test_signing_out_ends_that_browsers_stream_and_no_other(hub: Hub, shop: Business) -> None:
    cookie = hub.sign_in(shop)
    with _staff(hub, shop, cookie) as one, _staff(hub, shop) as other:
        answer = httpx2.post(f"{hub.url}/auth/logout", timeout=STUCK_S, headers={"Cookie": f"parley_session={cookie}"})
        assert answer.status_code == 200
        assert _has_ended(one)
        assert not _has_ended(other, 1)


def test_the_connection_of_an_ended_stream_carries_the_next_requests(hub: Hub, shop: Business) -> None:
    cookie = {"Cookie": f"parley_session={hub.sign_in(shop)}"}
    with closing(HTTPConnection("127.0.0.1", hub.port, timeout=STUCK_S)) as link:
        link.request("GET", "/inbox/events", headers=cookie)
        stream = link.getresponse()
        assert stream.status == 200 and stream.readline()
        httpx2.post(f"{hub.url}/auth/logout", timeout=STUCK_S, headers=cookie)
        stream.read()
        until = time.monotonic() + 1.5      # who does not read is cut off a second later
        while time.monotonic() < until:
            link.request("GET", "/health")
            assert link.getresponse().read()
            time.sleep(0.1)


def test_a_stream_by_token_ends_when_the_token_is_signed_out(hub: Hub, shop: Business) -> None:
    person = {"email": shop.email, "password": shop.password}
    token = httpx2.post(f"{hub.url}/api/auth/login", json=person, timeout=STUCK_S).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    with Stream(hub, "/inbox/events", **headers) as stream:
        assert stream.status == 200
        httpx2.post(f"{hub.url}/api/auth/logout", headers=headers, timeout=STUCK_S)
        assert _has_ended(stream)


@pytest.fixture(scope="module")
def colleagues(hub: Hub, shop: Business) -> Iterator[dict[str, Stream]]:
    """The stream of a colleague for each way, and of one whom nothing happens to."""
    names = [*WAYS, "lucky"]
    hub.do(f"owner = User.get(User.email == '{shop.email}')", f"for name in {names}:",
           "    User.create(tenant=owner.tenant, email=name + '@watched.example', role='operator',"
           " password_hash=owner.password_hash)")
    with ExitStack() as streams:
        found = {name: streams.enter_context(_staff(hub, Business(shop.site, f"{name}@watched.example", shop.password)))
                 for name in names}
        steps = [step for name, lines in WAYS.items()
                 for step in (f"user = User.get(User.email == '{name}@watched.example')", *lines)]
        hub.do("from hub.services import revocation", *steps)
        yield found


@pytest.mark.parametrize("way", WAYS)
def test_the_stream_of_whoever_lost_the_right_ends(colleagues: dict[str, Stream], way: str) -> None:
    assert _has_ended(colleagues[way])


def test_the_stream_of_whom_nothing_happened_to_goes_on(colleagues: dict[str, Stream]) -> None:
    assert not _has_ended(colleagues["lucky"], 1)


def test_sockets_and_streams_end_when_their_site_is_switched_off(hub: Hub, visitor: Visitor) -> None:
    closing = hub.business("closing")
    guest = Visitor(hub, closing.site)
    (ws, _), (other, _) = opened(guest), opened(visitor)
    with ws, other, visitor_stream(guest) as stream, _staff(hub, closing) as staff:
        hub.do(*_site(closing, "changes.apply(by, site, {'is_active': False})"))
        assert ws.ended() in (1006, 1013)
        assert _has_ended(stream)
        assert other.quiet(0.5) and not _has_ended(staff, 0.5)
    _refused(hub, closing, 404)


def test_a_suspended_business_is_disconnected_and_refused_everywhere(hub: Hub, visitor: Visitor) -> None:
    suspended = hub.business("suspended")
    cookie, guest = hub.sign_in(suspended), Visitor(hub, suspended.site)
    (ws, _), (other, _) = opened(guest), opened(visitor)
    with ws, other, visitor_stream(guest) as stream, _staff(hub, suspended, cookie) as staff:
        hub.do(*_site(suspended, "changes.apply(by, site.tenant, {'status': 'restricted'})"))
        assert ws.ended() in (1006, 1013)
        assert _has_ended(stream) and _has_ended(staff)
        assert other.quiet(0.5)
    _refused(hub, suspended, 403)
    with httpx2.Client(base_url=hub.url, timeout=STUCK_S) as http:
        asked = {"Cookie": f"parley_session={cookie}; locale=en"}
        api = http.get("/api/tenant", headers=asked)
        assert (api.status_code, api.json()["error"]["code"]) == (403, "TENANT_RESTRICTED")
        page = http.get("/inbox", headers=asked)
        assert page.status_code == 403 and "This business is suspended" in page.text
        again = http.post("/auth/login", json={"email": suspended.email, "password": suspended.password})
        assert (again.status_code, again.json()["error"]["code"]) == (403, "TENANT_RESTRICTED")
    line = guest.http.post("/widget/messages", json={"clientId": "client-0001", "text": "Hello?"})
    assert (line.status_code, line.json()["error"]["code"]) == (403, "TENANT_RESTRICTED")


def _refused(hub: Hub, business: Business, status: int) -> None:
    """Nothing of that site opens any more."""
    time.sleep(1.1)         # a site is remembered for a second
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        Socket(hub, business.site)
    assert refused.value.status_code == status
    origin = {"Origin": ORIGIN}
    config = f"{hub.url}/widget/config?site={business.site}"
    assert httpx2.get(config, headers=origin, timeout=STUCK_S).status_code == status
    opening = httpx2.post(f"{hub.url}/widget/session", json={"site": business.site}, headers=origin, timeout=STUCK_S)
    assert opening.status_code == status
