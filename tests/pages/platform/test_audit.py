"""The log of the business as pages: found, filtered, one thing's history, and a file of it all."""

import csv
import io
import re
from typing import Any

import pytest

from hub.access.callers import Service
from hub.services import changes
from tests import factories
from tests.api.callers import Acting, browser
from tests.client import Client
from tests.factories import People


@pytest.fixture
def page(app: Any, people: People, alice: Client) -> Client:
    """Alice's browser, after a few things were done in her business and in another one."""
    alice.patch("/api/tenant", {"name": "Bakery and more"})
    Client(app, people.bob).put("/api/users/me", {"first_name": "Robert"})
    changes.apply(Service("clock", people.tenant), people.carol, {"is_active": False})
    changes.apply(Service("clock", people.other), people.dave, {"first_name": "David"})
    return browser(app, people.alice)


def rows(text: str) -> list[str]:
    """What was done and to what, a line each."""
    cells = re.findall(r'<span class="strong">([^<]+)</span>.*?data-label="Of what">([^<]+)<', text, re.DOTALL)
    return [" ".join(cell) for cell in cells]


@pytest.mark.parametrize(("query", "shown"), [
    ("entity=tenant", ["Changed Business"]), ("who=parley", ["Changed Person"]), ("q=robert", ["Changed Person"]),
    ("q=tenant", ["Changed Business"]), ("who=customers", []), ("who=platform", []), ("q=David", []),
    ("period=day&entity=tenant", ["Changed Business"]), ("sort=nonsense&entity=tenant", ["Changed Business"])])
def test_the_log_is_searched_and_filtered(page: Client, query: str, shown: list[str]) -> None:
    text = page.call("GET", f"/settings/audit?{query}", expect=200).text
    assert rows(text) == shown
    assert ("Nothing found" in text) == (not shown)


def test_a_change_is_told_with_its_values_of_before_and_after(page: Client) -> None:
    text = page.call("GET", "/settings/audit?entity=tenant", expect=200).text
    assert "<del>Bakery</del>" in text and "<ins>Bakery and more</ins>" in text
    assert "Alice" in text and "David" not in text


def test_a_thing_is_found_by_its_id_and_has_a_history(page: Client, people: People) -> None:
    path = f"/settings/audit/tenant/{people.tenant.uuid}"
    assert f'href="{path}"' in page.call("GET", f"/settings/audit?q={people.tenant.uuid}", expect=200).text
    text = page.call("GET", path, expect=200).text
    assert "Bakery and more" in text and "Alice" in text
    for strange in (f"tenant/{people.other.uuid}", f"user/{people.dave.uuid}", "tenant/none",
                    f"cake/{people.bob.uuid}"):
        page.call("GET", f"/settings/audit/{strange}", expect=404)


def test_a_thing_to_which_nothing_has_happened_yet_has_an_empty_history(page: Client, people: People) -> None:
    site = factories.make_site(people.tenant)
    assert "Nothing has happened yet" in page.call("GET", f"/settings/audit/channel/{site.uuid}", expect=200).text


def test_the_file_holds_what_the_list_shows(page: Client, people: People) -> None:
    answer = page.call("GET", "/settings/audit.csv?entity=tenant", expect=200)
    head, *lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert len(lines) == 1
    found = dict(zip(head, lines[0], strict=True))
    assert (found["What"], found["Of what"], found["Id"]) == ("Changed", "Business", str(people.tenant.uuid))
    assert found["Who"] == f"user:{people.alice.uuid}" and "Bakery and more" in found["After"]


def test_an_administrator_of_the_platform_is_no_name_to_the_business(app: Any, page: Client, people: People) -> None:
    root = factories.make_user(factories.make_tenant(), "owner", first_name="Root", is_platform_owner=True)
    Acting(app, people.bob, root).put("/api/users/me", {"first_name": "Bobby"})
    text = page.call("GET", "/settings/audit?who=platform", expect=200).text
    assert "acting: Administrator of the platform" in text and "Root" not in text
    lines = page.call("GET", "/settings/audit.csv?who=platform", expect=200).text.splitlines()
    assert len(lines) == 2 and "127.0.0.1" not in lines[1]


def test_whoever_may_not_view_the_log_is_not_shown_the_way(app: Any, people: People) -> None:
    client = browser(app, people.bob)
    for path in ("/settings/audit", "/settings/audit.csv", f"/settings/audit/user/{people.bob.uuid}"):
        client.call("GET", path, expect=403)
    assert "/settings/audit" not in client.call("GET", "/inbox", expect=200).text
    assert "/settings/audit" in browser(app, people.alice).call("GET", "/inbox", expect=200).text


def test_a_file_is_in_the_readers_language_although_it_is_written_after_the_request(page: Client) -> None:
    page.http.set_cookie("locale", "ru")
    assert "Изменение" in page.call("GET", "/settings/audit.csv", expect=200).text
    assert "Изменение" in {row["action"] for row in page.get("/settings/audit.json")}
