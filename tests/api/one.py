"""What there is once does, as four tests: globals().update(walks_of(ONE)) in its own test file."""

from collections.abc import Callable
from typing import Any

import pytest

from tests import factories
from tests.api import routes
from tests.api.noun import One, by, named, snake
from tests.api.walks import ROLES
from tests.client import Client
from tests.factories import People


def walks_of(one: One) -> dict[str, Callable[..., None]]:
    """The tests, by their names."""
    wrong = [(name, value) for name, values in one.wrong.items() for value in values]

    def test_it_is_shown_to_those_who_may_see_it(app: Any, people: People) -> None:
        assert _shown(by(app, people, one.reads), one)
        for role in ROLES[:ROLES.index(one.reads)]:
            by(app, people, role).get(one.path, expect=403)

    def test_it_changes_what_is_given_in_either_spelling_and_nothing_else(app: Any, people: People) -> None:
        asks = by(app, people, one.updates)
        before = _shown(asks, one)
        assert not one.change.items() & before.items(), "these are there already"
        for name, value in one.change.items():
            for body in ({name: value}, one.spelled({name: value}), {}):
                after = _snaked(asks.call(one.method, one.path, json=body, expect=200).get_json(), one)
                assert after == _shown(asks, one) and after[name] == value
        assert {name for name in after if after[name] != before[name]} <= {*one.change, *one.follows}

    def test_nobody_else_changes_it_or_finds_theirs_changed(app: Any, people: People, dave: Client) -> None:
        asks = by(app, people, one.updates)
        kept, before = _shown(dave, one), _shown(asks, one)
        for role in ROLES[:ROLES.index(one.updates)]:
            by(app, people, role).call(one.method, one.path, json=one.change, expect=403)
        assert _shown(asks, one) == before
        stolen = {"id": kept.get("id"), "tenant": people.other.id, "tenant_id": people.other.id}
        asks.call(one.method, one.path, json={**one.change, **stolen}, expect=200)
        factories.forget()
        assert _shown(dave, one) == kept

    @pytest.mark.parametrize(("name", "value"), wrong, ids=[name for name, _ in wrong])
    def test_a_wrong_field_is_refused_by_name_and_nothing_is_written(
            app: Any, people: People, name: str, value: Any) -> None:
        asks = by(app, people, one.updates)
        before = _shown(asks, one)
        error = asks.refused(one.method, one.path, {**one.change, name: value},
                             status=routes.dialect(routes.find(one.route)).invalid)
        assert named(error["details"]["field"], name), error
        assert _shown(asks, one) == before

    return {name: test for name, test in locals().items() if name.startswith("test_")}


def _shown(client: Client, one: One) -> dict[str, Any]:
    return _snaked(client.get(one.path), one)


def _snaked(answer: dict[str, Any], one: One) -> dict[str, Any]:
    """Out of its envelope, its names in snake_case."""
    wrapped = routes.dialect(routes.find(one.route)).one
    return {snake(name): value for name, value in (answer[wrapped] if wrapped else answer).items()}
