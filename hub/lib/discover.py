"""Finds the modules of a room, so that a new noun is one new file and no list names it twice."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType
from typing import TypeVar

Kind = TypeVar("Kind")


def modules(package: ModuleType, skip: tuple[str, ...] = ()) -> Iterator[ModuleType]:
    """Every module below `package`, imported, in the order of their names; without the direct children in `skip`."""
    prefix = f"{package.__name__}."
    for found in walk_packages(package.__path__, prefix):
        if not found.ispkg and found.name.removeprefix(prefix).partition(".")[0] not in skip:
            yield import_module(found.name)


def instances(module: ModuleType, kind: type[Kind]) -> list[Kind]:
    """What the module itself holds of that kind, in the order in which it was written."""
    return [value for value in vars(module).values() if isinstance(value, kind)]
