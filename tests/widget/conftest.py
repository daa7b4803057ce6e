"""The browser, the fake hub and the page that the widget's browser tests share."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from tests.chromium import launched
from tests.widget.fake_hub import Hub, create_hub
from tests.widget.host_page import create_page
from tests.widget.visitor import Visitor

# What the browser itself says about a line that the test has cut.
EXPECTED = ("Failed to load resource", "WebSocket connection")


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(5)


@pytest.fixture(scope="module")
def world() -> Iterator[tuple[Hub, str]]:
    hub = Hub()
    with served(create_hub(hub)) as hub_url, served(create_page(hub_url)) as page_url:
        yield hub, page_url


@pytest.fixture
def hub(world: tuple[Hub, str]) -> Hub:
    world[0].reset()
    return world[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, world: tuple[Hub, str]) -> Iterator[Callable[..., Visitor]]:
    """visit(path, script=…, of=visitor for a second tab, **context options); no surprise may reach the console."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def make(path: str = "", script: str = "", of: Visitor | None = None, **options: Any) -> Visitor:
        if of is None:
            wide = {"viewport": {"width": 1280, "height": 800}, "locale": "ru-RU", **options}
            contexts.append(browser.new_context(**wide))
        return Visitor(of.context if of else contexts[-1], world[1], said, path, script)

    yield make
    for context in contexts:
        context.close()
    assert [line for line in said if not line.startswith(EXPECTED)] == []
