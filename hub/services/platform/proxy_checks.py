"""Do the proxies work? Each is asked again and again to bring something through; a row that is due is one check."""

import time
from dataclasses import dataclass

import structlog

from hub.lib import clock, http
from hub.lib.fields import N_
from hub.models.base import release
from hub.models.platform.proxy import Proxy, ProxyStatus
from hub.queue import Job
from hub.services import work
from hub.settings import current_settings

log = structlog.get_logger(__name__)

CHECKS = work.Kind(Proxy, Job.CHECK_PROXY, has_state=False, first_s=1800)
_AGAIN_S = 1800
_TIMEOUT_S, _MOST = 10.0, 4096


@dataclass(frozen=True)
class _Result:
    error: str = ""
    latency_ms: int | None = None


def check(proxy_id: int) -> None:
    """Try one proxy and write down how it went; nothing while another worker does."""
    with work.taken(CHECKS, proxy_id) as row:
        if row is not None and row.status != ProxyStatus.DISABLED:
            url = row.url
            release()
            _write(row, _tried(url))


def _tried(url: str) -> _Result:
    began = time.monotonic()
    try:
        response = http.call("GET", current_settings().proxy_check_url, timeout_s=_TIMEOUT_S, most_bytes=_MOST,
                             public_only=True, proxy=url)
    except http.NotAllowed:
        return _Result(N_("Its address is not a public one."))
    except http.NotReached as error:
        said = str(error)
        return _Result(said if said in (http.PROXY_REFUSES, http.PROXY_IS_NONE) else N_("It lets nothing through."))
    except http.InDoubt:
        return _Result(N_("It broke off or took too long."))
    if response.status_code >= 500:
        return _Result(N_("It lets nothing through."))
    return _Result(latency_ms=round((time.monotonic() - began) * 1000))


def _write(row: Proxy, result: _Result) -> None:
    """Unless it was switched off or leads elsewhere meanwhile; the next check is due later in any case."""
    status = ProxyStatus.FAILED if result.error else ProxyStatus.ACTIVE
    seen = {"error": result.error, "checked_at": clock.now(), "status": status,
            **({} if result.error else {"latency_ms": result.latency_ms})}
    (Proxy.update(**seen, due_at=clock.ahead(_AGAIN_S), lease_until=None)
     .where(Proxy.id == row.id, Proxy.digest == row.digest, Proxy.status != ProxyStatus.DISABLED,
            Proxy.lease_until.is_null(False)).execute())
    if status != row.status:
        log.info("proxy.checked", proxy=row.id, status=status, reason=result.error)
