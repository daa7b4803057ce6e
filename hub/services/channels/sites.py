"""Sites with the widget: which one a token means, who may embed it, and who its visitors are."""


from hub.access import callers, tokens
from hub.access.callers import Visitor
from hub.errors import Forbidden, NotFound, Unauthorized
from hub.lib import crypto, domains, ids
from hub.lib.cache import Cache
from hub.models.accounts.tenant import Tenant
from hub.models.channels.channel import Channel
from hub.settings import current_settings

# Switching a site off, or suspending its business, must take effect at once; a busy site still costs one look a second.
_sites: Cache[object, Channel] = Cache(1.0)


def by_token(token: str) -> Channel:
    """The active site with that token; NotFound otherwise."""
    return _sites.of(token, lambda: _there(Channel.by_token(token, "website")))


def of(visitor: Visitor) -> Channel:
    """The active site of that visitor; NotFound when it is gone, or its number became somebody else's."""
    return _sites.of((visitor.tenant, visitor.channel), lambda: _there(
        Channel.select(Channel, Tenant).join(Tenant)
        .where(Channel.tenant == visitor.tenant, Channel.id == visitor.channel, Channel.kind == "website",
               Channel.is_active).first()))


def _there(site: Channel | None) -> Channel:
    if site is None:
        raise NotFound("site_not_found", "There is no such site.")
    callers.check_active(site.tenant)
    return site


def check_origin(channel: Channel, origin: str | None) -> None:
    """Refuse pages that may not embed this site. An empty list allows every page."""
    allowed = channel.config.get("allowed_domains")         # as website.Config wrote it
    if allowed and not any(domains.matches(rule, origin or "") for rule in allowed):
        raise Forbidden("origin_not_allowed", "This site may not embed the widget.")


def enter(channel: Channel, token: str | None, identity: tuple[str, str] | None) -> tuple[Visitor, str]:
    """(visitor, visitor token) for a page view. `identity` = (id, hash) of a person the site vouches for.

    Nothing is stored: an anonymous visitor is a random key inside a signed token.
    """
    secret = current_settings().session_secret
    if identity is not None:
        key, given = identity
        if not crypto.verified(given, channel.secret.reveal(), key):
            raise Forbidden("identity_invalid", "The identity's hash does not match.")
        visitor = Visitor(f"i-{key}", channel.id, channel.tenant_id)
        return visitor, tokens.issue_visitor(secret, visitor)
    if token:
        try:
            known, token = tokens.renewed_visitor(secret, token)
            if known.channel == channel.id:
                return known, token
        except Unauthorized:
            pass        # expired or foreign: simply a new visitor
    visitor = Visitor(f"v-{ids.token(16)}", channel.id, channel.tenant_id)
    return visitor, tokens.issue_visitor(secret, visitor)
