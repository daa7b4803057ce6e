"""What pages are made of: vendored files, icons, behaviours, colours, templates that a strict CSP accepts."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from scripts import build_icons, build_vendor

ROOT = Path(__file__).resolve().parents[3]
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
MAIL = TEMPLATES / "mail"                       # mail programs know inline styles only
SHEETS = sorted((STATIC / "theme").glob("*.css"))
BEHAVIOURS = sorted((STATIC / "behaviours").glob("*.js"))
# Modules that others import; they are bound to no element.
HELPERS = {"index", "merge", "drafts", "csrf"}


def web_pages() -> list[Path]:
    return [path for path in PAGES if MAIL not in path.parents]


def without_comments(template: Path) -> str:
    return re.sub(r"{#.*?#}", "", template.read_text(), flags=re.S)


# --- vendored files

def manifest() -> list[dict[str, str]]:
    lines: list[dict[str, str]] = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    return lines


@pytest.mark.parametrize("line", manifest(), ids=lambda line: line["name"])
def test_it_ships_exactly_the_bytes_that_the_manifest_names(line: dict[str, str]) -> None:
    data = (STATIC / "vendor" / line["name"]).read_bytes()
    assert sha256(data).hexdigest() == line["sha256"]
    assert line["licence"] and line["version"] and line["package"]


def test_it_ships_no_vendored_file_without_a_line_in_the_manifest() -> None:
    shipped = {path.name for path in (STATIC / "vendor").iterdir()} - {"manifest.json"}
    assert shipped == {line["name"] for line in manifest()}


def test_it_names_in_the_manifest_what_the_build_table_says() -> None:
    told = {(package, version, licence, source, name) for package, (version, licence, files) in
            build_vendor.FILES.items() for source, name in files.items()}
    assert told == {(line["package"], line["version"], line["licence"], line["source"], line["name"])
                    for line in manifest()}


def test_it_asks_for_no_source_map_that_is_not_there() -> None:
    for line in manifest():
        assert b"sourceMappingURL" not in (STATIC / "vendor" / line["name"]).read_bytes(), line["name"]


# --- icons

def sprite() -> set[str]:
    return set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text()))


def words(path: Path) -> set[str]:
    """Every quoted word of a file that could be an icon's name."""
    return set(re.findall(r"""["']([a-z0-9][a-z0-9-]*)["']""", path.read_text()))


def test_it_has_every_icon_that_a_template_or_a_menu_names() -> None:
    called = re.compile(r'\bicon\("([a-z0-9-]+)"')
    for page in PAGES:
        assert set(called.findall(page.read_text())) <= sprite(), page
    menu = (ROOT / "hub" / "pages" / "nav.py").read_text()
    assert set(re.findall(r'gettext\("[^"]*"\), "([a-z0-9-]+)"', menu)) <= sprite()


def test_it_ships_no_icon_that_no_template_names() -> None:
    assert sprite() == set(build_icons.names())
    named = set().union(*(words(page) for page in PAGES))
    assert sprite() - named == set()


# --- behaviours

def test_it_has_a_behaviour_for_every_name_in_the_templates_and_uses_every_behaviour() -> None:
    named: set[str] = set()
    for page in web_pages():
        for attribute in re.findall(r'data-behaviour["=:\s]+"?([a-z -]+)"', without_comments(page)):
            named |= set(attribute.split())
    assert named == {path.stem for path in BEHAVIOURS} - HELPERS


def test_it_lists_every_behaviour_in_the_table_that_binds_them() -> None:
    index = (STATIC / "behaviours" / "index.js").read_text()
    imported = set(re.findall(r'from "\./([a-z-]+)\.js"', index))
    assert imported == {path.stem for path in BEHAVIOURS} - HELPERS


@pytest.mark.parametrize("script", BEHAVIOURS, ids=lambda path: path.stem)
def test_it_keeps_behaviours_small_explained_and_free_of_strings_that_become_code(script: Path) -> None:
    text = script.read_text()
    assert text.startswith("// ")
    assert len(text.splitlines()) <= 80
    risky = r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|\.style\b"
    assert not re.search(risky, text)


# --- a strict content security policy

INLINE = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style[\s>]",
    "a script in the page": r"<script(?![^>]*\ssrc=)[^>]*>",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "an hx-on attribute": r"\shx-on[:-]",
    "a javascript: address": r"javascript:",
    "an expression for htmx to evaluate": r"""["'](?:js:|javascript:)|hx-trigger="[^"]*\[""",
}


@pytest.mark.parametrize("what", INLINE)
def test_it_writes_no_template_with(what: str) -> None:
    # A script tag quoted for a reader to copy is text: it stands in a Jinja string.
    for page in web_pages():
        text = re.sub(r"'<script.*?</script>'", "''", without_comments(page), flags=re.S)
        assert not re.search(INLINE[what], text, re.I), page


def test_it_loads_nothing_from_other_hosts() -> None:
    for page in web_pages():
        tags = re.sub(r"'<script.*?</script>'", "''", without_comments(page), flags=re.S)
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", tags), page
    for sheet in SHEETS:
        assert not re.search(r"""url\(["']?(?:https?:)?//""", sheet.read_text()), sheet
        assert not re.search(r"@import (?!url\()", sheet.read_text()), sheet


def test_it_tells_htmx_to_write_no_styles_and_to_evaluate_nothing() -> None:
    layout = (TEMPLATES / "layout.html").read_text()
    found = re.search(r"""name="htmx-config" content='(.*?)'""", layout, re.S)
    assert found
    config = json.loads(found[1])
    assert config["includeIndicatorStyles"] is False
    assert config["allowEval"] is False
    assert config["selfRequestsOnly"] is True


def test_it_imports_every_stylesheet_and_only_those() -> None:
    imported = re.findall(r'@import url\("([^"]+)"\)', (STATIC / "theme" / "theme.css").read_text())
    assert imported[0] == "../vendor/tabler.min.css"
    assert set(imported[1:]) == {sheet.name for sheet in SHEETS} - {"theme.css"}


# --- colours: text pairs of WCAG 2.2, success criterion 1.4.3 (4.5 : 1)

GROUNDS = ("canvas", "surface", "sunken", "raised")
PAIRS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in (*GROUNDS, "hover")),
    *((f"{name}-ink", ground) for name in ("brand", "ai", "wait", "good", "bad", "info")
      for ground in ("surface", "canvas", f"{name}-soft")),
    ("ink", "ai-soft"), ("ink", "wait-soft"), ("ink", "good-soft"), ("ink", "bad-soft"), ("ink", "info-soft"),
    ("ink", "brand-soft"), ("ink-2", "brand-soft"), ("ink-3", "brand-soft"), ("ai-ink", "brand-soft"),
    ("wait-ink", "brand-soft"), ("brand-on", "brand"), ("brand-on", "brand-hover"), ("bad-on", "bad-fill"),
    *((f"avatar-{number}-ink", f"avatar-{number}") for number in range(8)),
]


def tokens() -> dict[str, tuple[str, str]]:
    """Colour tokens as (light, dark)."""
    text = (STATIC / "theme" / "tokens.css").read_text()
    found = re.findall(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", text)
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    """Relative luminance of sRGB, as WCAG defines it."""
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
    red, green, blue = (linear(int(colour[place:place + 2], 16)) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_it_measures_contrast_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_it_can_be_read(pair: tuple[str, str], theme: str) -> None:
    ink, ground = (tokens()[name][theme == "dark"] for name in pair)
    assert contrast(ink, ground) >= 4.5, f"{ink} on {ground}: {contrast(ink, ground):.2f}"


def test_it_uses_no_colour_token_that_is_not_defined() -> None:
    defined = set(re.findall(r"--([a-z0-9-]+):", "".join(sheet.read_text() for sheet in SHEETS)))
    used = set(re.findall(r"var\(--([a-z0-9-]+)", "".join(sheet.read_text() for sheet in SHEETS)))
    assert {name for name in used - defined if not name.startswith("tblr-")} == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_it_writes_only_declarations_that_a_browser_reads(sheet: Path) -> None:
    """A browser drops a malformed declaration silently; here it is an error."""
    text = re.sub(r'"[^"]*"', "text", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S))
    assert text.count("{") == text.count("}")
    for block in re.findall(r"{([^{}]*)}", text):
        for declaration in filter(None, (part.strip() for part in block.split(";")[:-1] or [block.strip()])):
            assert re.fullmatch(r"(?:--)?[a-z0-9-]+: [^:;]+", declaration), declaration
        assert ";;" not in block.replace(" ", "")


def physical_sides() -> Iterator[tuple[str, str]]:
    # Right-to-left pages need sides by reading direction; the two background places have an [dir="rtl"] twin.
    side = re.compile(r"(?:margin|padding|border)-(?:left|right)|(?<![-\w])(?:left|right):"
                      r"|text-align: (?:left|right)|float:")
    for sheet in SHEETS:
        for line in sheet.read_text().splitlines():
            if side.search(line) and "float: none" not in line:
                yield sheet.name, line.strip()


def test_it_places_things_by_reading_direction() -> None:
    assert list(physical_sides()) == []
