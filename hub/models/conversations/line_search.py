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
from typing import Any

from peewee import SQL, ColumnBase, SqliteDatabase, fn

from hub.lib import phone, text
from hub.models.accounts.tenant import Tenant
from hub.models.base import db, locked, release, transaction
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.customers.customer import Customer

# Words of one search; lines that are not indexed yet and are looked at by a search.
_MOST_WORDS, _MOST_FRESH = 8, 500
# In so many lines of a business a word is a common one.
_COMMON = 10_000
# Businesses whose lines are indexed in one transaction.
_BUSINESSES = 20
_PAGES = 64                                 # of the full text that are merged at a time
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
    is_common = {token: _is_common(tenant_id, text.words(token)) for token in tokens}
    said = reduce(and_, [_holds(tenant_id, token, fresh, is_common[token])
                         for token in sorted(tokens, key=lambda token: is_common[token])])
    return reduce(or_, [_with_customer(tenant_id, digits) for digits in phone.looked_for(asked)], said)


def _holds(tenant_id: int, token: str, fresh: Fresh, is_common: bool) -> ColumnBase:
    words = text.words(token)
    if not words:
        return _with_customer(tenant_id, token)
    now = {number for number, said in fresh if all(any(one.startswith(word) for one in said) for word in words)}
    just_said = Conversation.id.in_(sorted(now))
    if is_common:
        return _says(tenant_id, words) | just_said | _is_called(token)
    return _with_customer(tenant_id, token) | Conversation.id.in_(_indexed(tenant_id, words)) | just_said


def _is_common(tenant_id: int, words: list[str]) -> bool:
    """Do so many lines hold the words themselves that a page of conversations is full after a few of the inbox's order?
    Then each of them is looked at, and not the conversations of all those lines. SQLite only."""
    if not words or not isinstance(db.obj, SqliteDatabase):
        return False
    some = "SELECT 1 FROM message_words WHERE message_words MATCH ? LIMIT ?"
    asked = " AND ".join(f'"{tenant_id}{_OF}{word}"' for word in words)
    return bool(db.execute_sql(f"SELECT COUNT(*) FROM ({some})", (asked, _COMMON)).fetchone()[0] == _COMMON)


def _says(tenant_id: int, words: list[str]) -> ColumnBase:
    """SQL: some line of the conversation is among those with the words. `+ 0`: else SQLite would look for each of them
    in every conversation, and not for the conversation's few lines among them."""
    line: Any = Message.alias()
    found = SQL("(SELECT rowid FROM message_words WHERE message_words MATCH ?)", (_match(tenant_id, words),))
    return fn.EXISTS(line.select(SQL("1")).where(line.conversation == Conversation.id, (line.id + 0).in_(found)))


def _is_called(part: str) -> ColumnBase:
    """SQL: the conversation's own customer has this in the name, e-mail or telephone number."""
    person: Any = Customer.alias()
    return fn.EXISTS(person.select(SQL("1")).where(person.id == Conversation.customer,
                                                   person.search_text.contains(part)))


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
    if isinstance(db.obj, SqliteDatabase):
        return SQL("(SELECT conversation_id FROM message WHERE id IN "
                   "(SELECT rowid FROM message_words WHERE message_words MATCH ?))", (_match(tenant_id, words),))
    whole = [f"{tenant_id}{_OF}{word}" for word in words]
    return SQL("(SELECT m.conversation_id FROM message_words w JOIN message m ON m.id = w.message_id "
               "WHERE w.words @@ %s::tsquery)", (" & ".join(f"'{word}':*" for word in whole),))


def _match(tenant_id: int, words: list[str]) -> str:
    """As FTS5 is asked for lines with words that begin so."""
    return " AND ".join(f'"{tenant_id}{_OF}{word}"*' for word in words)


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


def forget_deleted(most: int = 10_000) -> None:
    """On SQLite: merge the full text little by little. A line's words stay in it after the line is gone, until then."""
    if not isinstance(db.obj, SqliteDatabase):
        return
    pages = -_PAGES         # negative at first: of all that there is; then on with that
    for _ in range(most):
        with transaction():
            before = db.connection().total_changes
            db.execute_sql("INSERT INTO message_words (message_words, rank) VALUES ('merge', ?)", (pages,))
            is_done = db.connection().total_changes - before < 2        # as FTS5's manual tells it
        release()
        if is_done:
            return
        pages = _PAGES


def _done(numbers: Iterable[int]) -> None:
    """A line of the release before gets its number here as well."""
    mine = list(numbers)
    if mine:
        Message.update(is_indexed=1).where(Message.id.in_(mine)).execute()
        Message.update(number=Message.change).where(Message.id.in_(mine), Message.number == 0).execute()
