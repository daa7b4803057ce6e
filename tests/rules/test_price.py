"""What a route costs in lines does not grow: the next noun is to be cheaper than those before it."""

import pytest

from scripts import price

# Of today; may only shrink.
HANDLERS, TESTS = 15.0, 27.0


@pytest.mark.parametrize(("folders", "most"), [(price.HANDLERS, HANDLERS), (price.TESTS, TESTS)])
def test_a_route_costs_no_more_than_today(folders: tuple[str, ...], most: float) -> None:
    assert price.price(folders) <= most


def test_only_what_says_something_counts() -> None:
    source = ('"""A file."""\n\nimport os\nfrom a import (\n    b)\n\n# why\nX = (1,\n     2)\n\n\n'
              'def f():\n    """Does."""\n')
    assert price.lines(source) == 3
