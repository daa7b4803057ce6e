"""What went wrong with a model, told apart: every error of the client library, by status and code, as one AIError."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from hub.lib import deadline
from hub.ai.errors import AIError, Kind

if TYPE_CHECKING:
    import openai

_BY_STATUS: dict[int, tuple[Kind, str]] = {
    400: ("unavailable", "The endpoint did not accept the request"),
    401: ("auth", "The endpoint refused the key"),
    402: ("quota", "The key has no credit left"),
    403: ("auth", "The endpoint refused the key"),
    404: ("unavailable", "The endpoint does not know this model or address"),
    408: ("timeout", "The endpoint gave up waiting"),
    429: ("rate_limit", "The endpoint asks to wait"),
    504: ("timeout", "The endpoint gave up waiting"),
}
# A 429 that no waiting ends, and a 400 that is the filter's verdict (OpenAI, Azure OpenAI).
_NO_CREDIT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
_FILTERED = {"content_filter", "content_policy_violation"}
_TOO_LONG = {"context_length_exceeded", "string_above_max_length"}
_CODE = re.compile(r"[a-zA-Z0-9_.-]{1,60}")


@contextmanager
def as_ai_errors(started: list[str] | None = None) -> Iterator[None]:
    """Every error of the client as AIError. `started` not empty: a broken connection has cut an answer."""
    import httpx2
    import openai
    try:
        yield
    except openai.APIStatusError as error:
        raise _by_status(error) from None
    except (openai.APITimeoutError, httpx2.TimeoutException):
        raise AIError("timeout", "The endpoint did not answer in time.") from None
    except (openai.APIConnectionError, httpx2.HTTPError) as error:
        raise _broken(error, bool(started)) from None
    except openai.APIError as error:        # an error event inside a stream that began with 200
        raise _coded(error, "unavailable", "The endpoint reported an error") from None
    except (ValueError, TypeError, AttributeError) as error:    # a body that is no completion at all
        raise AIError("bad_answer", f"The endpoint's answer cannot be read ({type(error).__name__}).") from None


def _broken(error: Exception, started: bool) -> AIError:
    name = type(error.__cause__ or error).__name__
    if deadline.left() <= 0:
        return AIError("timeout", "The endpoint did not answer in time.")
    if started:
        return AIError("cut", f"The connection broke in the middle of the answer ({name}).")
    return AIError("unavailable", f"The endpoint was not reached ({name}).")


def _by_status(error: openai.APIStatusError) -> AIError:
    status = error.status_code
    kind, words = _BY_STATUS.get(status, ("unavailable", "The endpoint failed"))
    result = _coded(error, kind, words, str(status))
    result.retry_after = retry_after(error.response.headers) if status in (429, 503) else None
    return result


def _coded(error: openai.APIError, kind: Kind, words: str, *details: str) -> AIError:
    """Only the provider's machine-readable codes are repeated: its sentences may quote the key or the prompt."""
    codes = {code for code in (error.code, error.type) if isinstance(code, str) and _CODE.fullmatch(code)}
    if codes & _NO_CREDIT:
        kind, words = "quota", "The key has no credit left"
    elif codes & _FILTERED:
        kind, words = "refused", "The endpoint's filter declined to answer"
    shown = ", ".join((*details, *sorted(codes)))
    return AIError(kind, f"{words} ({shown})." if shown else f"{words}.")


def is_about_content(error: openai.APIError) -> bool:
    """Is this 400 about what was said, so that sending it in another form cannot help?"""
    return bool({error.code, error.type} & (_FILTERED | _TOO_LONG))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `retry-after-ms` (OpenAI) or Retry-After in seconds or as a date (RFC 9110, 10.2.3)."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) * unit)
        except (KeyError, ValueError):
            continue
    try:
        return max(0.0, (parsedate_to_datetime(headers["retry-after"]) - datetime.now(UTC)).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None
