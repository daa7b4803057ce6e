"""What every process does first: settings, log, database, Redis."""

import logging

import structlog
from gevent import monkey

from hub import queue
from hub.lib import green
from hub.models import base
from hub.settings import Settings, use_settings


def start(told: Settings) -> Settings:
    """Connect this process to everything `told` names. Nothing is opened before its first use."""
    use_settings(told)
    _log(told)
    if monkey.is_module_patched("socket"):
        green.patch()
    base.connect(told)
    queue.connect(told.redis_url)
    if told.sentry_dsn:
        import sentry_sdk              # 10 MB that most installations do not need
        sentry_sdk.init(dsn=told.sentry_dsn, environment=told.env, send_default_pii=False)
    return told


def _log(told: Settings) -> None:
    level = logging.getLevelName(told.log_level.upper())
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level,
                    structlog.processors.TimeStamper(fmt="iso", key="timestamp"),
                    structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])
    logging.basicConfig(level=max(level, logging.WARNING), format="%(levelname)s %(name)s %(message)s")
