"""Errors that the log tells of go to Sentry as well, where there is one: the error, where it arose, what the log says.

Nothing else goes: no body, query, header, cookie or value of a variable, for any of them may hold a secret.
"""

from structlog.typing import EventDict

from hub.lib import masking

_ERRORS = ("error", "exception", "critical")


def begin(dsn: str, environment: str) -> None:
    """Report to that Sentry from now on. Its integrations with frameworks would send requests as they came."""
    import sentry_sdk  # 10 MB that most installations do not need
    sentry_sdk.init(dsn=dsn, environment=environment, send_default_pii=False, include_local_variables=False,
                    max_request_body_size="never", max_breadcrumbs=0, auto_enabling_integrations=False)


def report(_: object, method: str, event: EventDict) -> EventDict:
    """A processor of structlog, before exceptions become text."""
    if method in _ERRORS:
        import sentry_sdk
        facts = masking.masked({name: value for name, value in event.items() if name != "exc_info"})
        with sentry_sdk.new_scope() as scope:
            scope.set_context("log", facts)
            error = event.get("exc_info")
            if error:
                scope.capture_exception(error if isinstance(error, BaseException) else None)
            else:
                scope.capture_message(str(facts["event"]), level="error")
    return event
