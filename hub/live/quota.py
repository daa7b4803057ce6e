"""How many streams may be open at once: per visitor or user, address and tenant, with room left for requests."""

from collections import Counter
from collections.abc import Callable

from hub.errors import TooMany
from hub.lib import addresses, meter
from hub.settings import Settings, current_settings

# Of the 12,000 connections that gunicorn.conf.py gives a process; the rest are for pages, lines and /health.
_MOST = 11_000
_open: Counter[str] = Counter()


def take(**keys: object) -> Callable[[], None]:
    """Room for one stream under each key (`caller`, `address`, `tenant`); what is given gives it back, once.

    Raises TooMany. Each process counts its own streams and allows its share of what the machine may hold.
    """
    new = ["all"] if "address" in keys else []      # a socket takes its caller's room when it has said who that is
    names = [*new, *(f"{kind} {addresses.counted(str(key)) if kind == 'address' else key}"
                      for kind, key in keys.items())]
    most = [*([_MOST] * len(new)), *(_share(current_settings(), kind) for kind in keys)]
    if any(_open[name] >= limit for name, limit in zip(names, most, strict=True)):
        raise TooMany("too_many_streams", "Too many open streams; close some and try again.", retry_after=10)
    _open.update(names)
    if new:
        meter.took("stream", "opened", 0)
    held = [names]

    def leave() -> None:
        for name in held.pop() if held else ():
            _open[name] -= 1
            if _open[name] <= 0:
                del _open[name]

    return leave


def count() -> int:
    """How many streams this process holds."""
    return _open["all"]


def _share(settings: Settings, kind: str) -> int:
    whole = {"caller": settings.streams_per_caller, "tenant": settings.streams_per_tenant,
             "address": settings.streams_per_address or (500 if settings.production else 20_000)}[kind]
    return -(-whole // max(1, settings.web_processes))
