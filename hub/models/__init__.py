"""What is true: one file per noun, a Peewee class with its queries. `ALL` is the whole schema, found by itself."""

import sys

import peewee

from hub.lib import discover

# What rows have in common has no table of its own.
_BASES = ("hub.models.base", "hub.models.work")
# `JSONField[list[str]]` tells the type checker what a row gives (stubs/peewee.pyi); to Python it is a JSONField.
peewee.Field.__class_getitem__ = classmethod(lambda kind, _: kind)
# The folder of migrations is history, not schema.
ALL: list[type[peewee.Model]] = peewee.sort_models(
    model for module in discover.modules(sys.modules[__name__], skip=("migrations",))
    for model in discover.instances(module, peewee.ModelBase)
    if model.__module__ == module.__name__ and model.__module__ not in _BASES)
