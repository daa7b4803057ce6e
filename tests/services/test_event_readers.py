"""Readers of the events miss nothing and take nothing twice: after an error, side by side, and out of order."""

import threading
from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import psycopg2
import pytest

from hub.models import base
from hub.models.accounts.tenant import Tenant
from hub.models.agents.agent import Agent
from hub.models.base import transaction
from hub.models.platform.event_cursor import EventCursor
from hub.services import changes
from hub.services.agents import statistics
from hub.services.event_readers import after
from hub.settings import Settings
from tests import factories, servers
from tests.services import steps
from tests.services.steps import by
from tests.there import there
from tests.waits import STUCK_S

KINDS = ("agent.created",)


def _make(tenant: Tenant, *names: str) -> None:
    for name in names:
        changes.create(by(tenant), Agent, {"name": name})


def _read(reader: str = "test", limit: int = 500) -> list[str]:
    with after(reader, KINDS, limit) as found:
        return [there(event.new)["name"] for event in found]


def test_a_reader_goes_on_where_it_stopped_page_by_page(tenant: Tenant) -> None:
    _make(tenant, "a", "b", "c")
    changes.apply(by(tenant), Agent.get(), {"name": "z"})       # another kind
    assert [_read(limit=2), _read(limit=2), _read(limit=2)] == [["a", "b"], ["c"], []]
    _make(tenant, "d")
    assert _read() == ["d"] and _read("another") == ["a", "b", "c", "d"]


def test_what_was_not_done_is_read_again(tenant: Tenant) -> None:
    _make(tenant, "a")
    with pytest.raises(ZeroDivisionError), after("test", KINDS):
        raise ZeroDivisionError
    assert _read() == ["a"]


def test_an_event_whose_transaction_ends_late_is_not_passed_over(tenant: Tenant) -> None:
    begun, end = threading.Event(), threading.Event()

    def slowly() -> None:
        with base.connection(), transaction():
            _make(tenant, "slow")
            begun.set()
            end.wait(STUCK_S)

    thread = threading.Thread(target=slowly)
    thread.start()
    assert begun.wait(STUCK_S)
    read: list[str] = []
    if not isinstance(base.db.obj, base.SqliteDatabase):        # there another writer would wait for the slow one
        _make(factories.make_tenant(), "quick")      # agents of one business are numbered one after the other
        read += _read()
    end.set()
    thread.join(STUCK_S)
    _make(tenant, "last")
    steps.repeat(lambda: read.extend(_read()), lambda: "last" in read)
    assert sorted(read) == sorted(set(read)) and {"slow", "last"} <= set(read)


@pytest.mark.postgres
def test_what_is_written_long_in_another_database_of_the_server_does_not_stop_a_reader(
        tenant: Tenant, settings: Settings) -> None:
    with servers.fresh_database(settings.database_url) as url, closing(psycopg2.connect(url)) as stranger:
        stranger.cursor().execute("SELECT txid_current()")      # open until it is closed
        _make(tenant, "a", "b")
        assert [_read(limit=1), _read(limit=1)] == [["a"], ["b"]]


@pytest.mark.postgres
def test_what_a_session_does_that_hides_it_is_waited_for(
        tenant: Tenant, settings: Settings, another_role: str) -> None:
    with closing(psycopg2.connect(settings.database_url)) as hidden:
        hidden.cursor().execute("SELECT txid_current()")        # it may write an event with this number yet
        _make(tenant, "a")
        base.db.execute_sql(f"SET ROLE {another_role}")
        try:
            assert _read() == []
            hidden.rollback()
            steps.until(lambda: _read() == ["a"], lambda: "the event is not read")
        finally:
            base.db.execute_sql("RESET ROLE")


@pytest.fixture
def another_role(tenant: Tenant) -> Iterator[str]:
    """A role that may do what ours may, and does not see what our sessions do."""
    role = f"parley_{uuid4().hex}"
    base.db.execute_sql(f"CREATE ROLE {role}")
    base.db.execute_sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
    base.db.execute_sql(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")
    yield role
    base.db.execute_sql(f"DROP OWNED BY {role}")
    base.db.execute_sql(f"DROP ROLE {role}")


def test_a_reader_goes_on_in_a_restored_database(tenant: Tenant) -> None:
    _make(tenant, "a")
    assert _read() == ["a"]
    if not isinstance(base.db.obj, base.SqliteDatabase):
        EventCursor.update(xid=2 ** 50).execute()
    _make(tenant, "b")
    assert _read() == ["b"] and _read() == []


def test_events_that_are_gone_with_their_business_do_not_hide_new_ones(tenant: Tenant) -> None:
    other = factories.make_tenant()
    _make(other, "a", "b", "c")
    assert _read() == ["a", "b", "c"]
    other.delete_instance()
    _make(tenant, "d")
    assert _read() == ["d"]


def test_conversations_are_counted_for_their_agent_once(tenant: Tenant, agent: Agent) -> None:
    site = factories.make_site(tenant)
    for who in ("v-1", "v-2", "v-2"):
        factories.make_line(site, "Hello", who=who)
    steps.good(steps.at_once(statistics.count, statistics.count))
    statistics.count()
    assert steps.fresh(agent).total_conversations == 2
