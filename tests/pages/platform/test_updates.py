"""The page of updates: switched off, a package sent with its progress shown, asked for, watched until it has ended."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub.lib.version import VERSION
from hub.models.platform.update import Update
from scripts import stack
from scripts.options import Options
from tests import factories
from tests.api.callers import browser
from tests.client import Client
from tests.pages import forms
from tests.updates import PUBLIC, package

PAGE = "/platform/updates"


@pytest.fixture
def root(app: Any, people: Any, tmp_path: Path) -> Iterator[Client]:
    client = browser(app, factories.make_user(factories.make_tenant(), "owner", is_platform_owner=True))
    client.headers["X-CSRFToken"] = forms.secret(client, "/api-docs")
    lock = stack.claim(Options(tmp_path / "data"))
    yield client
    stack.os.close(lock)


def test_it_says_what_runs_and_what_switches_updates_on(root: Client) -> None:
    text = root.call("GET", PAGE, expect=200).text
    assert f"Parley {VERSION} runs here." in text and "Set UPDATES_SIGNED_BY" in text
    assert 'type="file"' not in text and "No updates yet" in text


def test_a_package_is_sent_asked_for_and_watched(root: Client, use: Any, tmp_path: Path) -> None:
    use(updates_signed_by=PUBLIC, data_dir=str(tmp_path / "data"))
    with package(tmp_path).open("rb") as file:
        sent = root.call("POST", PAGE, data={"package": (file, "new.zip")}, headers={"HX-Request": "true"}, expect=200)
    assert sent.headers["HX-Redirect"] == PAGE
    text = root.call("GET", PAGE, expect=200).text
    assert "Version 9.9.9 is here and whole." in text and "Apply version 9.9.9?" in text and "Sorted lists." in text
    row = Update.get()
    for _ in range(2):      # asked twice: told, not done twice
        root.call("POST", f"{PAGE}/{row.uuid}/apply", expect=303)
    text = root.call("GET", PAGE, expect=200).text
    assert "Version 9.9.9 is on its way" in text and "Another update is on its way" in text
    assert "Waits for its turn" in root.call("GET", f"{PAGE}/progress", expect=200).text
    Update.update(state="failed", error="The signature is not of the key in UPDATES_SIGNED_BY.").execute()
    assert root.call("GET", f"{PAGE}/progress", expect=200).headers["HX-Refresh"] == "true"
    root.call("POST", f"{PAGE}/rebuild", expect=303)
    root.http.set_cookie("locale", "ru")
    text = root.call("GET", PAGE, expect=200).text
    assert "Подпись сделана не тем ключом" in text and "Всё перезапускается" in text


def test_a_package_that_is_none_is_told(root: Client, use: Any, tmp_path: Path) -> None:
    use(updates_signed_by=PUBLIC, data_dir=str(tmp_path / "data"))
    (tmp_path / "text.zip").write_text("text")
    with (tmp_path / "text.zip").open("rb") as file:
        root.call("POST", PAGE, data={"package": (file, "new.zip")}, expect=303)
    assert "The file is no update of Parley" in root.call("GET", PAGE, expect=200).text
