"""What must be one of its kind is refused the second time, with the field that it shares."""

from typing import Any

import pytest

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import SALES
from hub.api.kit.crud import crud
from hub.api.kit.schema import Id, Money, Out
from hub.api.kit.surface import Surface, coded_error
from hub.models.sales.product import Product
from hub.settings import Settings
from hub.web.schema import In, OneLine
from tests.access.test_callers import served
from tests.factories import People


class GoodsIn(In):
    """Something to sell."""

    name: OneLine
    sku: str | None = None
    price: float = 0


class GoodsOut(Out):
    """Something that is sold."""

    id: Id
    sku: str | None
    price: Money


@pytest.fixture
def goods(people: People, settings: Settings) -> Any:
    surface = Surface("test", ("/goods",), lambda permission: UserCaller(people.alice, people.tenant, "token"),
                      coded_error, {})
    surface.table("goods", *crud("/goods", Product, GoodsOut, GoodsIn, read=Permission.SIGNED_IN,
                                 write=Permission.SIGNED_IN, limit=()), dialect=SALES)
    return served([surface], settings)


def test_a_second_one_is_refused_with_the_field_it_shares(goods: Any) -> None:
    first = goods.post("/goods", json={"name": "Tent", "sku": "A-1", "price": 12.5})
    assert (first.status_code, first.get_json()["price"]) == (201, 12.5)
    answer = goods.post("/goods", json={"name": "Boots", "sku": "A-1"})
    assert answer.status_code == 409 and answer.get_json()["error"] == {
        "code": "already_exists", "message": "There is one with this sku already.", "details": {"fields": ["sku"]}}
    other = goods.post("/goods", json={"name": "Boots", "sku": "A-2"}).get_json()
    assert goods.patch(f"/goods/{other['id']}", json={"name": "Boots", "sku": "A-1"}).status_code == 409
    assert Product.select().count() == 2


def test_what_is_empty_is_no_double(goods: Any) -> None:
    assert [goods.post("/goods", json={"name": name}).status_code for name in ("Tent", "Boots")] == [201, 201]
