"""The last look at a model's answer: what its sources do not bear out is not said."""

import re
from collections.abc import Iterator, Sequence

from hub.ai import markdown, prompts

LONGEST = 3_000

_GAP = "[\u00a0\u202f\u2009 ]"
_FIGURE = rf"(?:\d{{1,3}}(?:{_GAP}\d{{3}}){{1,5}}(?!\d)(?:[.,]\d{{1,9}})?|\d{{1,18}}(?:[.,]\d{{1,9}}){{0,4}})"
_NUMBER = re.compile(rf"\d{{1,2}}:\d\d|{_FIGURE}")
_PERCENT = re.compile(rf"(?:({_FIGURE}){_GAP}?[–—-]{_GAP}?)?({_FIGURE}){_GAP}?(?:%|процент|percent)", re.I)
_PHONE = re.compile(r"\+?\d(?:[\s\u00a0().-]{0,2}\d){8,14}")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# With a scheme, with www., or anything that looks like a host: a person would type it into a browser all the same.
_LINK = re.compile(r"(?:[a-z][a-z0-9+.-]{0,20}://|(?:javascript|data|vbscript|file|mailto|tel):|www\.)[^\s<>\"'»”)\]]+"
                   r"|(?<![\w.-])(?:[\w-]+\.)+(?:[a-z]{2,24}|рф)\b(?:[/:?#][^\s<>\"'»”)\]]*)?", re.I)
_MARKUP = re.compile(r"!\[|\]\(|^[ \t]*\[[^\]\[]{1,200}\]:\s|</?[a-z][^<>]{0,2000}>", re.I | re.M)
_SECRET = re.compile(r"\b[spr]k[-_][A-Za-z0-9_-]{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}"
                     r"|\bBearer\s+[\w.~+/-]{16,}|\b\d{8,10}:[A-Za-z0-9_-]{34,}|\beyJ[\w-]{8,}\.[\w-]{8,}|-----BEGIN ")
_CURRENCIES = {"rub": r"₽|\bруб(?:\b|л)|\d\s?р\.|\brub\b|\brou?bles?\b", "usd": r"\$|\busd\b|доллар|\bdollars?\b",
               "eur": r"€|\beur\b|\beuros?\b|\bевро\b", "kzt": r"₸|\bтенге\b|\btenge\b|\bkzt\b",
               "byn": r"\bбел\. ?руб|\bbyn\b", "uah": r"₴|гривн|гривен|\buah\b", "gbp": r"£|\bgbp\b|фунт"}
_LIST_MARK = re.compile(r"^[ \t]*\d{1,2}[.)]\s+", re.M)
_FULL_HOUR = re.compile(r"\b(\d{1,2})[:.]00\b")
# A source may spell out what the answer writes as a figure.
_SPELLED = {
    1: "один одна одно одного одной one", 2: "два две двух двумя two", 3: "три трех тремя three",
    4: "четыре четырех four", 5: "пять пяти five", 6: "шесть шести six", 7: "семь семи seven",
    8: "восемь восьми eight", 9: "девять девяти nine",
    10: "десять десяти ten", 12: "двенадцать двенадцати twelve", 24: "круглосуточно", 100: "сто ста hundred",
}
_FIGURES = {word: str(figure) for figure, words in _SPELLED.items() for word in words.split()}


def problems(text: str, sources: Sequence[str], question: str = "") -> list[str]:
    """Codes of what is wrong, each once; with an empty list the text may be sent.

    `email`, `link`, `phone`, `percent`, `number`, `currency`: it stands neither in the cited sources nor in the
    question. `markup`: an image, a link target or HTML. `secret`: it looks like a key or repeats the instructions.
    `too_long`: over 3,000 characters.
    """
    known = "\n".join((*sources, question))
    said, borne_out = _facts(text), _facts(known)
    found = [code for code in ("email", "phone", "percent", "currency") if said[code] - borne_out[code]]
    if any(not _is_known(link, borne_out["link"]) for link in said["link"]):
        found.append("link")
    if _has_new_number(_LIST_MARK.sub("", text), known):
        found.append("number")
    checks = {"markup": bool(_MARKUP.search(text)), "secret": _is_secret(text), "too_long": len(text) > LONGEST}
    return found + [code for code, is_wrong in checks.items() if is_wrong]


def clean(text: str) -> str:
    """The answer as plain text, without Markdown and without source numbers in brackets."""
    return markdown.plain(text)


def _facts(text: str) -> dict[str, set[str]]:
    """What can be checked, by the code of its check, each in one spelling."""
    rest = _EMAIL.sub(" ", text)
    return {"email": {found.lower().rstrip(".") for found in _EMAIL.findall(text)},
            "link": {_address(found) for found in _LINK.findall(rest)},
            "phone": {re.sub(r"\D", "", found)[-10:] for found in _PHONE.findall(_LINK.sub(" ", rest))},
            "percent": {sorted(_meanings(figure))[0] for pair in _PERCENT.findall(text) for figure in pair if figure},
            "currency": {name for name, pattern in _CURRENCIES.items() if re.search(pattern, text, re.I)}}


def _address(link: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", link.lower()).rstrip("/.,;:!?")


def _is_known(link: str, known: set[str]) -> bool:
    """The same address, or the beginning of one: a longer one could carry something away."""
    return any(other == link or other.startswith((f"{link}/", f"{link}?", f"{link}#")) for other in known)


def _has_new_number(text: str, known: str) -> bool:
    words = re.findall(r"[^\W\d_]+", known.lower().replace("ё", "е"))
    figures = {_FIGURES[word] for word in words if word in _FIGURES}
    figures.update(*_numbers(_without_addresses(known)))
    return any(not meanings & figures for meanings in _numbers(_without_addresses(text)))


def _without_addresses(text: str) -> str:
    """Without what has checks of its own: a phone number may be written with 8 or +7."""
    for pattern in (_EMAIL, _LINK, _PHONE):
        text = pattern.sub(" ", text)
    return text


def _numbers(text: str) -> Iterator[set[str]]:
    """What each number may mean: 12,500 is twelve and a half or twelve thousand five hundred. 10:00 is 10."""
    for found in _NUMBER.findall(_FULL_HOUR.sub(r"\1", text)):
        yield _meanings(found)


def _meanings(figure: str) -> set[str]:
    if ":" in figure:
        return {figure.lstrip("0")}
    first, *rest = re.split("[.,]", re.sub(_GAP, "", figure))
    whole = first.lstrip("0") or "0"
    result = {whole + "".join(rest)} if rest and all(len(part) == 3 for part in rest) else set()
    if len(rest) > 1:
        result.add(".".join([whole, *rest]))
    elif rest and (fraction := rest[0].rstrip("0")):
        result.add(f"{whole}.{fraction}")
    return result or {whole}


def _is_secret(text: str) -> bool:
    plain = " ".join(text.lower().split())
    return bool(_SECRET.search(text)) or prompts.MARK in text or any(
        sentence in plain for sentence in prompts.instructions())
