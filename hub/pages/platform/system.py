"""How the installation does now and did over the last hours, for its owner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from flask import Blueprint, render_template
from flask_babel import format_datetime, format_decimal, gettext
from pydantic import BaseModel

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib import machine
from hub.lib.fields import N_
from hub.pages.kit import page
from hub.services.platform import backlog, health, history
from hub.services.platform.history import Point
from hub.settings import current_settings

blueprint = Blueprint("platform_system", __name__)
_MB = 1024 * 1024
HOURS = {"1": N_("The last hour"), "6": N_("The last 6 hours"), "24": N_("The last 24 hours")}
# What waits, in the words of people.
WORK = {"delivery": N_("Lines on their way"), "inbound_event": N_("What messengers sent"),
        "knowledge_doc": N_("Articles to index"), "mail": N_("Letters"), "message": N_("Answers owed"),
        "scheduled_run": N_("Housekeeping"), "task": N_("Long tasks"), "proxy": N_("Proxies to check"),
        "tenant": N_("Businesses to erase"), "update": N_("Updates of Parley")}


class HoursQuery(BaseModel):
    """How far the pictures look back."""

    hours: Literal["1", "6", "24"] = "6"


@dataclass(frozen=True)
class Chart:
    """One picture: a title, the unit of its numbers, and [(when, value or None)]."""

    title: str
    unit: str
    points: list[tuple[str, float | None]]


@page(blueprint, "/platform/system", Permission.PLATFORM_OWNER)
def show(caller: UserCaller, query: HoursQuery) -> str:
    whole = health.whole()
    work = backlog.of_all() if whole.database.ok else []
    size, free = machine.disk_bytes(current_settings().data_dir)
    return render_template(
        "pages/platform/system.html", whole=whole, work=work, names=WORK, hours=query.hours, choices=HOURS,
        charts=_charts(history.of_last(int(query.hours))), spelled=_size, free=free, size=size, lasted=_time,
        oldest_s=max((one.oldest_s for one in work), default=0.0), load=machine.load()[0])


def _size(count: float) -> str:
    """Bytes in the reader's language."""
    units = (gettext("KB"), gettext("MB"), gettext("GB"), gettext("TB"))
    power = min(max(1, (max(1, int(count)).bit_length() - 1) // 10), len(units))
    return f"{format_decimal(round(count / 1024 ** power, 1))} {units[power - 1]}"


def _time(seconds: float) -> str:
    minutes = int(seconds) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return gettext("%(days)d d %(hours)d h", days=days, hours=hours)
    return gettext("%(hours)d h %(minutes)d min", hours=hours, minutes=minutes % 60)


def _charts(points: list[Point]) -> list[Chart]:
    times = [format_datetime(datetime.fromtimestamp(point.begins, UTC), "HH:mm") for point in points]

    def chart(title: str, unit: str, value: Callable[[Point], float | None]) -> Chart:
        return Chart(title, unit, list(zip(times, map(value, points), strict=True)))

    def held(name: str, divisor: float = 1.0) -> Callable[[Point], float | None]:
        return lambda point: round(point.held[name] / divisor, 1) if name in point.held else None

    return [chart(gettext("Requests"), "", lambda point: point.requests),
            chart(gettext("Requests that failed on our side"), "", lambda point: point.failed),
            chart(gettext("19 of 20 requests took at most"), gettext("ms"), lambda point: point.p95_ms),
            chart(gettext("Jobs done"), "", lambda point: point.jobs),
            chart(gettext("Waiting in the queues"), "", held("queued")),
            chart(gettext("Oldest work that is due"), gettext("s"), held("oldest_s")),
            chart(gettext("Open pages"), "", held("streams")),
            chart(gettext("Memory of all processes"), gettext("MB"), held("rss", _MB)),
            chart(gettext("Round trip to the database"), gettext("ms"), held("database_ms"))]
