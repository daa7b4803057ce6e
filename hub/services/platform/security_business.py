"""The looks of the security report at one business; the words are in security_rules.py."""

from collections.abc import Callable, Mapping

from hub.errors import Unavailable
from hub.lib import clock
from hub.models.accounts.tenant import Tenant
from hub.models.accounts.user import Role, User
from hub.models.channels.channel import Channel
from hub.services.platform.security_rules import GOOD, Found, fail, warn

_IDLE_S = 90 * 86_400
_MOST = 200
_LEADING = (Role.OWNER, Role.ADMIN)


def _domains(tenant: Tenant) -> Found:
    sites = Channel.of(tenant).where(Channel.kind == "website", Channel.is_active).limit(_MOST)
    count = sum(not site.config.get("allowed_domains") for site in sites)
    return warn(count=count) if count else GOOD


def _addresses(tenant: Tenant) -> Found:
    count = User.of(tenant).where(User.is_active, User.role.in_(_LEADING), User.email_verified_at.is_null()).count()
    return warn(count=count) if count else GOOD


def _idle(tenant: Tenant) -> Found:
    before = clock.ahead(-_IDLE_S)
    count = User.of(tenant).where(
        User.is_active, User.role.in_(_LEADING), User.created_at < before,
        User.last_login_at.is_null() | (User.last_login_at < before)).count()
    return warn(count=count) if count else GOOD


def _secrets(tenant: Tenant) -> Found:
    count = sum(not _opens(channel) for channel in Channel.of(tenant).limit(_MOST))
    return fail(count=count) if count else GOOD


def _opens(channel: Channel) -> bool:
    try:
        channel.secret.reveal()
    except Unavailable:
        return False
    return True


CHECKS: Mapping[str, Callable[[Tenant], Found]] = {
    "SITE_DOMAINS": _domains, "CONFIRMED_ADDRESSES": _addresses, "IDLE_PEOPLE": _idle, "CHANNEL_SECRETS": _secrets}
