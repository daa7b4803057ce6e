"""New connections go to the web process that holds the fewest; else one that happens to run takes them all."""

from gevent.server import StreamServer

# By how many connections a process must be ahead of another to leave a new one to it, and how long it waits before it
# takes it all the same.
_AHEAD = 4
_DEFER_S = 0.01


def server(held: memoryview, slot: int) -> type[StreamServer]:
    """A server class for the process with that slot of `held`: open connections + 1 of each process, 0 for none."""

    class BalancedServer(StreamServer):
        _waited = False

        def start(self) -> None:
            super().start()
            held[slot] = 1          # only who accepts is somebody to leave a connection to

        def close(self) -> None:
            super().close()
            held[slot] = 0

        def do_read(self) -> object:
            held[slot] = 1 + len(self.pool)
            if self._waited or held[slot] <= _AHEAD + min(count for count in held if count):
                self._waited = False
                return super().do_read()
            self._waited = True
            self.stop_accepting()
            self._timer = self.loop.timer(_DEFER_S)
            self._timer.start(self._start_accepting_if_started)
            return None

        def do_close(self, *args: object) -> None:
            super().do_close(*args)
            if held[slot]:
                held[slot] = len(self.pool)     # this one is still counted

    return BalancedServer
