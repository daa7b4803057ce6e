"""The first schema: a frozen copy of the tables, independent of the models as they are today."""
from typing import Any

from peewee import (
    BlobField,
    BooleanField,
    CharField,
    CompositeKey,
    DateTimeField,
    DecimalField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    SmallIntegerField,
    SqliteDatabase,
    TextField,
    UUIDField,
)


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        name = CharField()
        language = CharField(max_length=8, default='ru')
        tone = CharField(max_length=16, default='friendly')
        address_style = CharField(max_length=4, default='vy')
        currency = CharField(max_length=3, default='RUB')
        timezone = CharField(max_length=64, default='Europe/Moscow')
        working_hours_start = CharField(max_length=5, default='09:00')
        working_hours_end = CharField(max_length=5, default='18:00')
        auto_reply_outside_hours = BooleanField(default=True)
        escalation_email = CharField(null=True)
        allow_discounts = BooleanField(default=False)
        max_discount_percent = IntegerField(default=0)
        delivery_options = TextField(null=True)
        return_policy = TextField(null=True)
        status = CharField(max_length=16, default='active')
        updated_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'tenant'
    db.create_tables([Tenant])

    class Agent(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        name = CharField()
        is_active = BooleanField(default=False)
        model = CharField(max_length=100, default='')
        system_instructions = TextField(default='')
        check_before_send = BooleanField(default=False)
        auto_detect_language = BooleanField(default=True)
        response_language = CharField(null=True, max_length=10)
        creativity_level = CharField(max_length=16, default='balanced')
        response_delay_seconds = IntegerField(default=45)
        schedule_enabled = BooleanField(default=False)
        working_schedule = JSONField(default=list)
        no_answer_message = TextField(null=True)
        total_messages = IntegerField(default=0)
        total_conversations = IntegerField(default=0)
        average_response_time = IntegerField(null=True)
        updated_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'agent'
    db.create_tables([Agent])

    class Channel(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        kind = CharField(max_length=32)
        name = CharField()
        token = CharField(unique=True, max_length=64)
        config = JSONField(default=dict)
        secret = CharField(max_length=128)
        is_active = BooleanField(default=True)
        class Meta:
            database = db
            table_name = 'channel'
    db.create_tables([Channel])

    class File(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        name = CharField()
        mime = CharField(max_length=128)
        size = IntegerField()
        sha256 = CharField(max_length=64)
        data = BlobField()
        class Meta:
            database = db
            table_name = 'file'
    db.create_tables([File])

    class KnowledgeDoc(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        title = CharField(max_length=500)
        content = TextField(default='')
        category = CharField(max_length=16, default='general')
        tags = JSONField(default=list)
        language = CharField(null=True, max_length=8)
        url = CharField(null=True, max_length=1000)
        file = ForeignKeyField(File, null=True, on_delete='SET NULL')
        is_active = BooleanField(default=True)
        state = CharField(max_length=12, default='pending')
        version = IntegerField(default=1)
        due_at = DateTimeField()
        attempts = IntegerField(default=0)
        error = CharField(default='')
        chunks_count = IntegerField(default=0)
        usage_count = IntegerField(default=0)
        last_used_at = DateTimeField(null=True)
        updated_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'knowledge_doc'
    db.create_tables([KnowledgeDoc])

    class Chunk(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        doc = ForeignKeyField(KnowledgeDoc, on_delete='CASCADE', index=False)
        position = IntegerField()
        heading = CharField(max_length=500, default='')
        text = TextField()
        embedder = CharField(max_length=64)
        vector = BlobField()
        class Meta:
            database = db
            table_name = 'chunk'
            indexes = ((('doc', 'position'), True),)
    db.create_tables([Chunk])

    class ChunkTerm(Model):
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE', index=False)
        stem = CharField(max_length=64)
        chunk = ForeignKeyField(Chunk, on_delete='CASCADE')
        weight = FloatField()
        class Meta:
            database = db
            table_name = 'chunk_term'
            without_rowid = isinstance(db.obj, SqliteDatabase)      # Postgres has no such words
            primary_key = CompositeKey('tenant', 'stem', 'chunk')
    db.create_tables([ChunkTerm])

    class Customer(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        name = CharField(default='')
        email = CharField(index=True, null=True)
        phone = CharField(index=True, null=True)
        tags = JSONField(default=list)
        language = CharField(null=True, max_length=8)
        page = JSONField(default=dict)
        last_seen_at = DateTimeField()
        updated_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'customer'
    db.create_tables([Customer])

    class User(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        email = CharField(unique=True)
        username = CharField(unique=True, null=True)
        first_name = CharField(default='')
        last_name = CharField(default='')
        password_hash = CharField(null=True)
        role = CharField(max_length=16, default='viewer')
        auth_provider = CharField(max_length=8, default='local')
        is_platform_admin = BooleanField(default=False)
        is_platform_owner = BooleanField(default=False)
        is_active = BooleanField(default=True)
        locale = CharField(max_length=8, default='ru')
        theme = CharField(max_length=8, default='system')
        failed_logins = IntegerField(default=0)
        locked_until = DateTimeField(null=True)
        last_login_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'user'
    db.create_tables([User])

    class Conversation(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE', index=False)
        customer = ForeignKeyField(Customer, on_delete='CASCADE', index=False)
        channel = ForeignKeyField(Channel, on_delete='CASCADE', index=False)
        agent = ForeignKeyField(Agent, null=True, on_delete='SET NULL')
        external_id = CharField(null=True)
        change = IntegerField(default=0)
        floor = CharField(max_length=8, default='ai')
        floor_user = ForeignKeyField(User, null=True, on_delete='SET NULL', index=False)
        floor_version = IntegerField(default=0)
        floor_reason = CharField(default='')
        floor_at = DateTimeField()
        mode = CharField(max_length=12, default='auto')
        is_open = SmallIntegerField(default=1)
        has_unread = SmallIntegerField(default=0)
        unread = IntegerField(default=0)
        customer_unread = IntegerField(default=0)
        messages_count = IntegerField(default=0)
        customer_lines = IntegerField(default=0)
        last_role = CharField(max_length=12, default='')
        last_text = CharField(max_length=160, default='')
        first_message_at = DateTimeField(null=True)
        last_message_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'conversation'
            indexes = ((('tenant', 'is_open', 'has_unread', 'last_message_at', 'id'), False), (('tenant', 'has_unread', 'last_message_at', 'id'), False), (('tenant', 'floor', 'is_open', 'has_unread', 'last_message_at', 'id'), False), (('floor_user', 'is_open', 'has_unread', 'last_message_at', 'id'), False), (('customer', 'channel', 'is_open'), False))
    db.create_tables([Conversation])

    class CustomerIdentity(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE', index=False)
        customer = ForeignKeyField(Customer, on_delete='CASCADE')
        kind = CharField(max_length=32)
        value = CharField()
        class Meta:
            database = db
            table_name = 'customer_identity'
            indexes = ((('tenant', 'kind', 'value'), True),)
    db.create_tables([CustomerIdentity])

    class CustomerNote(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        customer = ForeignKeyField(Customer, on_delete='CASCADE')
        author = ForeignKeyField(User, null=True, on_delete='SET NULL')
        text = TextField()
        class Meta:
            database = db
            table_name = 'customer_note'
    db.create_tables([CustomerNote])

    class Message(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE', index=False)
        conversation = ForeignKeyField(Conversation, on_delete='CASCADE', index=False)
        channel = ForeignKeyField(Channel, on_delete='CASCADE', index=False)
        change = IntegerField()
        role = CharField(max_length=12)
        user = ForeignKeyField(User, null=True, on_delete='SET NULL', index=False)
        agent = ForeignKeyField(Agent, null=True, on_delete='SET NULL', index=False)
        name = CharField(default='')
        text = TextField(default='')
        content_type = CharField(max_length=16, default='text')
        attachments = JSONField(default=list)
        sources = JSONField(default=list)
        event = CharField(null=True, max_length=32)
        external_id = CharField(null=True)
        reply_to = CharField(null=True, max_length=36)
        status = CharField(max_length=12, default='received')
        turn_uuid = CharField(null=True, max_length=36)
        confidence = JSONField(null=True)
        edited_at = DateTimeField(null=True)
        answer_at = DateTimeField(null=True)
        answer_lease = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'message'
            indexes = ((('conversation', 'change'), False), (('conversation', 'id'), False), (('channel', 'external_id'), True))
    db.create_tables([Message])

    class Delivery(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        message = ForeignKeyField(Message, unique=True, on_delete='CASCADE')
        conversation = ForeignKeyField(Conversation, on_delete='CASCADE')
        channel = ForeignKeyField(Channel, on_delete='CASCADE')
        state = CharField(max_length=12, default='queued')
        attempts = IntegerField(default=0)
        due_at = DateTimeField()
        lease_until = DateTimeField(null=True)
        external_id = CharField(null=True)
        error = CharField(default='')
        updated_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'delivery'
    db.create_tables([Delivery])

    class IdempotencyKey(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE', index=False)
        key = CharField()
        request = CharField(max_length=64)
        status = IntegerField(null=True)
        answer = JSONField(null=True)
        class Meta:
            database = db
            table_name = 'idempotency_key'
            indexes = ((('tenant', 'key'), True),)
    db.create_tables([IdempotencyKey])

    class InboundEvent(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        channel = ForeignKeyField(Channel, on_delete='CASCADE', index=False)
        external_id = CharField()
        headers = JSONField(default=dict)
        body = BlobField()
        state = CharField(max_length=12, default='received')
        attempts = IntegerField(default=0)
        error = CharField(default='')
        due_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'inbound_event'
            indexes = ((('channel', 'external_id'), True),)
    db.create_tables([InboundEvent])

    class Product(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        name = CharField()
        description = TextField(default='')
        sku = CharField(null=True, max_length=64)
        price = DecimalField(max_digits=14, decimal_places=2, default=0)
        currency = CharField(max_length=3, default='RUB')
        in_stock = BooleanField(default=True)
        category = CharField(null=True)
        image_url = CharField(null=True, max_length=1000)
        metadata = JSONField(default=dict)
        updated_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'product'
            indexes = ((('tenant', 'sku'), True),)
    db.create_tables([Product])

    class RevokedToken(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        jti = CharField(unique=True, max_length=64)
        expires_at = DateTimeField(index=True)
        class Meta:
            database = db
            table_name = 'revoked_token'
    db.create_tables([RevokedToken])

    class Turn(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, on_delete='CASCADE')
        conversation = ForeignKeyField(Conversation, on_delete='CASCADE')
        question = ForeignKeyField(Message, unique=True, on_delete='CASCADE')
        agent = ForeignKeyField(Agent, null=True, on_delete='SET NULL')
        attempts = IntegerField(default=0)
        floor_version = IntegerField()
        state = CharField(max_length=16, default='running')
        reason = CharField(max_length=64, default='')
        block_reason = CharField(null=True, max_length=32)
        intent = CharField(null=True, max_length=32)
        confidence = JSONField(default=dict)
        penalties = JSONField(default=list)
        sources = JSONField(default=list)
        text = TextField(default='')
        reply = ForeignKeyField(Message, null=True, on_delete='SET NULL')
        model = CharField(max_length=100, default='')
        tokens_in = IntegerField(default=0)
        tokens_out = IntegerField(default=0)
        cost = FloatField(null=True)
        model_ms = IntegerField(default=0)
        total_ms = IntegerField(default=0)
        error = CharField(default='')
        finished_at = DateTimeField(null=True)
        updated_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'turn'
    db.create_tables([Turn])

    class UserSession(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        user = ForeignKeyField(User, on_delete='CASCADE')
        digest = CharField(unique=True, max_length=64)
        expires_at = DateTimeField(index=True)
        ip = CharField(max_length=64, default='')
        user_agent = CharField(default='')
        class Meta:
            database = db
            table_name = 'user_session'
    db.create_tables([UserSession])

    # Only what is still to be done: looking for forgotten work costs the same however much is finished.
    for name, table, column, where in (
            ("message_owed", "message", "answer_at", "answer_at IS NOT NULL"),
            ("delivery_open", "delivery", "due_at", "state IN ('queued', 'sending')"),
            ("inbound_event_open", "inbound_event", "due_at", "state = 'received'"),
            ("knowledge_doc_open", "knowledge_doc", "due_at", "state IN ('pending', 'indexing')")):
        db.execute_sql(f'CREATE INDEX {name} ON {table} ({column}) WHERE {where}')


def down(migrator: Any, db: Any) -> None:
    migrator.migrate(migrator.drop_table('user_session'))
    migrator.migrate(migrator.drop_table('turn'))
    migrator.migrate(migrator.drop_table('revoked_token'))
    migrator.migrate(migrator.drop_table('product'))
    migrator.migrate(migrator.drop_table('inbound_event'))
    migrator.migrate(migrator.drop_table('idempotency_key'))
    migrator.migrate(migrator.drop_table('delivery'))
    migrator.migrate(migrator.drop_table('message'))
    migrator.migrate(migrator.drop_table('customer_note'))
    migrator.migrate(migrator.drop_table('customer_identity'))
    migrator.migrate(migrator.drop_table('conversation'))
    migrator.migrate(migrator.drop_table('user'))
    migrator.migrate(migrator.drop_table('customer'))
    migrator.migrate(migrator.drop_table('chunk_term'))
    migrator.migrate(migrator.drop_table('chunk'))
    migrator.migrate(migrator.drop_table('knowledge_doc'))
    migrator.migrate(migrator.drop_table('file'))
    migrator.migrate(migrator.drop_table('channel'))
    migrator.migrate(migrator.drop_table('agent'))
    migrator.migrate(migrator.drop_table('tenant'))
