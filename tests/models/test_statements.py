"""What is written once says what peewee would say."""

from typing import Any

import peewee
import pytest

from hub.models import ALL


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_statements_of_whole_rows_are_word_for_word_peewees(web: Any, model: type[peewee.Model]) -> None:
    fields, key, other = model._meta.sorted_fields, model._meta.get_primary_keys()[0], model.alias()
    plain = peewee.ModelSelect(model, fields, is_default=True)
    for change in (lambda query: query, lambda query: query.where(key << query), lambda query: query.where(key == 1),
                   lambda query: query.join(other, on=key == getattr(other, key.name)),
                   lambda query: other.select().where(getattr(other, key.name) << query)):
        assert change(model.select()).sql() == change(plain).sql()
    row = {field: peewee.SQL("1") for field in fields}
    few = {field: value for field, value in row.items() if field not in model._meta.defaults}
    for given in (row, few):
        assert model.insert(given).sql()[0] == peewee.ModelInsert(model, given).sql()[0]
