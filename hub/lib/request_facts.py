"""Which request runs in this greenlet, for the log of what it changes; a job has none."""

from contextvars import ContextVar
from typing import NamedTuple


class RequestFacts(NamedTuple):
    """Its id as logs have it, and where it came from."""

    id: str = ""
    ip: str = ""
    user_agent: str = ""


NONE = RequestFacts()
_current: ContextVar[RequestFacts] = ContextVar("request_facts", default=NONE)


def begin(facts: RequestFacts) -> None:
    """From here on `facts`; NONE when the request is over."""
    _current.set(facts)


def current() -> RequestFacts:
    return _current.get()
