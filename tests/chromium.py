"""Chromium as the tests use it: without a window, and missing only where nobody promised it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from scripts import chromium
from tests.waits import STUCK_S


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser until the end of the block; Playwright stands no second one beside it in the same process."""
    program = chromium.program()
    if program is None:
        missing = "there is no Chromium here (on Debian: apt install chromium-headless-shell)"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
        expect.set_options(timeout=STUCK_S * 1000)      # a condition that holds is not waited for
        yield browser
        browser.close()
