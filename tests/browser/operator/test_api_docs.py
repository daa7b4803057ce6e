"""The API description in a browser: our colours in light and dark, and the rules of accessibility (axe-core)."""

from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.browser.stack import Stack
from tests.waits import STUCK_S

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_an_open_operation_breaks_no_rule_of_accessibility(
        stack: Stack, browser: Any, scheme: str, width: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.set_default_timeout(STUCK_S * 1000)
    page.goto(f"{stack.hub}/api-docs")
    page.locator(".opblock-tag", has_text="agents").click()
    page.locator(".opblock-post .opblock-summary-control").first.click()
    page.locator(".opblock-body .responses-wrapper").first.wait_for()
    found = Axe().run(page)["violations"]
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found] == []
    context.close()
