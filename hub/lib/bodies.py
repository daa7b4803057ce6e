"""Bodies of requests that never end or are malformed: answered with 408 or 400 instead of holding a connection."""

import io
from collections.abc import Iterable
from functools import partial
from typing import Any, Protocol
from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

import gevent
from werkzeug.exceptions import BadRequest, HTTPException, RequestTimeout
from werkzeug.wsgi import ClosingIterator

# So many bytes must come within so many seconds: half a kilobyte a second is less than any telephone sends.
_STEP, _STEP_S = 16 * 1024, 30.0
# After a response that did not need the body: who still sends it shall be able to read the response first.
_REST_S = 2.0


class Bodies:
    """WSGI middleware: reading a body raises RequestTimeout when it stops coming, BadRequest when it cannot be read."""

    def __init__(self, app: WSGIApplication, step_s: float = _STEP_S) -> None:
        self._app, self._step_s = app, step_s

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._app(environ, start_response)
        source = environ["wsgi.input"]
        environ["wsgi.input"] = io.BufferedReader(_Body(source, self._step_s), _STEP)
        return ClosingIterator(self._app(environ, start_response), partial(_finish, source))


class _Source(InputStream, Protocol):
    failed: bool        # gunicorn's own mark for a body after which it closes


def _finish(source: _Source) -> None:
    """Pass over what nobody read; if it does not end soon, the connection carries no further request."""
    try:
        with gevent.Timeout(_REST_S, TimeoutError()):
            while source.read(_STEP):
                pass
    except Exception:
        source.failed = True


class _Body(io.RawIOBase):
    def __init__(self, source: InputStream, step_s: float) -> None:
        self._source, self._step_s = source, step_s

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            # An instance of Exception, not gevent's own BaseException: the server must see that reading failed, or
            # it would look for the next request in the rest of this one.
            with gevent.Timeout(self._step_s, RequestTimeout("The rest of the request did not come.")):
                data = self._source.read(min(len(buffer), _STEP))
        except HTTPException:
            raise
        except Exception as error:      # whatever the server calls it: the fault is in what the client sent
            raise BadRequest("The body of the request is malformed.") from error
        buffer[:len(data)] = data
        return len(data)
