"""Makes static/icons.svg, the one sprite of outline icons, from the npm package @tabler/icons.

    npm install --ignore-scripts --prefix /tmp/npm @tabler/icons@3.51.0
    python -m scripts.build_icons /tmp/npm/node_modules/@tabler/icons

To use another icon, add its name to the table and to the catalogue in templates/pages/platform/theme.html.
"""

import json
import re
import sys
from pathlib import Path

VERSION = "3.51.0"
SPRITE = Path(__file__).parent.parent / "static" / "icons.svg"

ICONS: dict[str, str] = {
    "places": (
        "inbox messages message-chatbot book-2 plug chart-bar users settings credit-card home "
        "bell building-store"
    ),
    "actions": (
        "plus x check search pencil trash copy external-link download upload send refresh "
        "filter dots logout arrow-left arrow-down arrow-up arrow-back-up chevron-down "
        "chevron-right layout-sidebar-right layout-sidebar-left-collapse "
        "adjustments-horizontal keyboard paperclip corner-down-left"
    ),
    "things": (
        "mail phone world map-pin tag clock calendar link file-text quote bulb code key lock "
        "webhook coin user language star"
    ),
    "states": (
        "sparkles headset hand-stop player-pause player-play user-check alert-triangle "
        "alert-circle info-circle circle-check circle-x checks archive history help-circle "
        "mood-smile bolt"
    ),
    "channels": (
        "message-circle brand-telegram brand-whatsapp brand-instagram brand-vk "
        "brand-messenger message-2 device-mobile"
    ),
    "looks": (
        "sun moon device-desktop"
    ),
}
PATH = re.compile(r"<(?:path|circle|rect|line)\b[^>]*?/>")


def names() -> list[str]:
    return sorted(name for group in ICONS.values() for name in group.split())


def symbol(name: str, source: str) -> str:
    """One <symbol>; the empty 24 x 24 square that every source file begins with is left out."""
    shapes = [shape.replace(" />", "/>") for shape in PATH.findall(source) if 'stroke="none"' not in shape]
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>'


def main(package: Path) -> None:
    if (found := json.loads((package / "package.json").read_text())["version"]) != VERSION:
        raise SystemExit(f"@tabler/icons is {found}, this table was chosen from {VERSION}")
    lines = [symbol(name, (package / "icons" / "outline" / f"{name}.svg").read_text()) for name in names()]
    head = '<svg xmlns="http://www.w3.org/2000/svg">'
    about = f"<!-- @tabler/icons {VERSION}, MIT, (c) Pawel Kuna. Made by scripts/build_icons.py. -->"
    SPRITE.write_text("\n".join([head, about, *lines, "</svg>"]) + "\n")
    print(f"{len(lines)} icons in {SPRITE}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
