"""One of everything in alice's business, and pictures of the database to compare before and after."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from peewee import SqliteDatabase

from hub.access import tokens
from hub.access.callers import Visitor
from hub.access.roles import Scope
from hub.lib import clock, ids
from hub.models import ALL, base
from hub.models.customers.customer_note import CustomerNote
from hub.models.conversations.turn import Turn
from hub.models.platform.file import FileKind
from hub.models.accounts.api_key import ApiKey
from hub.models.accounts.invite import Invite
from hub.models.accounts.passkey import Passkey
from hub.models.accounts.session import UserSession
from hub.models.platform.grant import Grant
from hub.models.platform.integration_secret import IntegrationSecret
from hub.models.accounts.user import User
from hub.models.channels.inbound_event import InboundEvent
from hub.models.platform.mail import Mail, MailKind
from hub.models.platform.proxy import Proxy
from hub.models.platform.task import Task
from hub.models.platform.update import Update
from hub.services import files
from hub.settings import current_settings
from tests import factories
from tests.api.noun import Noun, every
from tests.factories import People


Result = TypeVar("Result")
_RANDOM = re.compile(r"[A-Za-z0-9_-]{40,}")


@dataclass(frozen=True)
class World:
    """`places` says which row of alice's business each path parameter means, `words` what no stranger may read."""

    people: People
    admin: User
    guest: User
    platform_admin: User
    platform_owner: User
    places: dict[str, str]
    words: list[str]
    site: str
    visitor: str            # the token of the visitor who wrote
    line: str
    keys: dict[str, str]    # the keys of programs: of alice's business, of dave's, and of the platform
    nouns: dict[str, Noun]

    def fill(self, path: str) -> str:
        """The path with alice's rows in it. A plain noun's row is made when it is first asked for.

        AssertionError for a path parameter that neither a Noun nor `make` has a row for. Never inside `undone`.
        """
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda place: self._row(place[1]), path)

    def _row(self, name: str) -> str:
        if name not in self.places:
            assert not base.db.in_transaction(), "what is made here would be undone"
            assert name in self.nouns, f"<{name}> has no row: declare a Noun in its test file, or add it to make()"
            row: Any = self.nouns[name].make(self.people.tenant)
            self.places[name] = str(row.uuid)
            self.words.extend(filter(None, (getattr(row, called, "") for called in ("name", "title"))))
        return self.places[name]

    def told(self, text: str) -> list[str]:
        """Which of the secrets are in the text. A short one may stand by chance in a random token: it says nothing."""
        plain = _RANDOM.sub("", text)
        return [secret for secret in self.secrets if secret in (plain if len(secret) < 12 else text)]

    @property
    def secrets(self) -> list[str]:
        """What only alice's business knows: its rows' names to the outside, and words of its people."""
        return [*self.words, *(place for place in self.places.values() if place.count("-") == 4)]


def make() -> World:
    people = factories.make_people()
    tenant = people.tenant
    admin = factories.make_user(tenant, "admin", first_name="Anna")
    guest = factories.make_user(tenant, "guest", first_name="Greta")
    platform = factories.make_tenant(name="Platform")
    helper = factories.make_user(platform, "owner", first_name="Ada", is_platform_admin=True)
    root = factories.make_user(platform, "owner", first_name="Root", is_platform_owner=True)
    factories.make_agent(tenant)
    hook = factories.make_custom(tenant, "http://127.0.0.1:9/")
    site = factories.make_site(tenant)
    visitor = Visitor("v-vera", site.id, tenant.id)
    conversation = factories.make_conversation(site, "Where is my cake?", who=visitor.key, name="Vera Ivanova")
    line = conversation.messages.first()
    note = CustomerNote.create(tenant=tenant, customer=conversation.customer, author=people.bob,
                               text="Likes poppy seeds.")
    turn = Turn.create(tenant=tenant, conversation=conversation, question=line, floor_version=0,
                       state="suggested", text="Your cake is in the oven.")
    task = Task.create(tenant=tenant, job="knowledge.reindex.restore", permission="MANAGE_KNOWLEDGE_BASE")
    grant = Grant.create(tenant=tenant, starts_at=clock.now(), ends_at=clock.ahead(86_400), reason="Patience",
                         granted_by="service:test")
    event = InboundEvent.create(tenant=tenant, channel=hook, external_id="e-1", body=b"no poppy", state="failed")
    rows: dict[str, Any] = {"task": task, "channel": hook, "inbound_event": event, "conversation": conversation,
                            "customer": conversation.customer, "note": note, "turn": turn, "member": people.bob,
                            "site": site, "session": _session(people.alice), "invite": _invite(people),
                            "passkey": Passkey.create(user=people.alice, name="Alices key", credential="AA",
                                                      public_part="AA"),
                            "mail": _mail(people),
                            "tenant": tenant, "user": people.bob, "grant": grant, "secret": _secret(tenant),
                            "api_key": factories.make_api_key(tenant, name="Poppy counter"),
                            "proxy": _proxy(), "update": Update.create(version="9.9.9", sha256="0" * 64),
                            "file": files.store(tenant, FileKind.ATTACHMENT, "a.txt", io.BytesIO(b"Hello"))}
    places = {"kind": str(hook.kind), "token": str(hook.token), "filename": "theme/theme.css",
              "name": "RAG_ENABLED",
              "tenant_number": str(tenant.number),
              "entity_type": "customer", "entity_id": str(conversation.customer.uuid),
              **{name: str(row.uuid) for name, row in rows.items()}}
    words = [str(hook.token), "Vera Ivanova", "Where is my cake", "poppy", "nine to six", "in the oven"]
    return World(people, admin, guest, helper, root, places, words, str(site.token),
                 tokens.issue_visitor(current_settings().session_secret, visitor), str(line.uuid), _keys(people, root),
                 every())


def _keys(people: People, root: User) -> dict[str, str]:
    """What programs send, each with everything that it may be given."""
    texts = {name: ApiKey.new_text() for name in ("key", "stranger_key", "platform_key")}
    own = [scope for scope in Scope if scope is not Scope.PLATFORM]
    later = clock.ahead(86_400)         # so that using one writes nothing
    factories.make_api_key(people.tenant, *own, text=texts["key"], last_used_at=later)
    factories.make_api_key(people.other, *own, text=texts["stranger_key"], last_used_at=later)
    factories.make_api_key(root.tenant, *Scope, text=texts["platform_key"], made_by=root, last_used_at=later)
    return texts


def _session(user: User) -> UserSession:
    return UserSession.create(user=user, digest=ids.digest("alice"), expires_at=clock.ahead(3600))


def _invite(people: People) -> Invite:
    return Invite.create(tenant=people.tenant, email="fred@bakery.example", role="viewer", digest=ids.digest("fred"),
                         expires_at=clock.ahead(3600))


def _secret(tenant: Any) -> IntegrationSecret:
    return IntegrationSecret.create(tenant=tenant, key_name="STRIPE_SECRET_KEY", secret="stripe-4711-and-more")


def _proxy() -> Proxy:
    return Proxy.create(host="way.example", port=1080, protocol="http", username="poppy-4711-and-more",
                        password="proxy-4711-and-more", digest="-")


def _mail(people: People) -> Mail:
    return Mail.create(kind=MailKind.RESET, recipient=people.bob.email, state="kept", subject="A poppy", text="A poppy")


def picture(tenant: Any = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row there is, without counted tries; with a tenant, every row of that business (proofs of signing in belong
    to no business)."""
    of_nobody = ("UserSession", "RevokedToken", "AccountToken", "Totp", "RecoveryCode", "Passkey", "EmailChange",
                 "KnownDevice", "Proxy", "Update")
    return {model.__name__: _rows(model, tenant) for model in ALL
            if model.__name__ != "LoginFailure" and (tenant is None or model.__name__ not in of_nobody)}


def _rows(model: Any, tenant: Any) -> list[tuple[Any, ...]]:
    rows = model.select().order_by(*model._meta.get_primary_keys()).tuples()
    if tenant is not None and model.__name__ == "Tenant":
        rows = rows.where(model.id == tenant.id)
    elif tenant is not None and "tenant" in model._meta.fields:
        rows = rows.where(model.tenant == tenant)
    return list(rows)


def written() -> int:
    """How many rows this connection has written in its transaction, whatever became of them."""
    if isinstance(base.db.obj, SqliteDatabase):
        return int(base.db.connection().total_changes)
    counted = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
    return int(base.db.execute_sql(counted).fetchone()[0] or 0)


def effect(call: Callable[[], Result], tenant: Any = None, unless: Result | None = None) -> tuple[Result, bool]:
    """What the call gives, and whether any row is another after it (of a business: of its rows); then it is undone.

    Pictures are made only where rows were written, and not when the call gives `unless`.
    """
    after = None
    with undone():
        before = written()
        result = call()
        if result != unless and written() != before:
            after = picture(tenant)
    return result, after is not None and after != picture(tenant)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside leaves no trace in the database."""
    with base.db.atomic() as step:
        yield
        step.rollback()
