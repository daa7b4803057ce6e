"""How the installation does, in the words of the documented API."""

import os
import time
from dataclasses import asdict

from hub.lib import machine
from hub.lib.json_types import JsonObject
from hub.services.platform import backlog, counts, health
from hub.services.platform.health_shapes import SystemHealthOut


def metrics() -> JsonObject:
    """Figures for the owner of the installation. Without Redis those that Redis keeps are missing."""
    whole = health.whole()
    total, free = machine.memory_bytes()
    load, cores = list(machine.load()), os.cpu_count() or 1
    return {"cpu": {"cores": cores, "load": round(load[0] / cores, 2),
                    "processSeconds": round(sum(one.cpu for one in whole.processes), 1)},
            "memory": {"rssMb": counts.mb(sum(one.rss for one in whole.processes)), "totalMb": counts.mb(total),
                       "freeMb": counts.mb(free)},
            "uptime": round(time.time() - whole.began), "load_average": load, "db_stats": counts.database(whole),
            "user_stats": counts.people(), "queues": counts.kept(backlog.queues, {}),
            "requests": counts.kept(counts.requests, {}),
            "work": [asdict(one) for one in backlog.of_all()], "processes": [asdict(one) for one in whole.processes]}


def health_of_parts() -> SystemHealthOut:
    """Database, Redis and disk, for administrators."""
    whole, disk = health.whole(), health.disk()
    return {"status": whole.status,
            "database": {"connected": whole.database.ok, "pool_size": whole.database_most,
                         "active_connections": whole.database_busy},
            "redis": {"connected": whole.redis.ok, "memory_usage": whole.redis.memory},
            "disk_usage": {"uploads": machine.spelled(disk["uploads"]), "logs": machine.spelled(disk["logs"]),
                           "available": machine.spelled(disk["available"])}}


def services() -> tuple[str, JsonObject]:
    """(how all does, part by part what answers stand on)."""
    whole, models = health.whole(), health.models()
    return whole.with_models(models), {
        "database": {"status": whole.database.status, "response_time": whole.database.took,
                     "active_connections": whole.database_busy, "pool_size": whole.database_most},
        "redis": {"status": whole.redis.status, "response_time": whole.redis.took, "memory_usage": whole.redis.memory,
                  "connected_clients": int(whole.redis.facts.get("connected_clients", 0))},
        "vectors": {"status": whole.chroma.status, "response_time": whole.chroma.took},
        "ai_providers": {one.name: one.told for one in models},
        "websocket_gateway": {"status": "healthy" if whole.redis.ok else "degraded",
                              "active_connections": whole.streams, "total_connections": counts.kept(counts.opened, 0),
                              "uptime": machine.lasted(time.time() - whole.began)}}
