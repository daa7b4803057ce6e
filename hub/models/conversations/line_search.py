"""Conversations by what was said in them: the full text of all lines, by FTS5 on SQLite and a tsvector on Postgres.

Both are given ready words (lib/text.words), each after its tenant's number: so they agree on what a word is, and a
search reads its own tenant's words alone. The sweeper indexes a line a little after it was written, so that writing one
costs no more; until then a search looks at the line itself.
"""

import random
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import islice
from operator import and_, or_

from peewee import SQL, ColumnBase, SqliteDatabase, fn

from hub.lib import phone, text
from hub.models.accounts.tenant import Tenant
from hub.models.base import db, locked, transaction
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.customers.customer import Customer

# Words of one search; lines that are not indexed yet and are looked at by a search.
_MOST_WORDS, _MOST_FRESH = 8, 500
# Businesses whose lines are indexed in one transaction.
_BUSINESSES = 20
_SEARCHED_ROLES = ("customer", "assistant", "operator")
# No letter of a word, and to FTS5's tokenizer `ascii` no end of one either.
_OF = "\u00b7"

Fresh = list[tuple[int, list[str]]]


def search(tenant_id: int, asked: str) -> ColumnBase | None:
    """SQL over conversations: each word asked for begins a word of some line, or is a part of the customer's name,
    e-mail or telephone number. None when nothing was asked for."""
    tokens = text.fold(asked).split()[:_MOST_WORDS]
    if not tokens:
        return None
    fresh = _fresh(tenant_id)
    said = reduce(and_, [_holds(tenant_id, token, fresh) for token in tokens])
    return reduce(or_, [_with_customer(tenant_id, digits) for digits in phone.looked_for(asked)], said)


def _holds(tenant_id: int, token: str, fresh: Fresh) -> ColumnBase:
    words = text.words(token)
    found = _with_customer(tenant_id, token)
    if not words:
        return found
    now = {number for number, said in fresh if all(any(one.startswith(word) for one in said) for word in words)}
    return found | Conversation.id.in_(_indexed(tenant_id, words)) | Conversation.id.in_(sorted(now))


def _with_customer(tenant_id: int, part: str) -> ColumnBase:
    return Conversation.customer.in_(
        Customer.select(Customer.id).where(Customer.tenant == tenant_id, Customer.search_text.contains(part)))


def _fresh(tenant_id: int) -> Fresh:
    rows = (Message.select(Message.conversation, Message.text)
            .where(Message.is_indexed == 0, Message.tenant == tenant_id, Message.role.in_(_SEARCHED_ROLES))
            .order_by(Message.id.desc()).limit(_MOST_FRESH).tuples())
    return [(number, text.words(said)) for number, said in rows]


def _indexed(tenant_id: int, words: list[str]) -> ColumnBase:
    """SQL: conversations with a line that has words which begin so."""
    whole = [f"{tenant_id}{_OF}{word}" for word in words]
    if isinstance(db.obj, SqliteDatabase):
        return SQL("(SELECT conversation_id FROM message WHERE id IN "
                   "(SELECT rowid FROM message_words WHERE message_words MATCH ?))",
                   (" AND ".join(f'"{word}"*' for word in whole),))
    return SQL("(SELECT m.conversation_id FROM message_words w JOIN message m ON m.id = w.message_id "
               "WHERE w.words @@ %s::tsquery)", (" & ".join(f"'{word}':*" for word in whole),))


def index(limit: int) -> int:
    """Put so many lines at most into the full text, of each business its newest ones first; how many there were."""
    with transaction():
        waiting = list(islice(_waiting(), _BUSINESSES))
        lines = [line for tenant_id in waiting for line in _newest(tenant_id, limit // len(waiting))]
        for number, tenant_id, role, said in lines:
            _put(number, [f"{tenant_id}{_OF}{word}" for word in text.words(said)] if role in _SEARCHED_ROLES else [])
        _done([line[0] for line in lines])
    return len(lines)


def _waiting() -> Iterator[int]:
    """The businesses with lines to index, beginning anywhere: nobody's lines wait for those of a business with many."""
    begin = random.randint(0, Tenant.select(fn.MAX(Tenant.id)).scalar() or 0)
    for after, up_to in ((begin, None), (0, begin)):
        within = Message.tenant <= up_to if up_to is not None else Message.tenant.is_null(False)
        while (found := Message.select(fn.MIN(Message.tenant)).where(
                Message.is_indexed == 0, Message.tenant > after, within).scalar()) is not None:
            yield found
            after = found


def _newest(tenant_id: int, limit: int) -> list[tuple[int, int, str, str]]:
    return list(locked(Message.select(Message.id, Message.tenant, Message.role, Message.text)
                       .where(Message.is_indexed == 0, Message.tenant == tenant_id)
                       .order_by(Message.id.desc()).limit(limit)).tuples())


def _put(number: int, words: list[str]) -> None:
    """These words instead of those that the line may have had before somebody changed it."""
    if isinstance(db.obj, SqliteDatabase):
        db.execute_sql("DELETE FROM message_words WHERE rowid = ?", (number,))
        if words:
            db.execute_sql("INSERT INTO message_words (rowid, words) VALUES (?, ?)", (number, " ".join(words)))
        return
    db.execute_sql("INSERT INTO message_words (message_id, words) VALUES (%s, array_to_tsvector(%s::text[])) "
                   "ON CONFLICT (message_id) DO UPDATE SET words = EXCLUDED.words", (number, words))


def _done(numbers: Iterable[int]) -> None:
    """A line of the release before gets its number here as well."""
    mine = list(numbers)
    if mine:
        Message.update(is_indexed=1).where(Message.id.in_(mine)).execute()
        Message.update(number=Message.change).where(Message.id.in_(mine), Message.number == 0).execute()
