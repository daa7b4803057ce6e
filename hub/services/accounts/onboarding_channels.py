"""The chat and the assistant of a new business: made where there are none, changed where there are."""

from collections.abc import Sequence

from hub.access.callers import UserCaller
from hub.models.accounts.tenant import Tenant
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel, ChannelType
from hub.services.agents import agents
from hub.services.channels import site_settings
from hub.services.channels.site_settings import SiteIn


def site(tenant: Tenant) -> Channel | None:
    """The first chat that the business has on a page."""
    found: Channel | None = (Channel.of(tenant).where(Channel.kind == ChannelType.WEBSITE, Channel.is_active)
                             .order_by(Channel.id).first())
    return found


def agent(tenant: Tenant) -> Agent | None:
    """The agent that answers; without one, the oldest."""
    return Agent.serving(tenant) or Agent.of(tenant).order_by(Agent.id).first()


def keep(caller: UserCaller, name: str, color: str, domains: Sequence[str], answers: bool) -> None:
    """The chat as it shall look and where it may stand, and the assistant, who answers or not."""
    found = site(caller.tenant)
    if found is None:
        site_settings.create(caller, SiteIn(name=caller.tenant.name[:100], color=color, allowed_domains=[*domains],
                                            locale="en" if caller.tenant.language == "en" else "ru"))
    else:
        site_settings.change(caller, found, SiteIn.model_validate(
            {**site_settings.current(found), "color": color, "allowed_domains": [*domains]}))
    _keep_agent(caller, name, answers)


def _keep_agent(caller: UserCaller, name: str, answers: bool) -> None:
    found = agent(caller.tenant)
    if found is not None:
        agents.change(caller, found, name=name, is_active=answers)
    else:
        agents.create(caller, **{**agents.first(caller.tenant.language, name), "is_active": answers})
