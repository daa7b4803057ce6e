"""Accounts and letters: a frozen step from one schema to the next."""

from typing import Any

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, Model, SQL, SmallIntegerField, TextField, UUIDField


def up(migrator: Any, db: Any) -> None:
    class Tenant(Model):
        class Meta:
            database = db
            table_name = 'tenant'

    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class AccountToken(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        user = ForeignKeyField(User, field=User.id, on_delete='CASCADE')
        purpose = CharField(max_length=12, constraints=[SQL('CONSTRAINT "account_token_purpose_check" CHECK ("purpose" IN (\'verify\', \'reset\'))')])
        digest = CharField(unique=True, max_length=64)
        code_digest = CharField(null=True, max_length=64)
        code_until = DateTimeField(null=True)
        tries = SmallIntegerField(constraints=[SQL('DEFAULT 0')])
        mark = CharField(max_length=64)
        expires_at = DateTimeField(index=True)
        used_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'account_token'

    db.create_tables([AccountToken])

    class Invite(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE')
        email = CharField()
        role = CharField(max_length=16, constraints=[SQL('CONSTRAINT "invite_role_check" CHECK ("role" IN (\'owner\', \'admin\', \'operator\', \'viewer\', \'guest\'))')])
        digest = CharField(unique=True, max_length=64)
        invited_by = ForeignKeyField(User, field=User.id, on_delete='SET NULL', null=True)
        expires_at = DateTimeField()
        accepted_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'invite'

    db.create_tables([Invite])

    class Mail(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        due_at = DateTimeField()
        lease_until = DateTimeField(null=True)
        attempts = IntegerField(constraints=[SQL('DEFAULT 0')])
        error = CharField(constraints=[SQL("DEFAULT ''")])
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', null=True)
        user = ForeignKeyField(User, field=User.id, on_delete='CASCADE', null=True)
        kind = CharField(max_length=40, constraints=[SQL('CONSTRAINT "mail_kind_check" CHECK ("kind" IN (\'accounts.letters.verification\', \'accounts.letters.reset\', \'accounts.letters.invite\', \'accounts.letters.address_taken\', \'platform.contact.letter\'))')])
        recipient = CharField()
        locale = CharField(max_length=8, constraints=[SQL("DEFAULT 'en'")])
        values = TextField(null=True)
        state = CharField(max_length=12, constraints=[SQL("DEFAULT 'queued'"), SQL('CONSTRAINT "mail_state_check" CHECK ("state" IN (\'queued\', \'running\', \'sent\', \'kept\', \'dropped\', \'failed\'))')])
        subject = CharField(constraints=[SQL("DEFAULT ''")])
        text = TextField(null=True)
        html = TextField(null=True)
        sent_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = 'mail'

    db.create_tables([Mail])
    db.execute_sql('CREATE INDEX "mail_open" ON "mail" ("due_at") WHERE ("state" IN (\'queued\', \'running\'))')

    class MailServer(Model):
        uuid = UUIDField(unique=True)
        created_at = DateTimeField()
        tenant = ForeignKeyField(Tenant, field=Tenant.id, on_delete='CASCADE', unique=True)
        is_active = BooleanField(constraints=[SQL('DEFAULT FALSE')])
        host = CharField(constraints=[SQL("DEFAULT ''")])
        port = IntegerField(constraints=[SQL('DEFAULT 465')])
        security = CharField(max_length=12, constraints=[SQL("DEFAULT 'tls'"), SQL('CONSTRAINT "mail_server_security_check" CHECK ("security" IN (\'tls\', \'starttls\', \'none\'))')])
        username = CharField(constraints=[SQL("DEFAULT ''")])
        password = TextField(null=True)
        sender = CharField(constraints=[SQL("DEFAULT ''")])
        updated_at = DateTimeField()

        class Meta:
            database = db
            table_name = 'mail_server'

    db.create_tables([MailServer])

    migrator.migrate(migrator.add_column('user', 'email_verified_at', DateTimeField(null=True)))
