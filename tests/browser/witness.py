"""Sees everything that a browser does on the side: requests, console, errors, dialogs."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page


# What htmx says when a request has given way to a newer one; for one that failed it has other words.
_GAVE_WAY = ("htmx:afterRequest", "htmx:sendAbort")


class Witness:
    """One per browser context. `complaints` is what must not happen; `expected` are pieces of what may."""

    def __init__(self, context: BrowserContext, own: Iterable[str]) -> None:
        self.context = context
        self.requests: list[str] = []
        self.told: list[str] = []           # console lines that are no error
        self.expected: list[str] = []
        self.errors: list[str] = []         # console errors, uncaught ones, dialogs
        self.own = {urlsplit(origin).netloc for origin in own}
        context.on("page", self._watch)
        context.on("request", lambda request: self.requests.append(request.url))

    def _watch(self, page: Page) -> None:
        # Chromium reports a breach of a Content-Security-Policy as an error on the console.
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(f"uncaught: {error}"))
        page.on("dialog", self._dialog)

    def _hear(self, line: ConsoleMessage) -> None:
        is_error = line.type == "error" and not line.text.startswith(_GAVE_WAY)
        (self.errors if is_error else self.told).append(line.text)

    def _dialog(self, dialog: Dialog) -> None:
        self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    @property
    def foreign(self) -> list[str]:
        """Requests to anybody else."""
        return [url for url in self.requests
                if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc not in self.own]

    @property
    def complaints(self) -> list[str]:
        unexpected = [text for text in self.errors if not any(piece in text for piece in self.expected)]
        return unexpected + [f"foreign request: {url}" for url in self.foreign]

    def asked(self, origin: str) -> list[str]:
        """The paths that were asked of one origin, without their queries, in order."""
        return [urlsplit(url).path for url in self.requests if url.startswith(f"{origin}/")]
