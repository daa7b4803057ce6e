"""What every plain noun does, as ten tests: globals().update(walks(NOUN)) in the noun's own test file.

A noun that has not all five routes has the tests of those that it has.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub.api.kit.dialect import Pager
from tests.api.noun import Noun, by, named
from tests.client import Client
from tests.factories import People

ROLES = ("guest", "viewer", "operator", "admin", "owner")


def walks(noun: Noun) -> dict[str, Callable[..., None]]:
    """The tests, by their names."""
    lists, makes, shows = noun.has("GET"), noun.has("POST"), noun.has("GET", item=True)
    changes, deletes = noun.has("PATCH", item=True), noun.has("DELETE", item=True)
    wrong = [(name, value) for name, values in noun.wrong.items() for value in values]
    found: dict[str, Callable[..., None]] = {}

    def only(*needed: bool) -> Callable[[Callable[..., None]], Callable[..., None]]:
        return lambda test: found.setdefault(test.__name__, test) if all(needed) else test

    @only(lists)
    def test_it_lists_its_own(app: Any, people: People) -> None:
        _Walk(noun, app, people).lists()

    @only(lists)
    def test_it_comes_page_after_page(app: Any, people: People) -> None:
        _Walk(noun, app, people).pages()

    @only(shows, lists)
    def test_it_shows_one(app: Any, people: People, dave: Client) -> None:
        _Walk(noun, app, people).shows(dave)

    @only(makes, lists)
    def test_it_makes_one_and_counts_for_itself(app: Any, people: People) -> None:
        _Walk(noun, app, people).makes()

    @only(changes, shows)
    def test_it_changes_what_is_given_in_either_spelling(app: Any, people: People, dave: Client) -> None:
        _Walk(noun, app, people).changes(dave)

    @only(lists, changes or makes)
    def test_it_keeps_nothing_that_would_break_a_page(app: Any, people: People) -> None:
        _Walk(noun, app, people).cleans()

    @only(deletes)
    def test_it_deletes_one(app: Any, people: People, dave: Client) -> None:
        _Walk(noun, app, people).deletes(dave)

    @only(bool(wrong))
    @pytest.mark.parametrize(("name", "value"), wrong, ids=[name for name, _ in wrong])
    def test_a_wrong_field_is_refused_by_name(app: Any, people: People, name: str, value: Any) -> None:
        _Walk(noun, app, people).refuses(name, value)

    @only(lists, bool(noun.filters))
    def test_its_filters_find_it_and_nothing_of_others(app: Any, people: People, dave: Client) -> None:
        _Walk(noun, app, people).filters(dave)

    @only(makes)
    def test_it_is_made_once_by_its_key(app: Any, people: People) -> None:
        _Walk(noun, app, people).makes_once()

    return found


# What turns text round, ends it in a database, or rings a bell.
_BREAKING = "\N{RIGHT-TO-LEFT OVERRIDE}\x00\x07"


class _Walk:
    """The bodies of the tests. `below` is whoever may just not."""

    def __init__(self, noun: Noun, app: Any, people: People) -> None:
        self.noun, self.app, self.people, self.base = noun, app, people, noun.at(people.tenant)
        self.owner = Client(app, people.alice)

    def who(self, role: str) -> Client:
        return by(self.app, self.people, role)

    def below(self, role: str) -> Client:
        return self.who(ROLES[ROLES.index(role) - 1])

    def make(self) -> Any:
        return self.noun.make(self.people.tenant)

    def item(self, row: Any) -> str:
        """The address of a model's row, or of one that a response showed."""
        return f"{self.base}/{row['id'] if isinstance(row, dict) else row.uuid}"

    def shown(self, row: Any) -> dict[str, Any]:
        """The row as the owner sees it, by itself or in the list."""
        if self.noun.has("GET", item=True):
            return self.noun.one(self.owner.get(self.item(row)))
        key = self.item(row)
        return next(one for one in self.noun.many(self.owner.get(self.base)) if self.item(one) == key)

    def rows(self) -> list[Any]:
        return [row.uuid for row in self.noun.model.of(self.people.tenant)]

    def claimed(self, method: str) -> dict[str, Any]:
        """What is not the body's to say."""
        others = {"tenant": self.people.other.id, "tenant_id": self.people.other.id}
        return {**dict.fromkeys({*self.noun.settled(method), "uuid"}, 77), **others}

    def lists(self) -> None:
        noun, row = self.noun, self.make()
        noun.make(self.people.other)
        (found,) = noun.many(self.who(noun.reads).get(self.base))
        assert found["id"] == str(row.uuid)
        self.below(noun.reads).get(self.base, expect=403)

    def pages(self) -> None:
        noun = self.noun
        made = [str(self.make().uuid) for _ in range(5)]
        noun.make(self.people.other)
        pages = list(_pages(noun, self.base, self.who(noun.reads)))
        assert [len(page) for page in pages] == [2, 2, 1]
        assert [row["id"] for page in pages for row in page] == (made if noun.ascending else made[::-1])

    def shows(self, stranger: Client) -> None:
        noun, row, asks = self.noun, self.make(), self.who(self.noun.reads)
        shown = noun.one(asks.get(self.item(row)))
        assert shown == noun.many(asks.get(self.base))[0] and shown["id"] == str(row.uuid)
        stranger.refused("GET", self.item(row), status=404)

    def makes(self) -> None:
        noun, asks = self.noun, self.who(self.noun.creates)
        plain = noun.one(asks.post(self.base, noun.new, expect=201))
        assert noun.new.items() <= plain.items()
        assert self.shown(plain) == plain
        claimed = self.claimed("POST")
        for sent in (claimed, noun.spelled(claimed)):
            other = noun.one(asks.post(self.base, {**noun.new, **sent}, expect=201))
            differs = {name for name in other if other[name] != plain[name]}
            assert differs <= {"id", "number", "created_at", "updated_at"}
            assert 77 not in (other["id"], other.get("number"), other["created_at"])
        assert len(self.rows()) == 3
        self.below(noun.creates).post(self.base, noun.new, expect=403)

    def changes(self, stranger: Client) -> None:
        noun, asks = self.noun, self.who(self.noun.updates)
        whole = {**noun.change, **self.claimed("PATCH")}
        for body in (whole, noun.spelled(whole)):
            row = self.make()
            before = self.shown(row)
            after = noun.one(asks.patch(self.item(row), body))
            assert noun.change.items() <= after.items() and self.shown(row) == after
            touched = {name for name in after if after[name] != before[name]}
            assert set(noun.change) <= touched <= {*noun.change, "updated_at"}, touched
        stranger.refused("PATCH", self.item(row), noun.change, status=404)
        self.below(noun.updates).patch(self.item(row), noun.change, expect=403)
        assert self.shown(row) == after

    def cleans(self) -> None:
        """What would break a page within any text is taken out or refused, also where a field is changed alone."""
        noun, change = self.noun, self.noun.has("PATCH", item=True)
        for name, value in {**noun.new, **noun.change}.items():
            turned = {name: _turned(value)}
            row = self.make()
            response = self.owner.call("PATCH", self.item(row), json=turned) if change else self.owner.call(
                "POST", self.base, json={**noun.new, **turned})
            assert response.status_code in (200, 201, noun.dialect.invalid), response.text
            for kept in noun.many(self.owner.get(self.base)):
                assert not {*_BREAKING} & {*_letters(kept[name])}, name

    def deletes(self, stranger: Client) -> None:
        noun, asks = self.noun, self.who(self.noun.deletes)
        row, kept, status = self.make(), self.make(), noun.route("DELETE", item=True).status
        stranger.refused("DELETE", self.item(row), status=404)
        self.below(noun.deletes).delete(self.item(row), expect=403)
        asks.delete(self.item(row), expect=status)
        for method in ("GET", "PATCH", "DELETE"):
            if noun.has(method, item=True):
                asks.refused(method, self.item(row), status=404)
        assert self.rows() == [kept.uuid]

    def refuses(self, name: str, value: Any) -> None:
        noun, row = self.noun, self.make()
        before = self.shown(row)
        calls = [("POST", self.base, {**noun.new, name: value})] if noun.has("POST") else []
        calls += [("PATCH", self.item(row), {name: value})] if noun.has("PATCH", item=True) else []
        for method, path, sent in calls:
            error = self.owner.refused(method, path, sent, status=noun.dialect.invalid, code="VALIDATION_ERROR")
            assert named(error["details"]["field"], name), error
        assert self.rows() == [row.uuid] and self.shown(row) == before

    def filters(self, stranger: Client) -> None:
        noun = self.noun
        made = noun.one(self.owner.post(self.base, noun.new, expect=201)) if noun.has("POST") else self.shown(
            self.make())
        for name, value in noun.filters.items():
            found = noun.many(self.owner.get(self.base, query_string={name: value}))
            assert [row["id"] for row in found] == [made["id"]], (name, value)
            if noun.above is None:
                assert noun.many(stranger.get(self.base, query_string={name: value})) == [], (name, value)

    def makes_once(self) -> None:
        noun, asks = self.noun, self.who(self.noun.creates)
        made = [noun.one(asks.post(self.base, noun.new, expect=201, headers={"Idempotency-Key": "once"}))
                for _ in range(2)]
        assert made[0] == made[1] and len(self.rows()) == 1
        for name in noun.new:
            error = asks.refused("POST", self.base, {key: value for key, value in noun.new.items() if key != name},
                                 status=noun.dialect.invalid, code="VALIDATION_ERROR")
            assert named(error["details"]["field"], name), error


def _letters(value: Any) -> str:
    """All that is written in the value, as it stands."""
    if isinstance(value, dict):
        return "".join(_letters(inner) for pair in value.items() for inner in pair)
    return "".join(map(_letters, value)) if isinstance(value, list) else str(value)


def _turned(value: Any) -> Any:
    """The value with what would break a page in the middle of every text."""
    if isinstance(value, list):
        return [_turned(one) for one in value]
    return value[:-1] + _BREAKING + value[-1:] if isinstance(value, str) else value


def _pages(noun: Noun, base: str, asks: Client) -> Iterator[list[dict[str, Any]]]:
    """The list in pages of two, however the noun's contract asks for them."""
    following: dict[str, Any] = {Pager.NUMBERED: {"page": 1}, Pager.OFFSET: {"offset": 0}, Pager.CURSOR: {}}[
        noun.dialect.pager]
    while following is not None:
        answer = asks.call("GET", base, query_string={"limit": 2, **following}, expect=200)
        page = noun.many(answer.get_json())
        yield page
        following = _NEXT[noun.dialect.pager](answer, following, len(page))


def _numbered(answer: Any, asked: dict[str, Any], count: int) -> Any:
    said = answer.get_json()["pagination"]
    assert (said["page"], said["limit"], said["total"], said["pages"]) == (asked["page"], 2, 5, 3)
    return {"page": asked["page"] + 1} if said["page"] < said["pages"] else None


def _offset(answer: Any, asked: dict[str, Any], count: int) -> Any:
    said = answer.get_json()
    assert said["total"] == 5
    return {"offset": asked["offset"] + count} if said.get("has_more", said.get("hasMore")) else None


def _by_key(answer: Any, asked: dict[str, Any], count: int) -> Any:
    key = answer.headers.get("X-Next-After")
    return {"after": key} if key else None


_NEXT = {Pager.NUMBERED: _numbered, Pager.OFFSET: _offset, Pager.CURSOR: _by_key}
