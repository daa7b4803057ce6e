"""A tab with the widget in it, as the browser tests use it."""


from playwright.sync_api import BrowserContext, Locator, Page


class Visitor:
    """A tab with the widget in it; what the console says is collected."""

    def __init__(self, context: BrowserContext, url: str, said: list[str], path: str = "", script: str = "") -> None:
        self.page: Page = context.new_page()
        self.context, self.url, self.said = context, url, said
        self.page.on("console", lambda message: said.append(message.text))
        self.page.on("pageerror", lambda error: said.append(str(error)))
        if script:
            self.page.add_init_script(script)
        self.go(path)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}/{path}")
        self.find(".launcher").wait_for()

    def find(self, selector: str) -> Locator:
        return self.page.locator(f"parley-widget {selector}")

    def open(self) -> "Visitor":
        self.find(".launcher").click()
        self.find(".panel.open").wait_for()
        return self

    def at_rest(self) -> Locator:
        """The panel, once it has come to rest: while it moves, nothing in it is where it will be."""
        self.find(".panel").evaluate("node => Promise.all(node.getAnimations().map(one => one.finished))")
        return self.find(".panel")

    def write(self, text: str) -> None:
        self.find("textarea").fill(text)
        self.find("textarea").press("Enter")

    def lines(self) -> list[str]:
        """The texts in the list, without the greeting."""
        return [text for text in self.find(".msg:not(.typing) .text").all_inner_texts() if "Я Нова" not in text]

    def status(self) -> str:
        return self.find(".delivery").last.inner_text()

    def heard(self) -> list[str]:
        """What the console said; Playwright only listens while it is asked something."""
        self.page.wait_for_timeout(1)
        return self.said

    def focus(self) -> str:
        return str(self.page.evaluate("(document.activeElement.shadowRoot?.activeElement ?? document.body).className"))

    def kept(self) -> list[str]:
        return list(self.page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage)).sort()"))
