"""The SQL of the baselines: one table like that of messages, one row into it, one page of the list of conversations."""

# The columns of a message that a customer's line fills, with its two unique keys.
_COLUMNS = {
    "uuid": "VARCHAR(40) NOT NULL UNIQUE", "created_at": "TIMESTAMP NOT NULL", "tenant_id": "INTEGER NOT NULL",
    "conversation_id": "INTEGER NOT NULL", "channel_id": "INTEGER NOT NULL", "change": "INTEGER NOT NULL",
    "role": "VARCHAR(12) NOT NULL", "name": "VARCHAR(255) NOT NULL", "text": "TEXT NOT NULL",
    "content_type": "VARCHAR(16) NOT NULL", "attachments": "TEXT NOT NULL", "sources": "TEXT NOT NULL",
    "external_id": "VARCHAR(255) UNIQUE", "status": "VARCHAR(12) NOT NULL",
}


def table(is_sqlite: bool) -> str:
    key = "INTEGER PRIMARY KEY" if is_sqlite else "SERIAL PRIMARY KEY"
    return f"CREATE TABLE bare_line (id {key}, {', '.join(' '.join(column) for column in _COLUMNS.items())})"


def insert(mark: str) -> str:
    """`mark` is the driver's placeholder: ? or %s."""
    return f"INSERT INTO bare_line ({', '.join(_COLUMNS)}) VALUES ({', '.join([mark] * len(_COLUMNS))})"


def rows(mark: str) -> str:
    """What a row of the inbox shows, 41 of them, for one tenant."""
    return ("SELECT c.uuid, c.last_text, c.last_message_at, c.unread, p.name FROM conversation c "
            f"JOIN customer p ON p.id = c.customer_id WHERE c.tenant_id = {mark} AND c.is_open = 1 "
            "ORDER BY c.has_unread DESC, c.last_message_at DESC, c.id DESC LIMIT 41")
