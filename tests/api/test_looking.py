"""Every address that is only looked at: it answers its owner, and changes nothing."""

import pytest

from scripts.routes import every
from tests.api import world as worlds
from tests.api.world import World
from tests.client import Client

# Opening a conversation is reading it; the document begins a test by opening its stream.
READ_BY_LOOKING = {"/inbox/<conversation>", "/api/onboarding/run-smoke-test/stream"}
LOOKS = sorted({path for method, path, _ in every() if method == "GET"} - READ_BY_LOOKING - {"/widget/live"})


@pytest.mark.parametrize("path", LOOKS)
def test_no_get_breaks_or_changes_anything(path: str, world: World, callers: dict[str, Client]) -> None:
    asked = world.fill(path)

    def look() -> int:
        response = callers["owner"].call("GET", asked, buffered=False)
        response.close()
        return int(response.status_code)
    status, changed = worlds.effect(look)
    assert status < 500 and not changed
