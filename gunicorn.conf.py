"""How the web process serves, wherever it runs; gunicorn reads this file by itself."""

import gc
import mmap
import os
import resource
import warnings
from typing import Any

from gevent import monkey

# The master loads the application and its workers are copies: what was loaded is in memory once. So what the modules
# take from the standard library must be gevent's before they are loaded. The master itself goes on waiting for signals
# and children in the usual way; its workers patch the rest, of which gevent warns.
monkey.patch_all(os=False, signal=False, queue=False)
warnings.filterwarnings("ignore", category=monkey.MonkeyPatchWarning)
preload_app = True

# Sockets, streams and requests are greenlets: 5,000 open chats cost 30 KB each, where threads gave up at 1,000.
worker_class = "gevent"
workers = int(os.environ.get("WEB_PROCESSES") or 2)
worker_connections = 12_000
keepalive = 65          # longer than a proxy keeps its own side open, so that it never writes into a closed one
timeout = 60
graceful_timeout = 30
loglevel = "warning"
control_socket_disable = True       # else two instances of one user both want one socket in the home folder

# Every open chat is an open file; the usual soft limit is 1,024.
_, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_hard, _hard))

# What hub/lib/accept_balancer.py counts, in memory that all web processes share.
_SLOTS = 256
_held = memoryview(mmap.mmap(-1, _SLOTS * 4)).cast("i")


def when_ready(server: Any) -> None:
    """Before the first copy: what the collector does not touch stays shared."""
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    from gunicorn.workers import ggevent

    from hub.lib import accept_balancer

    ggevent.StreamServer = accept_balancer.server(_held, worker.age % _SLOTS)


def child_exit(server: Any, worker: Any) -> None:
    _held[worker.age % _SLOTS] = 0


def post_worker_init(worker: Any) -> None:
    """Pages of a process that is told to end go to another one at once; else it would hold them until it is killed."""
    import gevent

    from hub.live import quota
    from hub.live.connections import close_all
    from hub.services.platform import traffic

    # What was loaded stays for ever: the collector need not look at it again and again, nor after every few requests.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)

    def watch() -> None:
        while worker.alive:
            gevent.sleep(0.5)
        while True:         # more than once: it takes new connections for another second
            close_all()
            gevent.sleep(0.5)

    gevent.spawn(watch)
    gevent.spawn(traffic.forever, "web", quota.count)
