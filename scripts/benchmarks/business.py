"""The rows that a benchmark needs: a business, its operator's session, a site, and visitors with tokens."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.access import tokens
from hub.access.callers import Visitor
from hub.lib import ids
from hub.models.agents.agent import Agent
from hub.models.base import connection
from hub.models.channels.channel import Channel
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import User
from hub.services.accounts import accounts
from hub.services.start import start
from hub.settings import Settings


@dataclass(frozen=True)
class Business:
    """`cookie` is the whole Cookie header of its operator."""

    tenant_id: int
    user_id: int
    site_id: int
    site: str
    cookie: str


def make(env: Mapping[str, str], *, answers: bool = False) -> Business:
    """A business in the database of `env`, which this process uses from now on. `answers`: with an AI agent."""
    start(Settings.load(env))
    with connection():
        tenant = Tenant.create(name="Bench")
        user = User.create(tenant=tenant, email=f"{ids.token(6)}@bench.example".lower(), role="owner", locale="en")
        site = Channel.create(tenant=tenant, kind="website", name="Site")
        if answers:
            Agent.create(tenant=tenant, name="Aino", is_active=True, response_delay_seconds=0)
        cookie = accounts.open_session(user, "127.0.0.1", "bench")
        return Business(tenant.id, user.id, site.id, str(site.token), f"parley_session={cookie}")


def of_site(env: Mapping[str, str], token: str) -> Business:
    """The business that the demo's seed made, without a session."""
    start(Settings.load(env))
    with connection():
        site = Channel.get(Channel.token == token)
        return Business(site.tenant_id, 0, site.id, token, "")


def visitors(env: Mapping[str, str], business: Business, count: int) -> list[str]:
    """Tokens of as many strangers who have not written yet."""
    return [tokens.issue_visitor(env["SESSION_SECRET"], Visitor(f"v-{ids.token(16)}", business.site_id,
                                                               business.tenant_id)) for _ in range(count)]
