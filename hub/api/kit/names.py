"""The models in the tables, and the check that no two of them have one name: the API description knows them by it."""

from collections.abc import Iterator, Sequence
from typing import get_args

from pydantic import BaseModel
from typing_extensions import is_typeddict

from hub.api.kit.schema import Many, Result
from hub.api.kit.surface import Surface
from hub.web import binding
from hub.web.binding import Binding


def check(surfaces: Sequence[Surface]) -> None:
    """TypeError for two models of one name, or for a response that nobody described."""
    known: dict[str, type] = {}
    for surface in surfaces:
        for table in surface.tables:
            for route in table.routes:
                bound = binding.bind(route.handler, route.path)
                for model in _models(bound):
                    if known.setdefault(model.__name__, model) is not model:
                        raise TypeError(f"Two models are called {model.__name__}: {model.__module__} and "
                                        f"{known[model.__name__].__module__}")
                if not route.plain and not described(bound.returns):
                    raise TypeError(f"{route.method} {route.path}: nobody knows what {bound.returns} looks like")


def described(returns: object) -> bool:
    """Is this the type of a response whose fields are known: a model, a list of such, or nothing?"""
    kind = getattr(returns, "__origin__", returns)
    if kind in (Many, Result, list):
        return all(map(described, get_args(returns)))
    return returns in (None, type(None), str, int, bool) or is_typeddict(returns) or (
        isinstance(returns, type) and issubclass(returns, BaseModel)) or _is_optional(returns)


def _is_optional(returns: object) -> bool:
    """One of several answers, or of one and none."""
    options = get_args(returns)
    return len(options) > 1 and all(map(described, options))


def _models(bound: Binding) -> Iterator[type]:
    for hint in (bound.body, bound.returns):
        yield from _inside(hint)


def _inside(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and (issubclass(hint, BaseModel) or is_typeddict(hint)):
        yield hint
    for inner in get_args(hint):
        yield from _inside(inner)
