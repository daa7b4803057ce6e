"""A database of an earlier release: one upgrade gives it today's schema, and everything in it is still there."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from hub.models import ALL, base, migrate
from hub.models.accounts.user import User
from scripts.migration_source import difference
from tests import kept, servers
from tests.client import Client
from tests.models.conftest import Upgraded


def holds(before: Any, now: Any) -> bool:
    """Is everything that was so still so? More than that is welcome."""
    if isinstance(before, dict):
        return isinstance(now, dict) and all(key in now and holds(before[key], now[key]) for key in before)
    if isinstance(before, list):
        return isinstance(now, list) and len(before) == len(now) and all(map(holds, before, now))
    return bool(before == now)


def test_one_upgrade_makes_it_the_schema_of_a_new_database(upgraded: Upgraded, tmp_path: Path) -> None:
    with base.db.connection_context():
        assert not difference(base.db, ALL)
    with servers.empty_database(upgraded.url, tmp_path) as url:
        new = replace(upgraded.settings, database_url=url)
        migrate.upgrade(new)
        base.db.close_all()
        base.connect(upgraded.settings)
        assert kept.schema(upgraded.url) == kept.schema(url)


def test_a_second_upgrade_does_nothing(upgraded: Upgraded) -> None:
    assert migrate.upgrade(upgraded.settings) == []


def test_no_row_is_lost_and_no_state_is_another_one(upgraded: Upgraded) -> None:
    for table, count in upgraded.truths["rows"].items():
        assert kept.rows(upgraded.url, f'SELECT COUNT(*) FROM "{table}"') == [(count,)], table
    for table, states in upgraded.truths["states"].items():
        query = f'SELECT state, COUNT(*) FROM "{table}" GROUP BY state'
        assert dict(kept.rows(upgraded.url, query)) == states, table


def test_everybody_is_still_who_they_were(upgraded: Upgraded) -> None:
    for person in upgraded.truths["people"]:
        user = User.by_email(person["email"])
        assert user is not None and (user.name, user.tenant.name, user.is_active) == (
            person["name"], person["tenant"], person["active"])
        if user.is_active:
            assert Client(upgraded.app, user).get("/api/users/me")["role"] == person["role"]


def test_the_api_answers_what_it_answered(upgraded: Upgraded) -> None:
    for email, answers in upgraded.truths["seen"].items():
        caller = Client(upgraded.app, User.by_email(email))
        for path, before in answers.items():
            now = caller.get(path)
            assert holds(before, now), (path, before, now)


def test_a_conversation_is_with_whom_it_was_and_for_the_same_reason(upgraded: Upgraded) -> None:
    olga = Client(upgraded.app, User.by_email(upgraded.truths["owner"]["email"]))
    dave = Client(upgraded.app, User.by_email("dave@florist.example"))
    now = {row["id"]: row for caller in (olga, dave) for row in caller.get("/api/conversations?limit=100")}
    assert {key: now[key]["floorReason"] for key in upgraded.truths["reasons"]} == upgraded.truths["reasons"]
    for key, words in upgraded.truths["own_words"].items():
        assert words in now[key].values(), "the reason in a person's own words"


def test_a_business_still_sells_what_it_sold_and_keeps_its_files(upgraded: Upgraded) -> None:
    query = "SELECT name, sku, price, currency, in_stock FROM product ORDER BY id"
    assert [[name, sku, float(price), currency, bool(there)] for name, sku, price, currency, there
            in kept.rows(upgraded.url, query)] == [
        [name, sku, float(price), *more] for name, sku, price, *more in upgraded.truths["products"]]
    assert [list(row) for row in kept.rows(upgraded.url, "SELECT name, sha256 FROM file ORDER BY id")] \
        == upgraded.truths["files"]
