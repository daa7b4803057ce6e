"""/webhooks: only who knows the channel's secret gets in, and everything else leaves no trace."""

from typing import Any

import orjson
import pytest

from hub.lib import crypto
from hub.models.channels.channel import Channel
from hub.models.channels.inbound_event import InboundEvent
from hub.models.conversations.message import Message
from hub.models.secret import Secret
from hub.services.channels import webhooks
from tests import factories
from tests.api import world as worlds
from tests.client import Client
from tests.factories import People

BODY = '{"id": "4711", "from": {"id": "vera", "name": "Вера"}, "text": "Где мой торт?"}'.encode()


@pytest.fixture
def channel(people: People) -> Channel:
    return factories.make_custom(people.tenant, "http://127.0.0.1:9/")


def signature(secret: Secret | str, body: bytes = BODY) -> str:
    return "sha256=" + crypto.sign(secret if isinstance(secret, str) else secret.reveal(), body)


def post(client: Client, channel: Channel, signed: str | None, body: bytes = BODY, expect: int | None = None,
         path: str = "") -> Any:
    given = {} if signed is None else {"X-Parley-Signature": signed}
    return client.call("POST", path or f"/webhooks/{channel.kind}/{channel.token}", data=body, expect=expect,
                       headers={"Content-Type": "application/json", **given})


def test_a_signed_event_is_stored_as_it_came_and_becomes_a_message(client: Client, channel: Channel) -> None:
    assert post(client, channel, signature(channel.secret), expect=200).get_json() == {
        "ok": True, "duplicate": False, "problems": []}
    event = InboundEvent.get()
    assert bytes(event.body) == BODY
    assert event.state == "received"
    webhooks.process(event.id)
    line = Message.get()
    assert (line.text, line.name, line.tenant_id) == ("Где мой торт?", "Вера", channel.tenant_id)


def test_the_same_event_again_is_one_event(client: Client, channel: Channel) -> None:
    for again in (False, True, True):
        assert post(client, channel, signature(channel.secret), expect=200).get_json()["duplicate"] is again
    assert InboundEvent.select().count() == 1


@pytest.mark.parametrize(("what", "signed"), [
    ("none", None), ("empty", ""), ("a word", "nonsense"), ("only the scheme", "sha256="),
    ("another secret's", signature("not the secret")), ("an empty secret's", signature("")),
    ("another body's", "{secret}|other"), ("the digest alone", "{secret}|bare"),
    ("not ASCII", "sha256=\u00e9\u00ff"), ("very long", "sha256=" + "0" * 8000)])
def test_a_wrong_signature_is_refused_and_leaves_no_row(
        client: Client, channel: Channel, what: str, signed: str | None) -> None:
    before = worlds.picture()
    result = {"{secret}|other": signature(channel.secret, b"{}"), "{secret}|bare": signature(channel.secret)[7:]}
    answer = post(client, channel, result.get(signed or "", signed), expect=403)
    assert answer.get_json()["error"]["code"] == "WEBHOOK_SIGNATURE_INVALID"
    assert worlds.picture() == before


def test_no_part_of_an_event_keeps_a_nul_not_even_a_name(client: Client, channel: Channel, alice: Client) -> None:
    post(client, channel, signature(channel.secret), expect=200,
         path=f"/webhooks/{channel.kind}/{channel.token}?so%00urce=c%00rm")
    (event,) = alice.get(f"/api/channels/{channel.uuid}/events?state=received")
    assert event["query"] == {"source": "crm"}


def test_a_digest_in_capitals_is_the_same_digest(client: Client, channel: Channel) -> None:
    post(client, channel, signature(channel.secret).upper(), expect=200)
    assert InboundEvent.select().count() == 1


@pytest.mark.parametrize("body", [
    orjson.dumps(orjson.loads(BODY)), BODY + b"\n", BODY.replace(b"4711", b"4712"), b"", BODY[:-1]],
    ids=["re-serialised", "one more newline", "one digit", "nothing", "cut"])
def test_the_signature_covers_every_byte_of_the_body(client: Client, channel: Channel, body: bytes) -> None:
    post(client, channel, signature(channel.secret), body, expect=403)
    assert InboundEvent.select().count() == 0


def test_the_secret_of_one_channel_opens_no_other(client: Client, channel: Channel, people: People) -> None:
    mine, other = (factories.make_custom(owner, "http://127.0.0.1:9/") for owner in (people.tenant, people.other))
    for stranger in (mine, other):
        post(client, channel, signature(stranger.secret), expect=403)
    assert InboundEvent.select().count() == 0


def test_what_is_no_channel_for_webhooks_does_not_exist(client: Client, channel: Channel, people: People) -> None:
    site = factories.make_site(people.tenant)
    off = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    Channel.update(is_active=False).where(Channel.id == off.id).execute()
    for kind, token, secret in (("custom", "nonsense", channel.secret), ("website", site.token, site.secret),
                                ("custom", site.token, site.secret), ("telegram", channel.token, channel.secret),
                                ("custom", off.token, off.secret), ("base", channel.token, channel.secret),
                                ("custom", "a%00b", channel.secret), ("custom", "%ed%a0%80", channel.secret),
                                ("custom", "x" * 500, channel.secret)):
        post(client, channel, signature(secret), expect=404, path=f"/webhooks/{kind}/{token}")
    assert InboundEvent.select().count() == 0


@pytest.mark.parametrize(("size", "status"), [(1024 * 1024, 200), (1024 * 1024 + 1, 413)])
def test_a_body_may_have_a_megabyte(client: Client, channel: Channel, size: int, status: int) -> None:
    body = BODY + b" " * (size - len(BODY))
    post(client, channel, signature(channel.secret, body), body, expect=status)
    assert InboundEvent.select().count() == (status == 200)


@pytest.mark.parametrize("body", [b"not json", b"[1]", b"null", b'{"id": 1}', b"\xff\xfe", b'{"id": "1"}' * 3])
def test_a_signed_body_that_cannot_be_used_is_refused_with_a_sentence(
        client: Client, channel: Channel, body: bytes) -> None:
    error = post(client, channel, signature(channel.secret, body), body, expect=400).get_json()["error"]
    assert error["message"] and error["details"]["problems"][0]["message"] == error["message"]
    assert InboundEvent.select().count() == 0


@pytest.mark.parametrize(("body", "field"), [
    (b'{"id": "1", "from": {"id": "a"}}', "text"), (b'{"id": "1", "text": "x"}', "from"),
    (b'{"id": "1", "from": {"id": null}, "text": "x"}', "from.id"), (b'{"from": {"id": "a"}, "text": "x"}', "id")])
def test_the_refusal_names_the_field(client: Client, channel: Channel, body: bytes, field: str) -> None:
    error = post(client, channel, signature(channel.secret, body), body, expect=400).get_json()["error"]
    assert error["details"]["field"] == field


@pytest.mark.parametrize("body", [
    '{"id":1795802092,"from":{"id":"p2"},"text":"Да"}', '{"id":"a","from":{"id":777},"text":"Да"}',
    '{"id":"a","from":{"id":"b","phone":79991234567},"text":"Да"}',
    '{"id":"a","from":{"id":"b","name":null},"text":"Да"}'])
def test_numbers_and_null_are_taken(client: Client, channel: Channel, body: str) -> None:
    raw = body.encode()
    assert post(client, channel, signature(channel.secret, raw), raw, expect=200).get_json()["problems"] == []
    webhooks.process(InboundEvent.get().id)
    assert Message.get().text == "Да"


def test_the_bad_items_of_a_list_are_reported_and_the_good_ones_taken(client: Client, channel: Channel) -> None:
    raw = b'[{"id": "1", "from": {"id": "a"}, "text": "good"}, {"id": "2", "from": {"id": "a"}}]'
    answer = post(client, channel, signature(channel.secret, raw), raw, expect=200).get_json()
    assert [(problem["index"], problem["field"]) for problem in answer["problems"]] == [(1, "text")]
    webhooks.process(InboundEvent.get().id)
    assert [message.text for message in Message.select()] == ["good"]


def test_another_body_under_the_same_key_is_refused(client: Client, channel: Channel) -> None:
    other = BODY.replace(b"4711", b"4712")
    for body, status in ((BODY, 200), (BODY, 200), (other, 422)):
        answer = client.call("POST", f"/webhooks/custom/{channel.token}", data=body, expect=status,
                             headers={"X-Parley-Signature": signature(channel.secret, body), "Idempotency-Key": "flow"})
    assert answer.get_json()["error"]["code"] == "idempotency_key_reused"


def test_the_address_answers_a_signed_challenge_and_no_other(client: Client, channel: Channel) -> None:
    path = f"/webhooks/custom/{channel.token}?challenge=abc-123"
    answer = client.call("GET", path, headers={"X-Parley-Signature": signature(channel.secret, b"abc-123")}, expect=200)
    assert answer.data == b"abc-123" and answer.mimetype == "text/plain"
    for given in (signature(channel.secret, b"other"), signature("nobody's", b"abc-123"), ""):
        client.call("GET", path, headers={"X-Parley-Signature": given}, expect=403)
    assert InboundEvent.select().count() == 0


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                                          "text/plain", "application/octet-stream"])
def test_the_content_type_does_not_change_what_is_signed(
        client: Client, channel: Channel, content_type: str) -> None:
    client.call("POST", f"/webhooks/custom/{channel.token}", data=BODY, expect=200,
                headers={"Content-Type": content_type, "X-Parley-Signature": signature(channel.secret)})
    assert bytes(InboundEvent.get().body) == BODY
