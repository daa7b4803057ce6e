"""What the search of the settings finds: the menu's pages, their headings and the fields of their forms, read from what
draws them, in every language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from flask import current_app, url_for
from flask_babel import force_locale, gettext

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.ai.stems import STOP_WORDS, stems
from hub.lib import text
from hub.models.channels.channel import Channel
from hub.pages import kit
from hub.pages.kit import fields
from hub.pages.kit.settings import TOLD
from hub.pages.nav import ENTRIES, under

_TITLE = re.compile(r'block title %}{{ _\("(.+?)"\) }}')
_LEDE = re.compile(r'class="lede">{{ _\("(.+?)"\) }}')
_HEADING = re.compile(r'(?:id="([\w-]+)"[^>]*>\s*<header class="card-head">)?<h2>{{ _\("(.+?)"\) }}</h2>')
_PART = re.compile(r'{% include "(.+?)" %}')
_SITE = "<site>"
_MOST, _MOST_WORDS = 20, 12


@dataclass(frozen=True)
class Item:
    """Something to be found; texts are in English, `page` is its menu entry."""

    page: str
    permission: Permission
    title: str
    help: str = ""
    address: str = ""
    section: str = ""
    others: tuple[str, ...] = ()

    @property
    def is_page(self) -> bool:
        return "#" not in self.address


@dataclass(frozen=True)
class Found:
    title: str
    where: str
    help: str
    url: str


def find(caller: UserCaller, asked: str) -> list[Found]:
    """What fits best first: items with as many of the words as any item has."""
    needles = [next(iter(stems(word)), word) for word in text.words(asked, _MOST_WORDS) if word not in STOP_WORDS]
    fits = [(*_fit(item, needles), item) for item in _items() if _may(caller, item)]
    most = max((count for count, _, _ in fits), default=0)
    whole = text.fold(asked)
    best = sorted((fit for fit in fits if fit[0] == most > 0), key=lambda fit: (whole not in _titles(fit[2]), -fit[1]))
    return [_found(caller, item) for _, _, item in best[:_MOST]]


def told() -> dict[str, str]:
    """What each page of the menu says of itself, by its endpoint; where it says nothing, its headings."""
    headings: dict[str, list[str]] = {}
    for item in _items():
        if not (item.is_page or item.section or item.others):
            headings.setdefault(item.page, []).append(gettext(item.title))
    return {item.page: gettext(item.help) if item.help else ", ".join(headings.get(item.page, []))
            for item in _items() if item.is_page}


def _found(caller: UserCaller, item: Item) -> Found:
    group, label = _places()[item.page]
    where = [one for one in (group, label if item.title != label else "", item.section) if one]
    return Found(gettext(item.title), " › ".join(map(gettext, where)), gettext(item.help) if item.help else "",
                 _address(caller, item.address))


def _address(caller: UserCaller, address: str) -> str:
    """Of a row's page: that of the business's only site, else the list of the rows."""
    sites = list(Channel.of(caller.tenant).where(Channel.kind == "website").limit(2)) if _SITE in address else []
    return address.replace(_SITE, str(sites[0].uuid)) if len(sites) == 1 else address.partition("/<")[0]


def _may(caller: UserCaller, item: Item) -> bool:
    return caller.may(item.permission) and caller.may(_permissions()[item.page])


def _fit(item: Item, needles: list[str]) -> tuple[int, int]:
    """(how many of the words it has, how much they weigh); nothing for what only its page says."""
    weights = [max((weight for weight, words in _words(item) if any(word.startswith(needle) for word in words)),
                   default=0) for needle in needles]
    is_own = any(weight > 1 for weight in weights)
    return (sum(1 for weight in weights if weight), sum(weights)) if is_own else (0, 0)


@cache
def _titles(item: Item) -> frozenset[str]:
    """Its title in every language, of a page the heading as well."""
    return frozenset(text.fold(said) for said in _said((item.title, *item.others[:1])))


@cache
def _words(item: Item) -> tuple[tuple[int, frozenset[str]], ...]:
    """Its words by what they weigh."""
    texts = (9 if item.is_page else 8, (item.title,)), (5, item.others), (3, (item.section,)), (2, (item.help,)), \
        (1, _places()[item.page])
    return tuple((weight, frozenset(_folded(said))) for weight, said in texts)


def _folded(texts: Iterable[str]) -> Iterator[str]:
    for said in _said(texts):
        yield from text.words(said)
        yield from stems(said)


def _said(texts: Iterable[str]) -> Iterator[str]:
    """The texts in every language."""
    for locale in kit.LOCALES:
        with force_locale(locale):
            yield from map(gettext, filter(None, texts))


@cache
def _places() -> dict[str, tuple[str, str]]:
    return {entry[0]: (group, entry[1]) for group, entries in ENTRIES for entry in entries}


@cache
def _permissions() -> dict[str, Permission]:
    return {entry[0]: entry[3] for _, entries in ENTRIES for entry in entries}


@cache
def _items() -> tuple[Item, ...]:
    """Every page with its headings, then every field; the first one of a title on a page counts."""
    found: dict[tuple[str, str], Item] = {}
    for item in (*_pages(), *_forms()):
        found.setdefault((item.address.partition("#")[0], item.title), item)
    return tuple(found.values())


def _pages() -> Iterator[Item]:
    for group, entries in ENTRIES:
        for endpoint, label, _, permission, *others in entries:
            if not (group or others):       # the inbox, and the settings themselves
                continue
            source = _source(endpoint)
            title, lede = TOLD.get(endpoint.partition(".")[0]) or (_first(_TITLE, source), _first(_LEDE, source))
            url = url_for(endpoint)
            yield Item(endpoint, permission, label, lede, url, others=(title, *others))
            for anchor, heading in _HEADING.findall(source):
                yield Item(endpoint, permission, heading, address=f"{url}#{anchor}")


def _forms() -> Iterator[Item]:
    addresses = {endpoint: url_for(endpoint) for endpoint in _places()}
    shown = {path: path for method, path, _ in kit.PAGES if method == "GET"}
    for path, permission, model in kit.FORMS:
        page = under(path, addresses)
        for section, help, spec in _specs(model) if page else ():
            address = f"{under(path, shown)}#{spec.name}"
            yield Item(page or "", permission, spec.title, spec.help, address, section, (help,))


def _specs(model: type[fields.BaseModel]) -> Iterator[tuple[str, str, fields.Spec]]:
    """(its section's title, the section's help, a field)."""
    sections = {name: part for part in getattr(model, "SECTIONS", ()) for name in part.fields}
    for spec in fields.specs(model):
        part = sections.get(spec.name)
        if spec.kind != "hidden":
            yield part.title if part else "", part.help if part else "", spec


def _source(endpoint: str) -> str:
    """The template of a page with its parts: the file that is named as the module, or as the view."""
    name, _, view = endpoint.partition(".")
    module = current_app.blueprints[name].import_name.removeprefix("hub.pages.").replace(".", "/")
    area = module.partition("/")[0]
    return _read(f"pages/{module}.html" if view in ("index", "show") else f"pages/{area}/{view}.html")


def _read(name: str) -> str:
    loader = current_app.jinja_env.loader
    if loader is None or name not in current_app.jinja_env.list_templates():
        return ""
    source = loader.get_source(current_app.jinja_env, name)[0]
    return _PART.sub(lambda part: _read(part[1]), source)


def _first(pattern: re.Pattern[str], source: str) -> str:
    found = pattern.search(source)
    return found[1] if found else ""
