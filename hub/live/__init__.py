"""Open connections: WebSockets and event streams of visitors and operators. No logic here: events in, frames out."""

from flask import Flask

from hub.live import onboarding, sockets, streams


def register(app: Flask) -> None:
    sockets.register(app)
    streams.register(app)
    onboarding.register(app)
