"""Copies the browser libraries we ship from an npm folder into static/vendor and writes its manifest.

    npm install --ignore-scripts --prefix /tmp/npm PACKAGE@VERSION...      (the table below names them)
    python -m scripts.build_vendor /tmp/npm/node_modules

Nothing here runs in production: the files are committed, and a test compares them with the manifest.
"""

import json
import re
import sys
from hashlib import sha256
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "static" / "vendor"

# package -> (version, licence, {file inside the package: our name})
FILES: dict[str, tuple[str, str, dict[str, str]]] = {
    "htmx.org": ("2.0.11", "0BSD", {"dist/htmx.min.js": "htmx.min.js"}),
    "htmx-ext-sse": ("2.2.4", "0BSD", {"dist/sse.min.js": "htmx-ext-sse.min.js"}),
    "idiomorph": ("0.8.0", "0BSD", {"dist/idiomorph-ext.min.js": "idiomorph-ext.min.js"}),
    "@tabler/core": ("1.6.1", "MIT", {"dist/css/tabler.min.css": "tabler.min.css"}),
    "@fontsource-variable/inter": ("5.3.0", "OFL-1.1", {
        "files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
        "files/inter-cyrillic-wght-normal.woff2": "inter-cyrillic.woff2",
        "LICENSE": "inter-LICENSE.txt"}),
    "swagger-ui-dist": ("5.35.0", "Apache-2.0", {
        "swagger-ui-bundle.js": "swagger-ui-bundle.js",
        "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle.js.LICENSE.txt",
        "swagger-ui.css": "swagger-ui.css",
        "LICENSE": "swagger-ui-LICENSE.txt"}),
}
# Source maps are not shipped; a browser's tools would ask for them and log a 404.
SOURCE_MAP = re.compile(rb"\s*(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*")


def check(node_modules: Path, package: str, version: str) -> None:
    found = json.loads((node_modules / package / "package.json").read_text())["version"]
    if found != version:
        raise SystemExit(f"{package} is {found} in {node_modules}, the table says {version}")


def copy(source: Path, name: str) -> str:
    """One file into static/vendor, without its source map; returns its SHA-256."""
    data = source.read_bytes()
    if not name.endswith(".woff2"):
        data = SOURCE_MAP.sub(b"\n", data)
    (VENDOR / name).write_bytes(data)
    return sha256(data).hexdigest()


def main(node_modules: Path) -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    manifest = []
    for package, (version, licence, files) in FILES.items():
        check(node_modules, package, version)
        for source, name in files.items():
            manifest.append({"name": name, "package": package, "version": version, "licence": licence,
                             "source": source, "sha256": copy(node_modules / package / source, name)})
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{len(manifest)} files in {VENDOR}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
