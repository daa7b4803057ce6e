"""The widget on the customer's own site. The page pulls its messages, so there is nothing to send."""

from pydantic import BaseModel

from hub.channels.base import ChannelKind, Limits, Outbound, Sent


class Config(BaseModel):
    """How the widget looks, and on which sites it may stand. `*.example.com` allows every subdomain."""

    allowed_domains: list[str] = []
    color: str = "#2f6fed"
    position: str = "right"
    theme: str = "auto"
    locale: str = "ru"
    texts: dict[str, dict[str, str]] = {}
    pre_chat: list[dict[str, object]] = []


class Website(ChannelKind[Config]):
    name = "website"
    CONFIG = Config
    LIMITS = Limits(text=10_000, pull=True)

    def send(self, config: Config, secret: str, outbound: Outbound) -> Sent:
        """Already there: the message row is what the page reads."""
        return Sent(None)


KIND: ChannelKind[Config] = Website()
