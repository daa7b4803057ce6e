"""What a route costs in lines does not grow: the next noun is to be cheaper than those before it."""

from pathlib import Path

import pytest

from hub import api
from scripts import price

# Lines of each route, of today; may only shrink.
HANDLERS, WITH_SERVICES, TESTS = 8.8, 19.8, 11.9


def test_a_route_costs_no_more_than_today() -> None:
    found = price.total(price.prices())
    assert found.each(found.handlers) <= HANDLERS
    assert found.each(found.handlers, found.service) <= WITH_SERVICES
    assert found.each(found.tests) <= TESTS


def test_every_route_of_the_core_belongs_to_a_noun_and_every_noun_has_its_tests() -> None:
    found = price.prices()
    assert sum(noun.routes for noun in found) == sum(
        len(table.routes) for surface in api.surfaces() if surface.name == "core" for table in surface.tables)
    assert [noun.noun for noun in found if noun.routes and not noun.tests] == []


def test_only_what_says_something_counts(tmp_path: Path) -> None:
    path = tmp_path / "file.py"
    path.write_text('"""A file."""\n\nimport os\nfrom a import (\n    b)\n\n# why\nX = (1,\n     2)\n\n\n'
                    'def f():\n    """Does."""\n')
    assert {number for _, number in price.said(path)} == {8, 9, 12}


@pytest.mark.parametrize(("names", "lines"), [({"g"}, {4, 5}), ({"f"}, {1, 2, 4, 5}), ({"X"}, {6}), ({"none"}, set())])
def test_of_a_service_counts_what_is_called_and_what_that_needs(
        tmp_path: Path, names: set[str], lines: set[int]) -> None:
    path = tmp_path / "service.py"
    path.write_text("def f():\n    g()\n\ndef g():\n    pass\nX = 1\n")
    assert {number for _, number in price._reached(path, names)} == lines
