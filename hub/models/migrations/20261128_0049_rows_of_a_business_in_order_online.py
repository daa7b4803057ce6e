"""Rows of a business in order (online): a frozen step from one schema to the next."""

from typing import Any

from hub.models import online

# Outside a transaction, so that nobody waits: what is made already is left as it is.
atomic = False


def up(migrator: Any, db: Any) -> None:
    online.create_index(db, 'user_tenant_id_email', '"user" ("tenant_id", "email")')
    online.create_index(db, 'user_tenant_id_id', '"user" ("tenant_id", "id")')
    online.create_index(db, 'agent_tenant_id_id', '"agent" ("tenant_id", "id")')
    online.create_index(db, 'channel_tenant_id_id', '"channel" ("tenant_id", "id")')
    online.create_index(db, 'file_tenant_id_id', '"file" ("tenant_id", "id")')
    online.create_index(db, 'knowledge_doc_tenant_id_id', '"knowledge_doc" ("tenant_id", "id")')
    online.create_index(db, 'chunk_tenant_id_id', '"chunk" ("tenant_id", "id")')
    online.create_index(db, 'customer_tenant_id_id', '"customer" ("tenant_id", "id")')
    online.create_index(db, 'customer_note_customer_id_id', '"customer_note" ("customer_id", "id")')
    online.create_index(db, 'customer_note_tenant_id_id', '"customer_note" ("tenant_id", "id")')
    online.create_index(db, 'message_unindexed', '"message" ("tenant_id", "id") WHERE ("is_indexed" = 0)')
    online.create_index(db, 'delivery_tenant_id_id', '"delivery" ("tenant_id", "id")')
    online.create_index(db, 'draft_tenant_id_id', '"draft" ("tenant_id", "id")')
    online.create_index(db, 'event_tenant_id_actor_id', '"event" ("tenant_id", "actor", "id")')
    online.create_index(db, 'tenant_grant_tenant_id_id', '"tenant_grant" ("tenant_id", "id")')
    online.create_index(db, 'inbound_event_failed', '"inbound_event" ("channel_id", "id") WHERE ("state" = \'failed\')')
    online.create_index(db, 'inbound_event_tenant_id_id', '"inbound_event" ("tenant_id", "id")')
    online.create_index(db, 'invite_tenant_id_id', '"invite" ("tenant_id", "id")')
    online.create_index(db, 'mail_tenant_id_id', '"mail" ("tenant_id", "id")')
    online.create_index(db, 'product_tenant_id_id', '"product" ("tenant_id", "id")')
    online.create_index(db, 'task_tenant_id_id', '"task" ("tenant_id", "id")')
    online.create_index(db, 'turn_tenant_id_id', '"turn" ("tenant_id", "id")')
    # Only then those that they stand in for.
    online.drop_index(db, 'user_tenant_id')
    online.drop_index(db, 'agent_tenant_id')
    online.drop_index(db, 'channel_tenant_id')
    online.drop_index(db, 'file_tenant_id')
    online.drop_index(db, 'knowledgedoc_tenant_id')
    online.drop_index(db, 'chunk_tenant_id')
    online.drop_index(db, 'customer_tenant_id')
    online.drop_index(db, 'customernote_customer_id')
    online.drop_index(db, 'customernote_tenant_id')
    online.drop_index(db, 'message_to_index')
    online.drop_index(db, 'delivery_tenant_id')
    online.drop_index(db, 'draft_tenant_id')
    online.drop_index(db, 'grant_tenant_id')
    online.drop_index(db, 'inboundevent_tenant_id')
    online.drop_index(db, 'invite_tenant_id')
    online.drop_index(db, 'mail_tenant_id')
    online.drop_index(db, 'product_tenant_id')
    online.drop_index(db, 'task_tenant_id')
    online.drop_index(db, 'turn_tenant_id')
