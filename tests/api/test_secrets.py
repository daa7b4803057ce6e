"""What is secret stands in no event, in no line of the log and in no queued job, whatever a caller sends and where."""

import io
import json
import logging
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from hub import queue
from hub.api.kit.table import Route
from hub.lib import masking
from hub.models.accounts.user import User
from hub.models.channels.channel import Channel
from hub.models.platform.event import Event
from hub.models.platform.integration_secret import IntegrationSecret
from hub.models.platform.proxy import Proxy
from hub.settings import Settings
from hub.web import binding
from tests.api import test_page_events as pages
from tests.api.bodies import QUERIES, caller, changing, name, routes
from tests.api.world import World, undone
from tests.client import Client
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("uncounted")

SENT = "Hush-hush-4711"
# Names under which something secret may come, whether the route knows them or not.
NAMES = ("password", "new_password", "current_password", "apiKey", "api_key", "token", "refresh_token", "secret",
         "identity_secret", "webhookSecret", "totp", "totp_code", "otp", "recovery_codes", "access_token",
         "client_secret", "private_key", "authorization", "cookie", "credentials", "plaintextValue")
WRITING = [route for route in routes() if route.method != "GET"]
owner = pages.owner


class Tap:
    """Every line of our own log, down to the finest, as it is written."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, logger: object, method: str, line: Any) -> Any:
        self.lines.append(str(line))
        return line


@pytest.fixture
def log(world: World, caplog: pytest.LogCaptureFixture) -> Iterator[Tap]:
    was, tap = structlog.get_config(), Tap()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
                        processors=[*was["processors"], tap])
    caplog.set_level(logging.WARNING)       # libraries say no more than that: services/start.py
    try:
        yield tap
    finally:
        structlog.configure(**was)


def known(settings: Settings, *clients: Client) -> set[str]:
    """Everything secret there is: what was sent, what is stored, what proves who somebody is."""
    found = {SENT, PASSWORD, settings.session_secret, "Better-horse-8", "the one of before"}
    found |= {str(channel.secret.reveal()) for channel in Channel.select()}
    found |= {row.secret.reveal() for row in IntegrationSecret.select() if row.secret is not None}
    found |= {one.reveal() for row in Proxy.select() for one in (row.username, row.password) if one is not None}
    found |= {str(user.password_hash) for user in User.select()}
    found |= {client.headers["Authorization"].removeprefix("Bearer ") for client in clients
              if "Authorization" in client.headers}
    cookies = [cookie.value for client in clients for cookie in (client.http._cookies or {}).values()]
    return found | {value for value in cookies if len(value) > 12}      # not the theme and the language


def given(answer: Any) -> set[str]:
    """What an answer gives under a secret name: tokens that prove who somebody is from now on."""
    return set(_secrets(answer.get_json(silent=True)))


def _secrets(value: Any, called: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _secrets(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _secrets(inner, called)
    elif isinstance(value, str) and len(value) > 12 and masking.is_secret(called) and not called.endswith("Id"):
        yield value


def in_redis() -> str:
    """All that Redis holds: its keys, and what is in them, unpacked where RQ packed it."""
    redis: Any = queue.redis()
    reads: dict[bytes, Any] = {
        b"string": redis.get, b"hash": redis.hgetall, b"set": redis.smembers,
        b"list": lambda key: redis.lrange(key, 0, -1), b"zset": lambda key: redis.zrange(key, 0, -1),
        b"stream": redis.xrange}
    return "\n".join(f"{_text(key)} {_text(reads[redis.type(key)](key))}" for key in redis.scan_iter())


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            return zlib.decompress(value).decode(errors="replace")
        except zlib.error:
            return value.decode(errors="replace")
    if isinstance(value, dict):
        return " ".join(f"{_text(key)}={_text(inner)}" for key, inner in value.items())
    return " ".join(map(_text, value)) if isinstance(value, (list, set, tuple)) else str(value)


def assert_nowhere(secrets: set[str], log: Tap, caplog: pytest.LogCaptureFixture) -> None:
    written = json.dumps([dict(event.__data__) for event in Event.select()], default=str)
    places = {"events": written, "log": "\n".join([*log.lines, caplog.text]), "Redis": in_redis()}
    assert [(place, secret) for place, text in places.items() for secret in secrets if secret in text] == []


def body(route: Route, world: World) -> dict[str, Any]:
    """What the route takes, and secrets wherever one may be: by name, in an address, inside of a setting."""
    fits = changing(route, world)
    kept = {"avatar_url": f"https://user:{SENT}@bakery.example/",
            "config": {"api_key": SENT, "deep": [{"token": SENT}]}}
    model: Any = binding.bind(route.handler, route.path).body
    fields = set(model.model_fields) if model else set()
    return {**dict.fromkeys(NAMES, SENT), **{key: value for key, value in kept.items() if key not in fields}, **fits}


@pytest.mark.parametrize("route", WRITING, ids=name)
def test_what_a_route_is_told_in_secret_is_written_nowhere(
        world: World, callers: dict[str, Client], settings: Settings, log: Tap, caplog: pytest.LogCaptureFixture,
        route: Route) -> None:
    world.fill(route.path)
    client, nobody = callers[caller(route)], callers["nobody"]
    with undone():
        sent: dict[str, Any] = {"json": body(route, world)}
        if route.path.endswith("/upload"):
            sent = {"data": {"file": (io.BytesIO(b"# Hours"), "hours.md"), **dict.fromkeys(NAMES, SENT)}}
        more: dict[str, Any] = {"headers": {"X-API-Key": SENT},
                                "query_string": {**QUERIES.get(name(route), {}), "token": SENT}}
        lists = {name: [SENT] for name in NAMES}
        secrets = known(settings, client) | set(_secrets(sent))
        secrets |= given(client.call(route.method, world.fill(route.path), **sent, **more))
        secrets |= given(nobody.call(route.method, world.fill(route.path), json=lists, **more))
        assert_nowhere(secrets | known(settings, client), log, caplog)


@pytest.mark.parametrize("form", pages.FORMS)
def test_what_a_form_is_told_in_secret_is_written_nowhere(
        world: World, owner: Client, settings: Settings, log: Tap, caplog: pytest.LogCaptureFixture, form: str) -> None:
    world.fill(form)
    with undone():
        secrets = known(settings, owner)
        fields = pages.fields(form, world)
        secrets |= set(_secrets(fields))
        answer = owner.call("POST", world.fill(form), data={**dict.fromkeys(NAMES, SENT), **fields},
                            query_string={"token": SENT})
        assert answer.status_code < 500
        assert_nowhere(secrets | known(settings, owner), log, caplog)


def test_the_walk_would_notice(world: World, owner: Client, settings: Settings, log: Tap,
                               caplog: pytest.LogCaptureFixture) -> None:
    assert_nowhere(known(settings, owner), log, caplog)
    structlog.get_logger("test").debug("signed_in", given=SENT)
    with pytest.raises(AssertionError, match="log"):
        assert_nowhere(known(settings, owner), log, caplog)
    log.lines.clear()
    queue.queues()["maintenance"].enqueue("jobs.run.run", SENT, 1)
    with pytest.raises(AssertionError, match="Redis"):
        assert_nowhere(known(settings, owner), log, caplog)
