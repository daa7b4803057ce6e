"""The visitor's line, which a test can cut: requests and, as Playwright alone does not, open sockets."""

import re

from playwright.sync_api import BrowserContext, WebSocketRoute


class Line:
    """Of one browser context; to be made before its pages open a chat."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._is_up = True
        self._open: list[WebSocketRoute] = []
        context.route_web_socket(re.compile("/widget/live"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        if self._is_up:
            socket.connect_to_server()
            self._open.append(socket)
        else:
            socket.close(code=1001)

    def cut(self) -> None:
        self._is_up = False
        self._context.set_offline(True)
        for socket in self._open:
            socket.close(code=1001)
        self._open.clear()

    def mend(self) -> None:
        self._is_up = True
        self._context.set_offline(False)
