"""The widget on the customer's own site. The page pulls its messages, so there is nothing to send."""

from pydantic import BaseModel

from hub.channels.base import Limits, Outbound, Sent

LIMITS = Limits(text=10_000, pull=True)


class Config(BaseModel):
    """How the widget looks, and on which sites it may stand. `*.example.com` allows every subdomain."""

    allowed_domains: list[str] = []
    color: str = "#2f6fed"
    position: str = "right"
    theme: str = "auto"
    locale: str = "ru"
    texts: dict[str, dict[str, str]] = {}
    pre_chat: list[dict[str, object]] = []


def send(config: Config, secret: str, outbound: Outbound) -> Sent:
    """Already there: the message row is what the page reads."""
    return Sent(None)
