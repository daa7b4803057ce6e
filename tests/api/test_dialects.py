"""What differs between contracts is data: the same handlers, dressed as each of them writes."""

from dataclasses import replace
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from hub.access.callers import Anonymous, UserCaller
from hub.access.roles import Permission
from hub.api.core import PLATFORM, REPLY, SALES
from hub.api.kit import names, openapi
from hub.api.kit.dialect import Dialect, Ids, Pager, page_query
from hub.api.kit.schema import Id, Many, Moment, Out
from hub.api.kit.surface import Surface, coded_error
from hub.api.kit.table import get, post
from hub.errors import BadInput
from hub.models.agents.agent import Agent
from hub.settings import Settings
from hub.web.schema import In
from tests import factories
from tests.access.test_callers import served
from tests.factories import People


class BotOut(Out):
    """What these tests show of an agent."""

    id: Id
    full_name: str
    created_at: Moment

    @classmethod
    def of(cls, row: Any) -> "BotOut":
        return cls.model_validate({"ref": row.ref, "full_name": row.name, "created_at": row.created_at})


class PlaceIn(In):
    """An element of an array."""

    id: str
    order: int


class TagsQuery(In):
    """Repeated keys."""

    tags: Annotated[list[str], Field(description="Only with these tags.")] = []


class TagsOut(Out):
    """What came."""

    tags: list[str]


def index(caller: UserCaller) -> Many[BotOut]:
    """List the bots."""
    return Many(BotOut.of, Agent.of(caller.tenant))


def show(caller: UserCaller, agent: Agent) -> BotOut:
    """Show a bot."""
    return BotOut.of(agent)


def reorder(caller: UserCaller, body: list[PlaceIn]) -> list[str]:
    """Take an array."""
    return [place.id for place in body]


def tagged(caller: UserCaller, query: TagsQuery) -> TagsOut:
    """Take a key several times."""
    return TagsOut(tags=query.tags)


def refuse(caller: UserCaller) -> None:
    """Refuse the input."""
    raise BadInput("wrong", "This is wrong.")


def surface(dialect: Dialect, people: People) -> Surface:
    made = Surface("test", ("/test",), lambda permission: UserCaller(people.alice, people.tenant, "token"),
                   coded_error, {})
    may: Any = {"permission": Permission.SIGNED_IN, "limit": ()}
    made.table("bots", get("/test/bots", index, **may), get("/test/bots/<agent>", show, **may),
               post("/test/bots/reorder", reorder, **may), get("/test/tags", tagged, **may),
               post("/test/refuse", refuse, **may), dialect=dialect)
    return made


@pytest.fixture
def bots(people: People) -> list[Agent]:
    return [factories.make_agent(people.tenant, name=f"Bot {number}") for number in range(5)]


def ask(dialect: Dialect, people: People, settings: Settings, path: str) -> Any:
    return served([surface(dialect, people)], settings).get(path)


def test_the_first_contract_pages_by_key_and_writes_bare_arrays(
        people: People, settings: Settings, bots: list[Agent]) -> None:
    page = ask(SALES, people, settings, "/test/bots?limit=3")
    assert [bot["fullName"] for bot in page.get_json()] == ["Bot 4", "Bot 3", "Bot 2"]
    rest = ask(SALES, people, settings, f"/test/bots?limit=3&after={page.headers['X-Next-After']}")
    assert [bot["fullName"] for bot in rest.get_json()] == ["Bot 1", "Bot 0"] and "Link" not in rest.headers
    assert page.get_json()[0]["createdAt"][-5] == "." and page.get_json()[0]["id"] == str(bots[4].uuid)


def test_the_second_contract_pages_by_offset_and_writes_numbers_and_whole_seconds(
        people: People, settings: Settings, bots: list[Agent]) -> None:
    dialect = replace(REPLY, many="bots")
    page = ask(dialect, people, settings, "/test/bots?limit=2&offset=1").get_json()
    assert [bot["full_name"] for bot in page["bots"]] == ["Bot 3", "Bot 2"]
    assert (page["total"], page["has_more"]) == (5, True) and page["bots"][0]["id"] == bots[3].ref.number
    assert page["bots"][0]["created_at"].endswith("Z") and "." not in page["bots"][0]["created_at"]
    assert ask(dialect, people, settings, "/test/bots?limit=2&offset=4").get_json()["has_more"] is False


@pytest.mark.parametrize(("dialect", "usual", "most"), [(SALES, 50, 200), (REPLY, 50, 100), (PLATFORM, 10, 100)])
def test_a_page_has_one_item_at_least_and_as_many_as_its_contract_says_at_the_most(
        people: People, settings: Settings, bots: list[Agent], dialect: Dialect, usual: int, most: int) -> None:
    client = served([surface(replace(dialect, many="bots"), people)], settings)
    asked = {limit: client.get(f"/test/bots?limit={limit}") for limit in (0, 1, most, most + 1)}
    assert len(asked[1].get_json()["bots"]) == 1 and len(asked[most].get_json()["bots"]) == len(bots)
    outside = 200 if dialect.pager is Pager.CURSOR else dialect.invalid    # by cursor it is only kept within the bounds
    assert [asked[limit].status_code for limit in (0, most + 1)] == [outside, outside]
    described = page_query(dialect).model_fields["limit"]
    assert described.default == usual and f"at most {most}." in (described.description or "")


def test_the_third_contract_numbers_its_pages_and_wraps_entities(
        people: People, settings: Settings, bots: list[Agent]) -> None:
    dialect = PLATFORM.named("bot")
    page = ask(dialect, people, settings, "/test/bots?limit=2&page=3").get_json()
    assert [bot["full_name"] for bot in page["bots"]] == ["Bot 0"]
    assert page["pagination"] == {"page": 3, "limit": 2, "total": 5, "pages": 3}
    one = ask(dialect, people, settings, f"/test/bots/{bots[2].uuid}").get_json()
    assert one["bot"]["full_name"] == "Bot 2"


@pytest.mark.parametrize(("dialect", "status"), [(SALES, 400), (REPLY, 422), (PLATFORM, 422)])
def test_input_that_does_not_fit_has_the_contracts_status_wherever_it_is_refused(
        dialect: Dialect, status: int, people: People, settings: Settings) -> None:
    client = served([surface(dialect, people)], settings)
    assert client.post("/test/refuse").status_code == status
    assert client.post("/test/bots/reorder", json={"not": "an array"}).status_code == status
    assert client.post("/test/bots/reorder", json=[{"id": "a", "order": "first"}]).status_code == status


def test_ids_may_carry_a_prefix(people: People, settings: Settings, bots: list[Agent],
                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Agent, "PREFIX", "bot")
    shown = ask(Dialect(ids=Ids.PREFIXED), people, settings, f"/test/bots/{bots[0].uuid}").get_json()
    assert shown["id"] == f"bot_{bots[0].uuid.hex}"


def test_a_body_may_be_an_array_and_a_key_may_come_twice(people: People, settings: Settings) -> None:
    client = served([surface(SALES, people)], settings)
    assert client.post("/test/bots/reorder", json=[{"id": "b", "order": 1}, {"id": "a", "order": 2}]).get_json() == [
        "b", "a"]
    assert client.get("/test/tags?tags=new&tags=old").get_json() == {"tags": ["new", "old"]}


@pytest.mark.parametrize("pager", Pager)
def test_the_description_shows_each_contracts_envelope_and_pager(pager: Pager, people: People) -> None:
    described = openapi.describe([surface(Dialect(pager=pager, many="bots"), people)])["paths"]["/test/bots"]["get"]
    asked = {parameter["name"] for parameter in described["parameters"]}
    body = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    assert (asked, set(body)) == {
        Pager.CURSOR: ({"limit", "after"}, {"bots"}), Pager.OFFSET: ({"limit", "offset"}, {"bots", "total", "hasMore"}),
        Pager.NUMBERED: ({"page", "limit"}, {"bots", "pagination"})}[pager]


def test_two_models_of_one_name_are_refused_at_the_start(people: People) -> None:
    other = type("BotOut", (BaseModel,), {"__module__": "elsewhere"})

    def another(caller: UserCaller) -> BaseModel:
        """Show another bot."""
        raise AssertionError

    another.__annotations__["return"] = other
    made = surface(SALES, people)
    made.table("others", get("/test/others", another, permission=Permission.SIGNED_IN))
    with pytest.raises(TypeError, match="Two models are called BotOut"):
        names.check([made])


def test_an_answer_that_nobody_described_is_refused_at_the_start() -> None:
    def loose(caller: Anonymous) -> dict[str, Any]:
        """Answer something."""
        return {}

    made = Surface("test", ("/test",), lambda permission: Anonymous("?"), coded_error, {})
    made.table("loose", get("/test/loose", loose, permission=Permission.ANYBODY))
    with pytest.raises(TypeError, match="nobody knows what"):
        names.check([made])
