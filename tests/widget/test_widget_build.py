"""The committed widget: built from these sources, within its weight, and fit for a page with a strict policy."""

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "static" / "widget"
BUILD = [sys.executable, str(ROOT / "scripts" / "build_widget")]
KIB = 1024
BUDGET = {"loader.js": 3 * KIB, "chat.en.js": 20 * KIB, "chat.ru.js": 20 * KIB}
# What a strict Content-Security-Policy refuses, and what would turn a person's text into markup.
FORBIDDEN = {
    "eval": r"\beval\s*\(",
    "code from text": r"\bnew Function\b|set(Timeout|Interval)\(\s*[\"'`]",
    "markup from text": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser",
    "inline style": r"setAttribute\(\s*[\"'`]style|createElement\(\s*[\"'`]style|cssText",
    "cookies": r"document\.cookie",
    "a foreign address": r"https?://(?!www\.w3\.org/2000/svg)[a-z0-9-]+\.[a-z]",
    "debugging left in": r"debugger|console\.(log|debug)",
    "a message to any window": r"postMessage",
}


def built(name: str) -> str:
    return (BUILT / name).read_text(encoding="utf-8")


def sources() -> list[Path]:
    return sorted(path for path in (ROOT / "widget").rglob("*") if path.suffix in {".js", ".css"})


def test_the_built_files_are_fresh() -> None:
    check = subprocess.run([*BUILD, "--check"], capture_output=True, text=True)
    assert check.returncode == 0, f"run scripts/build_widget:\n{check.stdout}"


def test_the_check_notices_a_changed_source_and_a_changed_result(tmp_path: Path) -> None:
    for name in ("widget", "static/widget"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "scripts").mkdir()
    shutil.copy(BUILD[1], tmp_path / "scripts")
    check = [sys.executable, str(tmp_path / "scripts" / "build_widget"), "--check"]
    assert subprocess.run(check, capture_output=True).returncode == 0
    with (tmp_path / "widget/chat/state.js").open("a") as source:
        source.write("// changed\n")
    (tmp_path / "static/widget/loader.js").write_text("other")
    said = subprocess.run(check, capture_output=True, text=True)
    assert said.returncode == 1
    assert said.stdout.splitlines() == ["widget/chat/state.js changed since the last build",
                                        "static/widget/loader.js is not the file that was built"]


def test_a_build_gives_the_committed_files_byte_for_byte(tmp_path: Path) -> None:
    tools = json.loads(built("manifest.json"))["tools"]
    home = ROOT / ".cache" / "widget" / "+".join(f"{tool}@{version}" for tool, version in tools.items())
    if not home.exists() or not shutil.which("node"):
        pytest.skip("the pinned tools are not here: scripts/build_widget fetches them")
    subprocess.run([*BUILD, str(tmp_path)], check=True, capture_output=True)
    for name in (*BUDGET, "manifest.json"):
        assert (tmp_path / name).read_bytes() == (BUILT / name).read_bytes(), name


@pytest.mark.parametrize("name", BUDGET)
def test_a_file_keeps_its_weight(name: str) -> None:
    weight = len(gzip.compress((BUILT / name).read_bytes(), 9))
    assert weight <= BUDGET[name], f"{name} is {weight - BUDGET[name]} bytes too heavy"


def test_the_manifest_tells_the_true_weights() -> None:
    facts = json.loads(built("manifest.json"))["built"]
    assert set(facts) == set(BUDGET)
    for name, fact in facts.items():
        assert fact["bytes"] == (BUILT / name).stat().st_size
        # Another zlib packs a little differently.
        assert fact["gzip"] == pytest.approx(len(gzip.compress((BUILT / name).read_bytes(), 9)), rel=0.02)


def test_the_loader_names_the_chats_as_the_hub_names_static_files() -> None:
    facts = json.loads(built("manifest.json"))["built"]
    for name in ("chat.en.js", "chat.ru.js"):
        assert facts[name]["sha256"][:16] in built("loader.js"), "else browsers could not keep it for ever"


@pytest.mark.parametrize("name", BUDGET)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_built_file_holds_nothing_that_a_strict_page_refuses(name: str, what: str) -> None:
    found = re.search(FORBIDDEN[what], built(name))
    assert found is None, f"{what}: {built(name)[max(0, found.start() - 60):found.end() + 60]}"


@pytest.mark.parametrize("sample", [
    'eval("1")', "new Function('a')", "setTimeout('x()', 1)", "node.innerHTML = text", 'el.setAttribute("style", x)',
    "document.createElement('style')", "document.cookie", "fetch('https://cdn.example.com/x')", "console.log(token)",
])
def test_the_patterns_find_what_they_are_for(sample: str) -> None:
    assert any(re.search(pattern, sample) for pattern in FORBIDDEN.values())


def test_the_loader_can_stand_in_a_page_of_any_encoding() -> None:
    assert built("loader.js").isascii()


def test_the_chat_of_a_language_speaks_that_language() -> None:
    assert "Напишите сообщение" in built("chat.ru.js")
    assert not re.search("[а-яё]", built("chat.en.js"), re.IGNORECASE)


def test_every_source_says_in_its_first_line_what_lives_there() -> None:
    for path in sources():
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith(("// ", "/* ")), path


def test_the_tools_are_pinned_exactly_and_nothing_runs_in_the_page_but_our_own_code() -> None:
    package = json.loads((ROOT / "widget" / "package.json").read_text(encoding="utf-8"))
    assert "dependencies" not in package
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in package["devDependencies"].values())
