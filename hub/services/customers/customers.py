"""Changes to what is known about a customer."""

from hub.access.callers import Caller
from hub.lib import text
from hub.models.customers.customer import Customer
from hub.services import changes


def change(caller: Caller, customer: Customer, **values: object) -> Customer:
    """Write what is given; empty e-mail or phone means none."""
    return changes.apply(caller, customer, {name: _clean(name, value) for name, value in values.items()})


def _clean(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    return text.one_line(value) or ("" if name == "name" else None)
