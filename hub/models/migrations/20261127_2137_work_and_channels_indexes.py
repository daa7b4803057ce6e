"""Work and channels (indexes): a frozen step from one schema to the next."""

from typing import Any

from hub.models import online

# Outside a transaction, so that nobody waits: what is made already is left as it is.
atomic = False


def up(migrator: Any, db: Any) -> None:
    # A receiver may have named two lines alike: the later one keeps the name, statuses are about that.
    db.execute_sql('UPDATE delivery SET external_id = NULL WHERE external_id IS NOT NULL AND id NOT IN '
                   '(SELECT MAX(id) FROM delivery GROUP BY channel_id, external_id)')
    online.create_index(db, 'delivery_channel_id_external_id', '"delivery" ("channel_id", "external_id")', unique=True)
    online.create_index(db, 'delivery_message_id_part', '"delivery" ("message_id", "part")', unique=True)
    online.create_index(db, 'inbound_event_due', '"inbound_event" ("due_at") WHERE ("state" IN (\'received\', \'processing\'))')
    online.drop_index(db, 'delivery_message_id')
    online.drop_index(db, 'inbound_event_open')
