"""How the parts of the hub do, as the documented API has it."""

from typing_extensions import TypedDict


class DatabaseHealthOut(TypedDict):
    """The database and the connections to it."""

    connected: bool
    pool_size: int
    active_connections: int


class RedisHealthOut(TypedDict):
    """Redis, and how much it holds."""

    connected: bool
    memory_usage: str


class DiskOut(TypedDict):
    """What lies on the disk, and what is free of it."""

    uploads: str
    logs: str
    available: str


class SystemHealthOut(TypedDict):
    """The parts of the hub; `status` is healthy, degraded or unhealthy."""

    status: str
    database: DatabaseHealthOut
    redis: RedisHealthOut
    disk_usage: DiskOut
