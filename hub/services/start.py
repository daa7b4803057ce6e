"""What every process does first: settings, log, database, Redis."""

import logging
import os
import sys
from collections.abc import Mapping

import structlog
from gevent import monkey
from structlog.typing import EventDict

from hub import queue
from hub.errors import SettingsError
from hub.lib import error_reports, http, masking, psycopg_gevent
from hub.models import base
from hub.settings import Settings, use_settings


def start(settings: Settings) -> Settings:
    """Connect this process to everything `settings` names. Nothing is opened before its first use."""
    os.umask(0o077)         # whatever we write is nobody else's to read
    use_settings(settings)
    _log(settings)
    if monkey.is_module_patched("socket"):
        psycopg_gevent.patch()
    base.connect(settings)
    queue.connect(settings.redis_url)
    http.allow_loopback(settings.allow_loopback_urls)
    if settings.sentry_dsn:
        error_reports.begin(settings.sentry_dsn, settings.env)
    return settings


def program(environ: Mapping[str, str]) -> Settings:
    """`start` for a program of its own, which a wrong setting ends with status 2 and one sentence."""
    try:
        return start(Settings.load(environ))
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


def _masked(_: object, method: str, event: EventDict) -> EventDict:
    """What is named like a secret stands in no line of the log, whoever wrote it there."""
    return {name: masking.MASK if isinstance(value, str) and value and masking.is_secret(name) else value
            for name, value in event.items()}


def _log(settings: Settings) -> None:
    level = logging.getLevelName(settings.log_level.upper())
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[structlog.contextvars.merge_contextvars, _masked, structlog.processors.add_log_level,
                    structlog.processors.TimeStamper(fmt="iso", key="timestamp"),
                    *([error_reports.report] if settings.sentry_dsn else []),
                    structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])
    logging.basicConfig(level=max(level, logging.WARNING), format="%(levelname)s %(name)s %(message)s")
