"""What every plain noun does, as ten tests: globals().update(walks(NOUN)) in the noun's own test file."""

import json
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
    walk = _Walk(noun)
    wrong = [(name, value) for name, values in noun.wrong.items() for value in values]
    each_wrong = pytest.mark.parametrize(("name", "value"), wrong, ids=[name for name, _ in wrong])

    def test_it_lists_its_own(app: Any, people: People) -> None:
        walk.lists(app, people)

    def test_it_comes_page_after_page(app: Any, people: People) -> None:
        walk.pages(app, people)

    def test_it_shows_one(app: Any, people: People, dave: Client) -> None:
        walk.shows(app, people, dave)

    def test_it_makes_one_and_counts_for_itself(app: Any, people: People) -> None:
        walk.makes(app, people)

    def test_it_changes_what_is_given_in_either_spelling(app: Any, people: People, dave: Client) -> None:
        walk.changes(app, people, dave)

    def test_it_keeps_no_sign_that_turns_text_round(app: Any, people: People) -> None:
        walk.cleans(app, people)

    def test_it_deletes_one(app: Any, people: People, dave: Client) -> None:
        walk.deletes(app, people, dave)

    @each_wrong
    def test_a_wrong_field_is_refused_by_name(app: Any, people: People, name: str, value: Any) -> None:
        walk.refuses(app, people, name, value)

    def test_its_filters_find_it_and_nothing_of_others(app: Any, people: People, dave: Client) -> None:
        walk.filters(app, people, dave)

    def test_it_is_made_once_by_its_key(app: Any, people: People) -> None:
        walk.makes_once(app, people)

    return {name: test for name, test in locals().items() if name.startswith("test_")}


_OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


class _Walk:
    """The bodies of the tests. `below` is whoever may just not."""

    def __init__(self, noun: Noun) -> None:
        self.noun = noun

    def who(self, app: Any, people: People, role: str) -> Client:
        return by(app, people, role)

    def below(self, app: Any, people: People, role: str) -> Client:
        return self.who(app, people, ROLES[ROLES.index(role) - 1])

    def rows(self, people: People) -> list[Any]:
        return [row.uuid for row in self.noun.model.of(people.tenant)]

    def lists(self, app: Any, people: People) -> None:
        noun, row = self.noun, self.noun.make(people.tenant)
        noun.make(people.other)
        (found,) = noun.many(self.who(app, people, noun.reads).get(noun.base))
        assert found["id"] == str(row.uuid)
        self.below(app, people, noun.reads).get(noun.base, expect=403)

    def pages(self, app: Any, people: People) -> None:
        noun, asks = self.noun, self.who(app, people, self.noun.reads)
        made = [str(noun.make(people.tenant).uuid) for _ in range(5)]
        noun.make(people.other)
        pages = list(_pages(noun, asks))
        assert [len(page) for page in pages] == [2, 2, 1]
        assert [row["id"] for page in pages for row in page] == (made if noun.ascending else made[::-1])

    def shows(self, app: Any, people: People, stranger: Client) -> None:
        noun, row, asks = self.noun, self.noun.make(people.tenant), self.who(app, people, self.noun.reads)
        shown = noun.one(asks.get(noun.item(row)))
        assert shown == noun.many(asks.get(noun.base))[0] and shown["id"] == str(row.uuid)
        for missing in ("nonsense", "00000000-0000-7000-8000-000000000000", "%00"):
            asks.refused("GET", f"{noun.base}/{missing}", status=404)
        stranger.refused("GET", noun.item(row), status=404)

    def makes(self, app: Any, people: People) -> None:
        noun, asks = self.noun, self.who(app, people, self.noun.creates)
        plain = noun.one(asks.post(noun.base, noun.new, expect=201))
        assert noun.new.items() <= plain.items()
        assert noun.one(self.who(app, people, noun.reads).get(noun.item(plain))) == plain
        others = {"tenant": people.other.id, "tenant_id": people.other.id}
        claimed = {**dict.fromkeys({*noun.counted, "uuid"}, 77), **others}
        for sent in (claimed, noun.spelled(claimed)):
            other = noun.one(asks.post(noun.base, {**noun.new, **sent}, expect=201))
            differs = {name for name in other if other[name] != plain[name]}
            assert differs <= {"id", "number", "created_at", "updated_at"}
            assert 77 not in (other["id"], other.get("number"), other["created_at"])
        assert len(self.rows(people)) == 3
        self.below(app, people, noun.creates).post(noun.base, noun.new, expect=403)

    def changes(self, app: Any, people: People, stranger: Client) -> None:
        noun, asks = self.noun, self.who(app, people, self.noun.updates)
        for body in (noun.change, noun.spelled(noun.change)):
            row = noun.make(people.tenant)
            before = noun.one(asks.get(noun.item(row)))
            after = noun.one(asks.patch(noun.item(row), body))
            assert noun.change.items() <= after.items() and noun.one(asks.get(noun.item(row))) == after
            touched = {name for name in after if after[name] != before[name]}
            assert set(noun.change) <= touched <= {*noun.change, "updated_at"}, touched
        stranger.refused("PATCH", noun.item(row), noun.change, status=404)
        self.below(app, people, noun.updates).patch(noun.item(row), noun.change, expect=403)
        assert noun.one(asks.get(noun.item(row))) == after

    def cleans(self, app: Any, people: People) -> None:
        """A bidi override within any text is taken out or refused, also where a field is changed alone."""
        noun, asks = self.noun, Client(app, people.alice)
        for name, value in {**noun.new, **noun.change}.items():
            row = noun.make(people.tenant)
            asks.call("PATCH", noun.item(row), json={name: _turned(value)}, expect=(200, noun.dialect.invalid))
            kept = noun.one(asks.get(noun.item(row)))[name]
            assert _OVERRIDE not in json.dumps(kept, ensure_ascii=False), name

    def deletes(self, app: Any, people: People, stranger: Client) -> None:
        noun, asks = self.noun, self.who(app, people, self.noun.deletes)
        row, kept, status = noun.make(people.tenant), noun.make(people.tenant), noun.route("DELETE", item=True).status
        stranger.refused("DELETE", noun.item(row), status=404)
        self.below(app, people, noun.deletes).delete(noun.item(row), expect=403)
        asks.delete(noun.item(row), expect=status)
        for method in ("GET", "PATCH", "DELETE"):
            asks.refused(method, noun.item(row), status=404)
        assert self.rows(people) == [kept.uuid]

    def refuses(self, app: Any, people: People, name: str, value: Any) -> None:
        noun, row = self.noun, self.noun.make(people.tenant)
        before = noun.one(Client(app, people.alice).get(noun.item(row)))
        calls = [("POST", noun.base, {**noun.new, name: value}), ("PATCH", noun.item(row), {name: value})]
        for method, path, sent in calls:
            error = Client(app, people.alice).refused(method, path, sent, status=noun.dialect.invalid,
                                                      code="VALIDATION_ERROR")
            assert named(error["details"]["field"], name), error
        assert self.rows(people) == [row.uuid]
        assert noun.one(Client(app, people.alice).get(noun.item(row))) == before

    def filters(self, app: Any, people: People, stranger: Client) -> None:
        noun, asks = self.noun, self.who(app, people, "owner")
        made = noun.one(asks.post(noun.base, noun.new, expect=201))
        for name, value in noun.filters.items():
            found = noun.many(asks.get(noun.base, query_string={name: value}))
            assert [row["id"] for row in found] == [made["id"]], (name, value)
            assert noun.many(stranger.get(noun.base, query_string={name: value})) == [], (name, value)

    def makes_once(self, app: Any, people: People) -> None:
        noun, asks = self.noun, self.who(app, people, self.noun.creates)
        made = [noun.one(asks.post(noun.base, noun.new, expect=201, headers={"Idempotency-Key": "once"}))
                for _ in range(2)]
        assert made[0] == made[1] and len(self.rows(people)) == 1
        for name in noun.new:
            error = asks.refused("POST", noun.base, {key: value for key, value in noun.new.items() if key != name},
                                 status=noun.dialect.invalid, code="VALIDATION_ERROR")
            assert named(error["details"]["field"], name), error


def _turned(value: Any) -> Any:
    """The value with an override in the middle of every text."""
    if isinstance(value, list):
        return [_turned(one) for one in value]
    return value[:-1] + _OVERRIDE + value[-1:] if isinstance(value, str) else value


def _pages(noun: Noun, asks: Client) -> Iterator[list[dict[str, Any]]]:
    """The list in pages of two, however the noun's contract asks for them."""
    following: dict[str, Any] = {Pager.NUMBERED: {"page": 1}, Pager.OFFSET: {"offset": 0}, Pager.CURSOR: {}}[
        noun.dialect.pager]
    while following is not None:
        answer = asks.call("GET", noun.base, query_string={"limit": 2, **following}, expect=200)
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
