"""/widget/config and /widget/session: how the widget looks, and a token for its visitor."""

import hashlib
from typing import Annotated, Literal

import orjson
from pydantic import Field
from typing_extensions import TypedDict

from hub.access.origins import page_origin
from hub.access.roles import Permission
from hub.api.kit.schema import Result
from hub.api.kit.table import get, post
from hub.api.widget import widget
from hub.channels.website import KIND, Config
from hub.lib import text
from hub.models.accounts.tenant import Tenant
from hub.models.channels.channel import Channel
from hub.services.accounts import business_hours
from hub.services.agents import agents
from hub.services.channels import sites
from hub.services.conversations import presence, visitors
from hub.web import widget as shapes
from hub.web.schema import In, OneLine
from hub.web.widget import ConversationData

Short = Annotated[OneLine, Field(max_length=255)]


class SiteQuery(In):
    """Which site: its public token."""

    site: Annotated[str, Field(min_length=1, max_length=64)]


class IdentityIn(In):
    """Whom the site vouches for; `hash` = HMAC-SHA256(identity secret, id), hex."""

    id: Annotated[str, Field(min_length=1, max_length=180)]        # with a clientId it fits into a column
    hash: Annotated[str, Field(max_length=128)]
    email: Short = ""
    name: Short = ""


class PageIn(In):
    """The page that the visitor looks at."""

    url: Annotated[str, Field(max_length=2000)] = ""
    title: Annotated[str, Field(max_length=500)] = ""
    referrer: Annotated[str, Field(max_length=2000)] = ""

    def kept(self) -> dict[str, str]:
        """Clean, and only addresses that are web addresses."""
        def web(url: str) -> str:
            return text.one_line(url, 2000) if url.startswith(("http://", "https://")) else ""
        return {"url": web(self.url), "title": text.one_line(self.title, 500), "referrer": web(self.referrer)}


class SessionIn(In):
    """A page view of the widget."""

    site: Annotated[str, Field(min_length=1, max_length=64)]
    visitor_token: Annotated[str, Field(max_length=4096)] | None = None
    identity: IdentityIn | None = None
    page: PageIn | None = None
    locale: Literal["ru", "en"] | None = None


class WidgetAgentOut(TypedDict):
    """Who answers first."""

    name: str
    isAi: bool


class PreChatOut(TypedDict):
    """What is asked before the first line."""

    fields: list[dict[str, object]]


class HoursOut(TypedDict):
    """Working hours on the wall clock of a zone."""

    start: str
    end: str
    timezone: str


class WidgetConfigOut(TypedDict):
    """How the widget looks on this site."""

    site: str
    name: str
    locale: str
    color: str
    position: str
    theme: str
    agent: WidgetAgentOut | None
    texts: dict[str, dict[str, str]]
    preChat: PreChatOut | None
    online: bool
    hours: HoursOut
    maxTextLength: int


class VisitorOut(TypedDict):
    """Who the visitor is, as far as that is known."""

    id: str
    name: str | None
    email: str | None


class WidgetSessionOut(TypedDict):
    """A visitor token, and where the conversation stands."""

    visitorToken: str
    visitor: VisitorOut
    conversation: ConversationData | None
    change: int


def config(query: SiteQuery) -> Result[WidgetConfigOut | None]:
    """Show the site's public look and texts; cacheable for a minute, with an ETag."""
    channel = sites.by_token(query.site)
    sites.check_origin(channel, page_origin())
    value = _config(channel)
    etag = '"' + hashlib.sha256(orjson.dumps(value)).hexdigest()[:20] + '"'
    return Result(value, headers={"ETag": etag, "Cache-Control": "public, max-age=60"})


def _config(channel: Channel) -> WidgetConfigOut:
    theme, tenant = Config.model_validate(channel.config), channel.tenant
    agent = agents.serving(tenant.id)
    return {"site": channel.token, "name": tenant.name, "locale": theme.locale, "color": theme.color,
            "position": theme.position, "theme": theme.theme,
            "agent": {"name": agent.name, "isAi": True} if agent else None, "texts": theme.texts,
            "preChat": {"fields": theme.pre_chat} if theme.pre_chat else None,
            "online": presence.anybody(tenant.id) or business_hours.is_open(tenant),
            "hours": _hours(tenant),
            "maxTextLength": KIND.LIMITS.text}


def _hours(tenant: Tenant) -> HoursOut:
    """Of today, or of the next day on which somebody answers; from the first hour to the last."""
    start, end = business_hours.next_day(tenant)
    return {"start": start, "end": end, "timezone": tenant.timezone}


def session(body: SessionIn) -> WidgetSessionOut:
    """Give a visitor token and where the conversation stands. Nothing is stored by this."""
    channel = sites.by_token(body.site)
    sites.check_origin(channel, page_origin())
    person = {"name": body.identity.name, "email": body.identity.email} if body.identity else {}
    vouched = (body.identity.id, body.identity.hash) if body.identity else None
    visitor, token = sites.enter(channel, body.visitor_token, vouched)
    visitors.introduce(visitor, person)
    found = visitors.conversation(visitor)
    customer = found.customer if found else None
    return {"visitorToken": token,
            "visitor": {"id": visitor.key, "name": (customer.name if customer else person.get("name")) or None,
                        "email": (customer.email if customer else person.get("email")) or None},
            "conversation": shapes.conversation_of(found) if found else None,
            "change": found.change if found else 0}


widget.table(
    "widget-session",
    get("/widget/config", config, permission=Permission.ANYBODY, limit=()),
    post("/widget/session", session, permission=Permission.ANYBODY, limit="widget-session"),
)
