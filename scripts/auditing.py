"""What scripts/audit does: asks a public list of known holes for all pinned packages, ours and those of browsers."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator

from scripts.environment import ROOT

_LIST = "https://api.osv.dev/v1/querybatch"
_TIMEOUT_S = 30
Package = tuple[str, str, str]      # where it is from, name, version


def main(arguments: list[str]) -> int:
    """0 when there is none, or nobody could be asked; 1 when a package has one. Another list may be named."""
    packages = sorted(set(pinned()))
    try:
        holes = _holes(packages, *arguments)
    except (OSError, ValueError, KeyError) as error:
        print(f"audit: left out, the list of known holes cannot be reached ({type(error).__name__}).")
        return 0
    for (place, name, version), ids in holes.items():
        print(f"audit: {name} {version} ({place}): {', '.join(ids)}")
    print(f"audit: {len(packages)} packages, {len(holes)} with known holes.")
    return 1 if holes else 0


def pinned() -> Iterator[Package]:
    """Of the program and its tests, of the pages, of the tools that build the widget."""
    for lock in ("requirements.txt", "tests/requirements.txt"):
        for name, version in re.findall(r"^([\w.-]+)(?:\[.*\])?==([\w.!+-]+)", (ROOT / lock).read_text(), re.MULTILINE):
            yield "PyPI", name, version
    for entry in json.loads((ROOT / "static/vendor/manifest.json").read_text()):
        yield "npm", entry["package"], entry["version"]
    for name, version in json.loads((ROOT / "widget/package.json").read_text())["devDependencies"].items():
        yield "npm", name, version


def _holes(packages: list[Package], where: str = _LIST) -> dict[Package, list[str]]:
    """The names of each package's holes; raises OSError, ValueError or KeyError when the list says something else."""
    queries = [{"package": {"ecosystem": place, "name": name}, "version": version} for place, name, version in packages]
    asked = urllib.request.Request(where, json.dumps({"queries": queries}).encode(),
                                   {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=_TIMEOUT_S) as answer:
        results = json.loads(answer.read())["results"]
    return {package: [hole["id"] for hole in result["vulns"]]
            for package, result in zip(packages, results, strict=True) if result.get("vulns")}
