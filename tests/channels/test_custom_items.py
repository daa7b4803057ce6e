"""What a custom channel's system may post: every kind of item, odd spellings, and what is wrong with the rest."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.channels import custom_items
from hub.channels.base import Attachment, Contact, Delete, Edit, Inbound, Reaction, Status, Typing

_LINE: dict[str, Any] = {"id": "m-1", "from": {"id": "anna"}, "text": "Hello"}


def raw(body: Any) -> bytes:
    return body if isinstance(body, bytes) else orjson.dumps(body)


def parsed(body: Any) -> list[Any]:
    """The items of a body of which everything can be used."""
    found = custom_items.parse(raw(body))
    assert found.problems == (), found.problems
    return [item for _, item in found.items]


def problems(body: Any) -> list[tuple[int, str]]:
    return [(problem.index, problem.field) for problem in custom_items.parse(raw(body)).problems]


def test_it_reads_one_line_or_many() -> None:
    whole = {"id": "m-2", "from": {"id": "anna", "name": "Anna", "email": "a@example.com", "phone": "+7900"},
             "text": "Привет", "chat": {"id": "chat-9"}, "something": "else", "replyTo": "m-1",
             "attachments": [{"url": "https://x.example/a.png", "name": "a.png", "mime": "image/png", "size": 7}]}
    one, other = parsed([_LINE, whole])
    assert (one.external_id, one.identity, one.text, one.chat_id, one.name) == ("m-1", ("custom", "anna"), "Hello",
                                                                                "anna", "")
    assert (other.chat_id, other.name, other.email, other.phone) == ("chat-9", "Anna", "a@example.com", "+7900")
    assert other.attachments == (Attachment("a.png", "image/png", 7, "https://x.example/a.png"),)
    assert other.reply_to == "m-1" and parsed(_LINE) == [one]


_ANNA = ("custom", "anna")


@pytest.mark.parametrize(("body", "item"), [
    ({"type": "line", **_LINE}, Inbound("m-1", _ANNA, "Hello", "anna")),
    ({"type": "edit", "id": "m-1", "from": {"id": "anna"}, "text": "Hi"}, Edit("m-1", _ANNA, "Hi")),
    ({"type": "delete", "id": "m-1", "from": {"id": "anna"}}, Delete("m-1", _ANNA)),
    ({"type": "status", "id": "ext-1", "status": "read"}, Status("ext-1", "read")),
    ({"type": "status", "id": "ext-1", "status": "failed", "error": "Blocked."}, Status("ext-1", "failed", "Blocked.")),
    ({"type": "reaction", "id": "m-1", "from": {"id": "anna"}, "emoji": "👍"}, Reaction("m-1", _ANNA, "👍")),
    ({"type": "reaction", "id": "m-1", "from": {"id": "anna"}, "emoji": None}, Reaction("m-1", _ANNA, None)),
    ({"type": "typing", "from": {"id": "anna"}}, Typing(_ANNA, True)),
    ({"type": "typing", "from": {"id": "anna"}, "on": False}, Typing(_ANNA, False)),
    ({"type": "contact", "from": {"id": "anna", "phone": 79001112233}}, Contact(_ANNA, phone="79001112233")),
])
def test_every_kind_of_item_is_read(body: dict[str, Any], item: Any) -> None:
    assert parsed(body) == [item]


@pytest.mark.parametrize(("body", "expected"), [
    ({"id": 1795802092, "from": {"id": "p2"}, "text": "x"}, Inbound("1795802092", ("custom", "p2"), "x", "p2")),
    ({"id": "m", "from": {"id": 777}, "text": "x"}, Inbound("m", ("custom", "777"), "x", "777")),
    ({"id": "m", "from": {"id": "a", "phone": 79991234567}, "text": "x"},
     Inbound("m", ("custom", "a"), "x", "a", phone="79991234567")),
    ({"id": "m", "from": {"id": "a", "name": None, "email": None}, "text": "x", "chat": None},
     Inbound("m", ("custom", "a"), "x", "a")),
    ({"id": 2 ** 63, "from": {"id": 0}, "text": 42, "chat": {"id": -100123}},
     Inbound(str(2 ** 63), ("custom", "0"), "42", "-100123")),
    (b'{"id": 7.0, "from": {"id": 1.5}, "text": "x"}', Inbound("7", ("custom", "1.5"), "x", "1.5")),
])
def test_numbers_are_text_and_null_is_absent(body: Any, expected: Inbound) -> None:
    assert parsed(body) == [expected]


@pytest.mark.parametrize(("body", "wrong"), [
    (b"", [(0, "")]), (b"{", [(0, "")]), ([_LINE, 5], [(1, "")]), ({}, [(0, "id")]), (None, [(0, "")]),
    ({**_LINE, "id": None}, [(0, "id")]), ({**_LINE, "from": {}}, [(0, "from.id")]),
    ({**_LINE, "from": {"id": True}}, [(0, "from.id")]), ({**_LINE, "from": {"id": ["a"]}}, [(0, "from.id")]),
    ({**_LINE, "type": "video"}, [(0, "type")]), ({**_LINE, "type": 5}, [(0, "type")]),
    ({**_LINE, "attachments": [{"url": "file:///etc/passwd"}]}, [(0, "attachments.0.url")]),
    ({**_LINE, "attachments": [{"url": "https://x.example/", "size": -1}]}, [(0, "attachments.0.size")]),
    ({"type": "status", "id": "x", "status": "exploded"}, [(0, "status")]),
    ({"type": "edit", "id": "x", "from": {"id": "a"}}, [(0, "text")]),
    ({"type": "reaction", "id": "x", "from": {"id": "a"}, "emoji": "x" * 33}, [(0, "emoji")]),
    ([_LINE, {"id": 1}, {**_LINE, "id": "m-3"}, {"id": "m-4", "from": {"id": ""}}], [(1, "from"), (3, "from.id")]),
])
def test_what_cannot_be_used_names_its_place_and_field(body: Any, wrong: list[tuple[int, str]]) -> None:
    assert problems(body) == wrong


@given(body=st.one_of(st.binary(max_size=60), st.recursive(
    st.none() | st.booleans() | st.integers(-2**53, 2**53) | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["id", "from", "text", "chat", "type", "emoji", "x"]), inner, max_size=4)).map(orjson.dumps)))
def test_any_body_is_items_or_problems(body: bytes) -> None:
    found = custom_items.parse(raw(body))
    assert all(problem.message for problem in found.problems)
    assert all(item.external_id and item.identity[1] for _, item in found.items if isinstance(item, Inbound))


@pytest.mark.parametrize("where", ["line", "person", "chat"])
@pytest.mark.parametrize("bad", ["a\x00b", "a\nb", "\x7f", ""])
def test_an_id_that_no_database_could_keep_is_refused_when_it_is_read(where: str, bad: str) -> None:
    line = {**_LINE, "from": {**_LINE["from"]}, "chat": {"id": "chat-1"}}
    place = {"line": line, "person": line["from"], "chat": line["chat"]}[where]
    place["id"] = bad
    assert problems(line) == [(0, {"line": "id", "person": "from.id", "chat": "chat.id"}[where])]
