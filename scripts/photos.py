"""What scripts/screenshots does: visitors write, an operator looks on, and docs/*.png shows what they see.

It starts nothing itself: the demo whose ready file it is given gains half a dozen conversations.
"""

import argparse
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts import StartError, chromium, one_sentence
from scripts.options import ROOT

# Name, page, and what each visitor writes: some of it the articles answer, some of it waits for a person.
VISITORS = (
    ("Олег Тарасов", "/ru/delivery/", ["Вы отправляете в Казахстан?"]),
    ("Daniel Brooks", "/en/delivery/", ["Can I pay in cash?"]),
    ("Ника", "/ru/catalogue/tents-sleep/", ["Есть ли у вас палатки цвета фуксии?"]),
    ("Павел Рябинин", "/ru/items/portage-55-backpack/", ["Позовите, пожалуйста, человека"]),
)
TAKEN, REPLY = "Павел Рябинин", "Здравствуйте, Павел! Отложил для вас «Волок 55» в Петрозаводске до пятницы."
SEEN = ("Марина Белова", "/ru/help/gift-cards/", ["Добрый день! Сколько стоит доставка в Новосибирск?",
                                                  "Сколько действует подарочная карта?"])
QUESTION = "Сколько стоит доставка в Новосибирск?"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/screenshots", description=__doc__)
    parser.add_argument("--ready", metavar="FILE", required=True, type=Path, help="the ready file of a running demo")
    parser.add_argument("--to", metavar="DIR", type=Path, default=ROOT / "docs", help="where the pictures go")
    wanted = parser.parse_args()
    with one_sentence():
        addresses, program = _told(wanted.ready), _chromium()
        wanted.to.mkdir(exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=chromium.FLAGS)
            shop(browser, addresses, wanted.to / "shop.png")
            inbox(browser, addresses, wanted.to / "inbox.png")
            browser.close()
    return 0


def _told(ready: Path) -> dict[str, Any]:
    try:
        addresses: dict[str, Any] = json.loads(ready.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StartError(f"{ready} is no ready file ({error}); start with scripts/run --ready-file {ready}.") from None
    if not addresses.get("shop"):
        raise StartError("That Parley runs without its demo; start it without --no-demo.")
    return addresses


def _chromium() -> str:
    found = chromium.program()
    if found is None:
        raise StartError("There is no Chromium here (on Debian: apt install chromium).")
    return found


def _context(browser: Browser, width: int, height: int) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="ru-RU",
                                  timezone_id="Europe/Moscow", reduced_motion="reduce", color_scheme="light")
    context.set_default_timeout(30_000)
    return context


def shop(browser: Browser, addresses: dict[str, Any], path: Path) -> None:
    """The demo shop with the chat open: a question in Russian, an answer with its source."""
    page = _context(browser, 1280, 800).new_page()
    page.goto(f"{addresses['shop']}/ru/")
    page.get_by_role("button", name="Открыть чат").click()
    page.get_by_label("Напишите сообщение…").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".sources")).to_be_visible()
    _photograph(page, path)


def inbox(browser: Browser, addresses: dict[str, Any], path: Path) -> None:
    """The inbox with a conversation that the AI has, and why it answered so."""
    page = _context(browser, 1440, 900).new_page()
    _sign_in(page, addresses)
    ids = {name: _write(page, addresses, name, where, lines) for name, where, lines in (*VISITORS, SEEN)}
    page.goto(f"{addresses['hub']}/inbox/{ids[TAKEN]}")
    page.get_by_role("button", name="Взять диалог").click()
    page.locator("#reply-text").fill(REPLY)
    page.keyboard.press("Enter")
    expect(page.locator(".message-operator")).to_have_count(1)
    page.locator(f'a[data-row="{ids[SEEN[0]]}"]').click()
    expect(page.get_by_role("heading", level=2, name=SEEN[0]).first).to_be_visible()
    page.get_by_role("link", name="Почему?").last.click()
    expect(page.locator("#why .source").first).to_be_visible()
    page.mouse.move(700, 600)       # away from the link, which would be underlined
    _photograph(page, path)


def _sign_in(page: Page, addresses: dict[str, Any]) -> None:
    page.goto(f"{addresses['hub']}/auth/login")
    page.get_by_label("Почта").fill(addresses["operator"]["email"])
    page.get_by_label("Пароль").fill(addresses["operator"]["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox")


def _write(page: Page, addresses: dict[str, Any], name: str, where: str, lines: list[str]) -> str:
    """A visitor writes line after line, each after the answer to the one before; the conversation's id."""
    def call(method: str, path: str, token: str = "", data: Any = None) -> Any:
        response = page.request.fetch(f"{addresses['hub']}{path}", method=method, data=data, headers={
            "Origin": addresses["shop"], "Authorization": f"Bearer {token}"})
        if not response.ok:
            raise StartError(f"The hub refuses {method} {path}: {response.text()}")
        return response.json()

    token = call("POST", "/widget/session", data={"site": addresses["site"]})["visitorToken"]
    seen = 0
    for line in lines:
        sent = call("POST", "/widget/messages", token, {
            "clientId": str(uuid4()), "text": line, "visitor": {"name": name},
            "page": {"url": addresses["shop"] + where, "title": "Варака"}})
        for _ in range(100):
            found = [one for one in call("GET", "/widget/messages", token)["messages"] if one["role"] != "customer"]
            if len(found) > seen:
                break
            page.wait_for_timeout(100)
        seen = len(found)
    return str(sent["conversation"]["id"])


def _photograph(page: Page, path: Path) -> None:
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(800)      # what moves comes to rest
    page.screenshot(path=path)
    print(f"{path}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    raise SystemExit(main())
