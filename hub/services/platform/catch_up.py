"""While a release is rolled out, the one before still writes: what its rows lack is filled in here, a little later."""

import time

from peewee import ColumnBase, Model

from hub.models import ALL
from hub.models.base import release, transaction
from hub.models.conversations import line_search
from hub.models.conversations.conversation import Conversation, FloorReason, PausedBy
from hub.models.fields import Derived, SearchField
from hub.models.platform.tenant_number import NumberField

_AT_ONCE = 500
# Lines of one transaction, and how long one round goes on: others want to write, too.
_LINES, _ROUND_S = 100, 3.0


def catch_up() -> int:
    """Complete such rows, so many of each kind at most; how many there were. The sweeper calls it."""
    return _floors() + _numbers() + _search_texts()


def index_lines() -> int:
    """Put new lines into the full text, for a few seconds at most; how many there were. The sweeper calls it."""
    give_up, count = time.monotonic() + _ROUND_S, 0
    while (done := line_search.index(_LINES)) and time.monotonic() < give_up:
        count += done
        release()
    return count + done


def _floors() -> int:
    """Why the floor moved: the release before writes code or words into one column."""
    moved = list(Conversation.select(Conversation.id, Conversation.floor_reason)
                 .where(Conversation.moved_elsewhere()).limit(_AT_ONCE).tuples())
    for number, words in moved:
        code = words if words in ("", *FloorReason) else FloorReason.ASKED_FOR_PERSON
        (Conversation.update(floor_code=code, floor_note="" if words == code else words,
                             paused_by=PausedBy.HUMAN if code == FloorReason.PAUSED else None)
         .where(Conversation.id == number, Conversation.floor_reason == words).execute())
    return len(moved)


def _numbers() -> int:
    return sum(_complete(model, field, field == 0) for model, field in _columns(NumberField))


def _search_texts() -> int:
    return sum(_complete(model, field, field.is_null()) for model, field in _columns(SearchField))


def _columns(kind: type[Derived]) -> list[tuple[type[Model], Derived]]:
    return [(model, field) for model in ALL for field in model._meta.sorted_fields if isinstance(field, kind)]


def _complete(model: type[Model], field: Derived, lacking: ColumnBase) -> int:
    rows = list(model.select().where(lacking).order_by(model.id).limit(_AT_ONCE))
    for row in rows:
        with transaction():
            field.derive(row, None)
            model.update({field: getattr(row, field.name)}).where(model.id == row.id, lacking).execute()
    return len(rows)
