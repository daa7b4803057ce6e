"""How the installation does, and to whom it is told; what is counted and measured is in tests/services."""

from typing import Any
from unittest.mock import Mock

import pytest

from hub.services.platform import health, traffic
from tests import factories
from tests.client import Client
from tests.factories import People

pytestmark = pytest.mark.usefixtures("still")


def test_administrators_see_the_parts_and_others_whether_all_is_well(
        app: Any, client: Client, alice: Client, people: People) -> None:
    root = Client(app, factories.make_user(people.other, "owner", is_platform_owner=True))
    traffic.share(traffic.own("web", 3))
    for stranger in (client, alice, Client(app, headers={"Authorization": "Bearer wrong"})):
        found = stranger.get("/api/system/health")
        assert found["status"] == "healthy" and found["services"] == {}
    found = root.get("/api/system/health")["services"]
    assert found["websocket_gateway"]["active_connections"] == 3
    assert found["redis"]["connected_clients"] >= 1 and found["ai_providers"] == {}
    parts = root.get("/api/admin/system/health")
    assert parts["status"] == "healthy" and parts["database"]["pool_size"] == 20
    assert parts["disk_usage"]["uploads"] == "0B" and parts["disk_usage"]["available"].endswith(("GB", "TB"))


def test_however_many_strangers_ask_the_parts_are_asked_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Mock(side_effect=health.whole)
    monkeypatch.setattr(health, "whole", asked)
    for _ in range(3):
        assert client.get("/api/system/health")["status"] == "healthy"
    assert asked.call_count == 1
