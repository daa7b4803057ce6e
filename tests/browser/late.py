"""Answers of the inbox's list that come late: they are held back, and let go when newer ones have come."""

from playwright.sync_api import APIResponse, Page, Route

from tests.waits import until

# What htmx wishes, sends and has done with, from now on; an answer that is thrown away has been done with, too.
_COUNT = """() => {
    window.htmxCounted = { wished: 0, sent: 0, done: 0 }
    const count = (event, name) => document.addEventListener(event, () => { htmxCounted[name] += 1 })
    count("htmx:trigger", "wished"), count("htmx:beforeSend", "sent"), count("htmx:afterRequest", "done")
}"""


class Late:
    """The list of one page. `hold` says whether the answers to what is asked now are held back."""

    def __init__(self, page: Page) -> None:
        self.page, self.hold = page, True
        self._held: list[tuple[Route, APIResponse]] = []
        self._seen = 0
        page.wait_for_function("() => !document.querySelector('#inbox-list.htmx-request')")
        page.evaluate(_COUNT)
        page.route("**/inbox/rows?*", self._answer)

    def _answer(self, route: Route) -> None:
        answer = route.fetch()
        self._seen += 1
        if self.hold:
            self._held.append((route, answer))
        else:
            route.fulfill(response=answer)

    def counted(self, name: str) -> int:
        return int(self.page.evaluate("name => htmxCounted[name]", name))

    def wished(self, before: int) -> None:
        """Wait until htmx has heard of a wish, and the hub has answered what it asked because of that, if anything."""
        self.page.wait_for_function("before => htmxCounted.wished > before", arg=before)
        until(lambda: self._seen >= self.counted("sent"))

    def let_go(self) -> None:
        """The answers that were held come, the oldest first; wait until nothing more is on its way."""
        self.hold = False
        for route, answer in self._held:
            route.fulfill(response=answer)
        self.page.wait_for_function("() => htmxCounted.done >= htmxCounted.sent")
