"""Events that came in and could not be used: listed with their reason, done again, for those who keep channels."""

import orjson
import pytest

from hub.channels.base import Hook
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.message import Message
from hub.services.channels import webhooks
from tests import factories
from tests.client import Client
from tests.factories import People
from tests.fakes import signed


@pytest.fixture
def channel(people: People) -> Channel:
    return factories.make_custom(people.tenant, "http://127.0.0.1:9/", refuse=False)


def came(channel: Channel, body: bytes) -> None:
    headers = {name.lower(): value for name, value in signed(channel.secret.reveal(), body).items()}
    webhooks.accept("custom", str(channel.token), Hook(headers, body, {"source": "crm"}))
    webhooks.process(InboundEvent.select().order_by(InboundEvent.id.desc()).get().id)


def test_a_failed_event_is_listed_with_its_reason_and_done_again(alice: Client, channel: Channel) -> None:
    came(channel, b'{"id": "1", "from": {"id": "a"}, "text": "good"}')
    came(channel, orjson.dumps([{"id": "2", "from": {"id": "a"}, "text": "good too"}, {"id": "3"}]))
    path = f"/api/channels/{channel.uuid}/events"
    (failed,) = alice.get(path)
    assert (failed["state"], failed["attempts"], failed["query"]) == ("failed", 1, {"source": "crm"})
    assert "from" in failed["error"] and '"good too"' in failed["body"] and "secret" not in str(failed)
    assert len(alice.get(f"{path}?state=done")) == 1
    assert alice.post(f"{path}/{failed['id']}/replay", {}, expect=200)["state"] == "received"
    webhooks.process(InboundEvent.select().order_by(InboundEvent.id.desc()).get().id)
    assert [message.text for message in Message.select().order_by(Message.id)] == ["good", "good too"]


def test_what_did_not_fail_and_what_is_elsewhere_is_not_done_again(alice: Client, dave: Client, bob: Client,
                                                                channel: Channel, people: People) -> None:
    came(channel, b'{"id": "1", "from": {"id": "a"}, "text": "good"}')
    event, other = InboundEvent.get(), factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    alice.post(f"/api/channels/{channel.uuid}/events/{event.uuid}/replay", {}, expect=409)
    alice.post(f"/api/channels/{other.uuid}/events/{event.uuid}/replay", {}, expect=404)
    dave.get(f"/api/channels/{channel.uuid}/events", expect=404)
    bob.get(f"/api/channels/{channel.uuid}/events", expect=403)
    alice.get(f"/api/channels/{channel.uuid}/events?state=lost", expect=400)
