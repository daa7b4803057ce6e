"""A database that is full, read-only or locked, or that ends a transaction: callers are told, nothing is lost."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import psycopg2
import pytest

from hub.lib import crypto
from hub.models import base, refusals
from hub.models.accounts.tenant import Tenant
from hub.models.channels.inbound_event import InboundEvent
from hub.models.customers.customer import Customer
from hub.models.platform.event import Event
from hub.settings import Settings
from tests import factories
from tests.client import Client, Visitor
from tests.factories import People
from tests.waits import STUCK_S, until

_FULL = "The disk is full: nothing can be stored until there is room again."
_READ_ONLY = "Nothing can be stored at the moment: the database may only be read."


@contextmanager
def unwritable(settings: Settings, kind: str) -> Iterator[None]:
    """The database of this process answers and takes nothing more."""
    on, off = {"full": ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823"),
               "read-only": ("PRAGMA query_only = 1", "PRAGMA query_only = 0") if settings.sqlite else
               ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")}[kind]
    base.release()
    base.db.close_idle()        # there is one connection, of which the rest is true
    if kind == "full":
        base.db.execute_sql("VACUUM")           # no free pages
    base.db.execute_sql(on)
    try:
        yield
    finally:
        base.db.execute_sql(off)


def _writes(people: People, alice: Client, visitor: Visitor) -> dict[str, Any]:
    """Calls that store something, of every kind of caller; each gives the response."""
    custom = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    body = b'{"id": "1", "from": {"id": "vera"}, "text": "%s"}' % (b"x" * 9000)
    signed = {"X-Parley-Signature": "sha256=" + crypto.sign(custom.secret.reveal(), body)}
    long, line = "x" * 3000, {"clientId": "client-9999", "text": "я" * 3000}
    return {
        "a customer's line": lambda: visitor.call("POST", "/widget/messages", json=line),
        "a provider's event": lambda: alice.call("POST", f"/webhooks/custom/{custom.token}", data=body, headers=signed),
        "an article": lambda: alice.call("POST", "/api/knowledge-docs", json={"title": "T", "content": long * 3})}


@pytest.mark.parametrize(("kind", "code", "sentence"), [("full", "disk_full", _FULL),
                                                        ("read-only", "read_only", _READ_ONLY)])
def test_what_cannot_be_stored_is_refused_in_words_and_taken_once_it_can(
        people: People, alice: Client, app: Any, settings: Settings, kind: str, code: str, sentence: str) -> None:
    if kind == "full" and not settings.sqlite:
        pytest.skip("a Postgres whose disk is full stands in tests/storage/test_disk.py")
    visitor = Visitor(app, str(factories.make_site(people.tenant).token))
    visitor.say("Before")
    writes = _writes(people, alice, visitor)
    for name, write in writes.items():
        with unwritable(settings, kind):
            answer = write()
            assert answer.status_code == 503, (name, answer.text)
            assert int(answer.headers["Retry-After"]) > 0
            assert (answer.get_json()["error"]["code"], answer.get_json()["error"]["message"]) == (code, sentence), name
            alice.get("/api/conversations")
    assert [line["text"] for line in visitor.lines()] == ["Before"]
    for name, write in writes.items():
        assert write().status_code in (200, 201), name
    assert len(visitor.lines()) == 2 and InboundEvent.select().count() == 1


@contextmanager
def another(settings: Settings) -> Iterator[Any]:
    """Somebody else on the same Postgres, in a transaction that is undone at the end."""
    with closing(psycopg2.connect(settings.database_url)) as link, link.cursor() as cursor:
        cursor.execute("SET deadlock_timeout = '1h'")       # of two who wait for each other it is never the victim
        yield cursor


def _waits(cursor: Any) -> bool:
    """Does somebody wait for this transaction? Other databases of the server have waits of their own."""
    cursor.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    return bool(cursor.fetchone()[0])


@pytest.mark.postgres
def test_a_change_that_the_database_breaks_off_is_done_again_and_happens_once(
        people: People, alice: Client, settings: Settings) -> None:
    customer = factories.make_conversation(factories.make_site(people.tenant), "Hello").customer
    base.release()
    before = Event.select().where(Event.tenant == people.tenant).count()
    base.release()
    with another(settings) as other:
        other.execute("SELECT 1 FROM tenant WHERE id = %s FOR UPDATE", (people.tenant.id,))

        def cross() -> None:
            until(lambda: _waits(other))
            other.execute("UPDATE customer SET phone = 'Theirs' WHERE id = %s", (customer.id,))
            other.connection.commit()

        thread = threading.Thread(target=cross)
        thread.start()
        alice.patch(f"/api/customers/{customer.uuid}", {"name": "Vera"})
        thread.join(STUCK_S)
        assert not thread.is_alive()
    now: Any = Customer.get_by_id(customer.id)
    assert (now.name, now.phone) == ("Vera", "Theirs"), "both changes are there"
    assert Event.select().where(Event.tenant == people.tenant).count() == before + 1


@pytest.mark.postgres
def test_two_transactions_that_cross_both_happen_once(people: People) -> None:
    """Each takes one row and then wants the other's, until the database ends one of them."""
    rows, tries = [people.tenant.id, people.dave.tenant_id], [0, 0]
    meeting = threading.Barrier(2)

    def crossing(number: int) -> None:
        tries[number] += 1
        for at in (number, 1 - number):
            Tenant.update(name=Tenant.name + str(number)).where(Tenant.id == rows[at]).execute()
            if tries == [1, 1] or max(tries) == 1:
                meeting.wait(STUCK_S) if at == number else None

    def run(number: int) -> None:
        with base.connection():
            refusals.committed(lambda: crossing(number))

    Tenant.update(name="").execute()
    base.release()
    threads = [threading.Thread(target=run, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(STUCK_S)
    assert sorted(tries) == [1, 2]
    assert [sorted(Tenant.get_by_id(number).name) for number in rows] == [["0", "1"], ["0", "1"]]


@pytest.mark.postgres
def test_who_is_broken_off_again_and_again_is_told_to_come_back(
        people: People, alice: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def broken_off(*_: Any, **__: Any) -> Any:
        tries.append(1)
        return base.db.execute_sql("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$")

    customer = factories.make_conversation(factories.make_site(people.tenant), "Hello").customer
    monkeypatch.setattr("hub.services.events.record", broken_off)
    answer = alice.call("PATCH", f"/api/customers/{customer.uuid}", json={"name": "Vera"}, expect=503)
    assert answer.get_json()["error"]["code"] == "database_busy" and answer.headers["Retry-After"] == "2"
    assert 1 < len(tries) < 10
    monkeypatch.undo()
    assert Customer.get_by_id(customer.id).name != "Vera"


@pytest.mark.postgres
def test_behind_a_locked_table_a_provider_is_refused_soon_and_its_repetition_is_stored_once(
        people: People, client: Client, settings: Settings) -> None:
    custom = factories.make_custom(people.tenant, "http://127.0.0.1:9/")
    body = b'{"id": "1", "from": {"id": "vera"}, "text": "Hello"}'
    signed = {"X-Parley-Signature": "sha256=" + crypto.sign(custom.secret.reveal(), body)}

    def post(expect: int) -> Any:
        return client.call("POST", f"/webhooks/custom/{custom.token}", data=body, headers=signed, expect=expect)

    base.release()
    with another(settings) as other:
        other.execute("LOCK TABLE inbound_event")
        refused = post(503)         # while the table is still locked: else nobody would answer at all
        assert refused.get_json()["error"]["code"] == "database_busy" and int(refused.headers["Retry-After"]) > 0
    assert post(200).get_json()["duplicate"] is False
    assert post(200).get_json()["duplicate"] is True
    assert InboundEvent.select().count() == 1


@pytest.mark.postgres
@pytest.mark.parametrize(("lock_s", "statement_s", "shown"), [(5.0, 60.0, ("5s", "1min")), (0.0, 0.0, ("0", "0")),
                                                              (0.25, 0.0, ("250ms", "0"))])
def test_how_long_postgres_waits_is_a_setting(
        app: Any, settings: Settings, lock_s: float, statement_s: float, shown: tuple[str, str]) -> None:
    base.release()
    base.connect(replace(settings, database_lock_s=lock_s, database_statement_s=statement_s))
    try:
        assert tuple(base.db.execute_sql(f"SHOW {name}").fetchone()[0]
                     for name in ("lock_timeout", "statement_timeout")) == shown
    finally:
        base.release()
        base.connect(settings)
