"""Answers of the inbox's list that come late: they are held back, and let go when newer ones have come."""

from playwright.sync_api import APIResponse, Page, Route

from tests.waits import until

# What htmx sends and has done with, from a moment on at which nothing is on its way; an answer that is thrown away has
# been done with, too. Requests are marked, so that what was sent earlier is not counted on either side.
_COUNT = """() => {
    if (document.querySelector("#inbox-list.htmx-request")) return false
    window.htmxCounted = { sent: 0, done: 0 }
    document.addEventListener("htmx:configRequest", ({ detail }) => { detail.headers["X-Counted"] = "yes" })
    const count = (event, name) => document.addEventListener(event, ({ detail }) => {
        if (detail.requestConfig.headers["X-Counted"]) htmxCounted[name] += 1
    })
    count("htmx:beforeSend", "sent")
    count("htmx:afterRequest", "done")
    return true
}"""


class Late:
    """The list of one page. `hold` says whether the answers to what is asked now are held back."""

    def __init__(self, page: Page) -> None:
        self.page, self.hold = page, False
        self._held: list[tuple[Route, APIResponse]] = []
        self._seen = 0
        page.route("**/inbox/rows?*", self._answer)
        page.wait_for_function(_COUNT)

    def _answer(self, route: Route) -> None:
        answer = route.fetch()
        self._seen += "x-counted" in route.request.headers
        if self.hold:
            self._held.append((route, answer))
        else:
            route.fulfill(response=answer)

    def asked(self) -> None:
        """Wait until the hub has answered whatever has been sent until now."""
        until(lambda: self._seen >= self.page.evaluate("htmxCounted.sent"))

    def let_go(self) -> None:
        """The answers that were held come, the oldest first; wait until nothing more is on its way."""
        self.hold = False
        for route, answer in self._held:
            route.fulfill(response=answer)
        self.page.wait_for_function("() => htmxCounted.done >= htmxCounted.sent")
