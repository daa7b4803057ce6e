"""Chromium, two stacks at most, and people: visitor() opens the shop, operator() the inbox."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat import Chat
from tests.browser.inbox import Inbox
from tests.browser.stack import Stack, running
from tests.browser.witness import Witness
from tests.chromium import launched
from tests.fakes import FakeProcess
from tests.waits import STUCK_S

DESK = {"width": 1440, "height": 900}
_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Of this package only: the widget's and the shop's own tests have one, too."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def quoting_stack(browser: Browser, tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Stack]:
    """Parley without a key: it answers by quoting."""
    with running(tmp_path_factory.mktemp("quoting"), database_url) as stack:
        yield stack


@pytest.fixture(scope="package")
def model(browser: Browser) -> Iterator[FakeProcess]:
    """The model behind `writing_stack`."""
    with FakeProcess() as fake:
        yield fake


@pytest.fixture(scope="package")
def writing_stack(model: FakeProcess, tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Stack]:
    """Parley with a model: it writes its answers, and they are seen while they grow."""
    with running(tmp_path_factory.mktemp("writing"), database_url, OPENAI_API_KEY="sk-tests",
                 OPENAI_BASE_URL=model.openai_url) as stack:
        yield stack


@pytest.fixture
def stack(quoting_stack: Stack) -> Stack:
    """What `visitor` and `operator` use; a module may choose the other one."""
    return quoting_stack


@pytest.fixture
def browse(browser: Browser, stack: Stack, request: pytest.FixtureRequest,
           tmp_path: Path) -> Iterator[Callable[..., Witness]]:
    """browse(locale="ru-RU", …): a browser of one's own. At the end no witness may have a complaint."""
    everybody: list[Witness] = []

    def browse(**options: Any) -> Witness:
        context = browser.new_context(**{"timezone_id": "Europe/Moscow", **options})
        context.set_default_timeout(STUCK_S * 1000)
        everybody.append(Witness(context, stack.own))
        return everybody[-1]

    yield browse
    failed = request.node.stash.get(_FAILED, False)
    complaints = [text for witness in everybody for text in witness.complaints]
    if failed or complaints:
        _photograph(everybody, tmp_path)
    for witness in everybody:
        witness.context.close()
    assert failed or complaints == []


def _photograph(everybody: list[Witness], folder: Path) -> None:
    for person, witness in enumerate(everybody):
        for tab, page in enumerate(witness.context.pages):
            path = folder / f"person{person}-tab{tab}.png"
            page.screenshot(path=path)
            print(f"what {page.url} looked like: {path}; complaints: {witness.complaints}")


@pytest.fixture
def visitor(browse: Callable[..., Witness], stack: Stack) -> Callable[..., Chat]:
    """visitor("en", path="/delivery/", viewport=…): somebody new in the shop; the chat is not open yet."""
    def visitor(language: str = "ru", path: str = "/", **options: Any) -> Chat:
        witness = browse(locale={"ru": "ru-RU", "en": "en-GB"}[language], **options)
        page = witness.context.new_page()
        page.goto(f"{stack.shop}/{language}{path}")
        chat = Chat(page, language, witness, stack.hub)
        expect(chat.launcher).to_be_visible()
        return chat
    return visitor


@pytest.fixture
def operator(browse: Callable[..., Witness], stack: Stack) -> Callable[..., Inbox]:
    """operator(): Ilya, signed in, with the list in front of him."""
    def operator(**options: Any) -> Inbox:
        witness = browse(locale="ru-RU", **{"viewport": DESK, "storage_state": stack.signed_in, **options})
        inbox = Inbox(witness.context.new_page(), stack.hub, witness)
        if stack.signed_in is None:
            sign_in(inbox, stack)
            stack.signed_in = witness.context.storage_state()
        return inbox.visit()
    return operator


def sign_in(inbox: Inbox, stack: Stack) -> None:
    """Through the form, as a person does."""
    inbox.page.goto(f"{stack.hub}/inbox")
    inbox.page.get_by_label("Почта").fill(stack.operator["email"])
    inbox.page.get_by_label("Пароль").fill(stack.operator["password"])
    inbox.page.get_by_role("button", name="Войти").click()
    inbox.page.wait_for_url("**/inbox")
