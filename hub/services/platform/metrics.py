"""The installation in numbers: which businesses have access, and by what."""

from collections.abc import Iterable
from dataclasses import dataclass

from peewee import Field, fn

from hub.lib import clock
from hub.models.accounts.tenant import TRIAL, Plan, Tenant
from hub.models.agents.agent import Agent
from hub.models.conversations.conversation import Conversation
from hub.models.platform.grant import Grant


@dataclass(frozen=True)
class Access:
    active_subscriptions: int
    active_grants: int
    trial_count: int
    expired_trials: int


def access() -> Access:
    """Businesses with a plan, grants that hold now, trials that run, and trials that are over."""
    now = clock.now()
    trials = Tenant.select().where(Tenant.plan == Plan.TRIAL)
    # What the release before made has no moment of its own.
    running = trials.where((Tenant.trial_ends_at > now)
                           | Tenant.trial_ends_at.is_null() & (Tenant.created_at > now - TRIAL)).count()
    return Access(Tenant.select().where(Tenant.plan != Plan.TRIAL).count(), Grant.live_now(now).count(), running,
                  trials.count() - running)


def sizes(tenants: Iterable[int]) -> tuple[dict[int, int], dict[int, int]]:
    """How many agents and how many conversations these businesses have, by their number."""
    return _counted(Agent.tenant, tenants), _counted(Conversation.tenant, tenants)


def _counted(column: Field, tenants: Iterable[int]) -> dict[int, int]:
    rows = column.model.select(column, fn.COUNT(column.model.id)).where(column.in_(list(tenants))).group_by(column)
    return dict(rows.tuples())
