"""The chat as it will look, ready to draw: colours as the widget works them out, its words broken into lines."""

import re
import textwrap
from dataclasses import dataclass

from hub.channels.website import Config
from hub.lib import colors, text
from hub.lib.json_types import Values
from hub.pages.kit.form import Form, Model

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
# The widget's own surfaces, text and quiet text: widget/chat/styles/base.css.
_LIGHT, _DARK = ("#ffffff", "#f2f4f7", "#14171f", "#5c6473"), ("#16181d", "#23262e", "#eceef3", "#a2a9b8")
_OWN_WORDS = {"ru": ("Спросите о чём угодно", "Здравствуйте!", "Сколько стоит доставка?", "Напишите сообщение…"),
              "en": ("Ask us anything", "Hello!", "How much is the delivery?", "Write a message…")}


@dataclass(frozen=True)
class Preview:
    """What the template needs to draw one chat; colours are SVG attributes, which the strict policy allows."""

    panel: str
    soft: str
    ink: str
    muted: str
    fill: str
    on_fill: str
    is_left: bool
    title: str
    subtitle: str
    greeting: list[str]
    question: str
    write: str


def of(form: Form[Model], saved: Values, business: str) -> Preview:
    """What is typed; for what is wrong in it, what is saved."""
    def value(name: str) -> str:
        return str(saved[name] if form[name].error else form[name].value)

    locale = value("locale") if value("locale") in _OWN_WORDS else "ru"
    panel, soft, ink, muted = _DARK if value("theme") == "dark" else _LIGHT
    color = next(filter(_COLOR.fullmatch, (value("color"), str(saved["color"]))), Config().color)
    fill, on_fill = colors.brand_on(panel, color)
    subtitle, greeting, question, write = _OWN_WORDS[locale]
    typed = {part: text.one_line(str(form[f"texts.{locale}.{part}"].value))
             for part in ("title", "subtitle", "greeting")}
    return Preview(panel, soft, ink, muted, fill, on_fill, value("position") == "left",
                   text.shorten(typed["title"] or business, 26), text.shorten(typed["subtitle"] or subtitle, 36),
                   textwrap.wrap(typed["greeting"] or greeting, 30, max_lines=4, placeholder="…"), question, write)
