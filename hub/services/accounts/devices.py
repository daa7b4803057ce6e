"""Signing in from a device that the person never used: told by a letter, which says how to end it."""

import ipaddress

from babel.dates import format_datetime

from hub.lib import addresses, clock, ids, request_facts, user_agent
from hub.lib.request_facts import RequestFacts
from hub.models.accounts.known_device import KnownDevice
from hub.models.accounts.user import User
from hub.models.platform.mail import MailKind
from hub.services.platform import mail

# An address changes within its network from day to day; what stands in another one is somewhere else.
_NETWORK = {4: 16, 6: 32}


def notice(user: User) -> None:
    """The present request signs the person in: inside its transaction. Nothing is said of a first sign-in."""
    facts = request_facts.current()
    if not facts.ip:        # no request, no device
        return
    is_first = not KnownDevice.select().where(KnownDevice.user == user).exists()
    row, digest = KnownDevice, _digest(user, facts)
    made = list(row.insert(user=user, digest=digest).on_conflict_ignore().returning(row.id).tuples().execute())
    if not made:
        row.update(seen_at=clock.now()).where(row.digest == digest).execute()
    elif not is_first:
        mail.send(MailKind.NEW_DEVICE, user.email, user.locale, user=user, device=_words(facts), address=facts.ip[:64],
                  at=_moment(user))


def _digest(user: User, facts: RequestFacts) -> str:
    return ids.digest(f"{user.uuid} {_words(facts)} {_network(facts.ip)}")


def _words(facts: RequestFacts) -> str:
    return user_agent.words(facts.user_agent)[:120]


def _network(ip: str) -> str:
    counted = addresses.counted(ip).partition("/")[0]
    try:
        version = ipaddress.ip_address(counted).version
    except ValueError:
        return counted
    return str(ipaddress.ip_network(f"{counted}/{_NETWORK[version]}", strict=False))


def _moment(user: User) -> str:
    """On the business's wall clock."""
    zone = user.tenant.timezone
    locale = user.locale if user.locale in mail.LOCALES else "en"
    return f"{format_datetime(clock.local(zone), 'd MMMM y, HH:mm', locale=locale)} ({zone})"
