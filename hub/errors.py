"""The hub's errors: a code for programs, a sentence for people, a status for HTTP. Each surface writes its own body."""

from typing import Any


class SettingsError(Exception):
    """A wrong environment variable; the text is one sentence for the person who starts the hub."""


class HubError(Exception):
    """What a caller may see. `details` is extra, machine-readable (field, issue …); never a secret."""

    status = 500
    code = "internal_error"

    def __init__(self, code: str = "", message: str = "", details: dict[str, Any] | None = None,
                 status: int | None = None, retry_after: int | None = None) -> None:
        self.code = code or self.code
        self.message = message or self.code.replace("_", " ").capitalize() + "."
        self.details = details or {}
        self.status = status or self.status
        self.retry_after = retry_after
        super().__init__(self.message)


class BadInput(HubError):
    status, code = 400, "validation_error"


class Unauthorized(HubError):
    status, code = 401, "unauthorized"


class Forbidden(HubError):
    status, code = 403, "forbidden"


class NotFound(HubError):
    status, code = 404, "not_found"


class Conflict(HubError):
    status, code = 409, "conflict"


class TooLarge(HubError):
    status, code = 413, "too_large"


class TooMany(HubError):
    """A rate limit; `retry_after` is seconds."""

    status, code = 429, "rate_limited"


class Unavailable(HubError):
    status, code = 503, "unavailable"
