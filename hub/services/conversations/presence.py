"""Which operators have a page open now: keys in Redis that expire by themselves."""

from redis import RedisError

from hub import queue

_ALIVE_S = 60


def here(tenant_id: int, user_id: int) -> None:
    """This operator is looking; to be said again before a minute has passed."""
    try:
        queue.redis().set(f"parley:here:{tenant_id}:{user_id}", 1, ex=_ALIVE_S)
        queue.redis().set(f"parley:here:{tenant_id}", 1, ex=_ALIVE_S)
    except RedisError:
        pass            # presence is a courtesy: without Redis nobody seems to be there


def anybody(tenant_id: int) -> bool:
    try:
        return bool(queue.redis().exists(f"parley:here:{tenant_id}"))
    except RedisError:
        return False
